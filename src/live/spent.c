/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What connections carried that are closed, by the groups that they belonged to. */
#include <config.h>

#include "live/spent.h"

#include <string.h>

#include "base/mem.h"
#include "live/frame.h"
#include "live/groups.h"
#include "model/listener.h"

void spent_begin(struct frame *f, const struct frame *before)
{
	struct spent_list *to = &f->spent;
	const struct spent_list *from = before ? &before->spent : NULL;

	to->n = to->n_serving = 0;
	map_clear(&to->by_group);
	if (!from || !from->n)
		return;
	if (to->cap < from->n) {
		to->cap = from->n;
		to->list = mem_resize(to->list, to->cap, sizeof(*to->list));
	}
	memcpy(to->list, from->list, from->n * sizeof(*to->list));
	to->n = from->n;
	for (size_t i = 0; i < to->n; i++)
		map_add(&to->by_group, to->list[i].group, (uint32_t)i, NULL);
}

/* ---- what closed ---- */

static void add_to(struct spent_list *spent, uint64_t group, const struct history *trace, uint8_t n)
{
	uint32_t at = map_get(&spent->by_group, group);
	struct spent *to;

	if (at == MAP_NONE) {
		if (spent->n == SPENT_MAX)
			return;
		at = (uint32_t)spent->n;
		spent->list = mem_grow(spent->list, spent->n, &spent->cap, sizeof(*spent->list));
		spent->list[spent->n++] = (struct spent){ .group = group };
		map_add(&spent->by_group, group, at, NULL);
	}
	to = &spent->list[at];
	for (size_t i = 0; i < HISTORY_LENGTH; i++) {
		uint64_t sum = to->rates[i] + history_rate(trace->codes[i]);

		to->rates[i] = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
	}
	to->n_rates = n > to->n_rates ? n : to->n_rates;
	to->left = HISTORY_LENGTH;
}

static void find_serving(struct spent_list *spent, const struct snapshot *before)
{
	for (size_t i = 0; i < before->n_rows; i++) {
		if (!before->rows[i].serves || !sock_is_serving(before->rows[i].sk))
			continue;
		spent->serving = mem_grow(spent->serving, spent->n_serving, &spent->serving_cap,
					  sizeof(*spent->serving));
		spent->serving[spent->n_serving++] = (uint32_t)i;
	}
}

/* The listener of a connection; of a SO_REUSEPORT group that of the same process. */
static const struct row *listener_of(struct spent_list *spent, const struct snapshot *before,
				     const struct row *row)
{
	const struct row *best = NULL;
	unsigned int best_fit = 0;

	if (!spent->n_serving)
		find_serving(spent, before);
	for (size_t i = 0; i < spent->n_serving; i++) {
		const struct row *one = &before->rows[spent->serving[i]];
		unsigned int fit = 0;

		if (one->sk->local.port == row->sk->local.port)
			fit = 2 * listener_fit(one->sk, row->sk);
		if (fit && row_process(one) == row_process(row))
			fit++;
		if (fit > best_fit) {
			best = one;
			best_fit = fit;
		}
	}
	return best;
}

void spent_add(struct frame *f, const struct frame *before, const struct row_history *history,
	       const struct known_owner *owner)
{
	const struct row *row = &history->row, *listener;
	const struct history *trace;

	/* What documents tell goes by the clocks of their hosts. */
	if (history->trace == MAP_NONE || row->serves || f->snap.n_hosts)
		return;
	trace = &before->traces[history->trace];
	listener = listener_of(&f->spent, &before->snap, row);
	if (listener)
		add_to(&f->spent, frame_id(before, listener), trace, history->n_rates);
	if (owner->pid)
		add_to(&f->spent, group_process_id(owner->pid, owner->start_time), trace,
		       history->n_rates);
	if (sock_has(row->sk, SOCK_HAS_PEER))
		add_to(&f->spent, group_peer_id(row->sk), trace, history->n_rates);
}

/* ---- time ---- */

void spent_end(struct frame *f, unsigned int n)
{
	struct spent_list *spent = &f->spent;
	size_t kept = 0;

	if (!n || !spent->n)
		return;
	map_clear(&spent->by_group);
	for (size_t i = 0; i < spent->n; i++) {
		struct spent *one = &spent->list[i];

		if (one->left <= n)
			continue;
		one->left = (uint8_t)(one->left - n);
		memmove(one->rates, one->rates + n, (HISTORY_LENGTH - n) * sizeof(*one->rates));
		memset(one->rates + HISTORY_LENGTH - n, 0, n * sizeof(*one->rates));
		one->n_rates = (uint8_t)(one->n_rates + n < HISTORY_LENGTH ? one->n_rates + n
									   : HISTORY_LENGTH);
		map_add(&spent->by_group, one->group, (uint32_t)kept, NULL);
		spent->list[kept++] = *one;
	}
	spent->n = kept;
}

void spent_rates(const struct frame *f, uint64_t group, struct rates *rates)
{
	uint32_t at = map_get(&f->spent.by_group, group);
	const struct spent *one;

	if (at == MAP_NONE)
		return;
	one = &f->spent.list[at];
	rates_add(rates, NULL, one->n_rates);
	for (size_t i = 0; i < HISTORY_LENGTH; i++)
		rates->list[i] += one->rates[i];
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What connections carried that are closed, by the groups that they belonged to. */
#include <config.h>

#include "live/spent.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "live/frame.h"
#include "live/groups.h"
#include "model/listener.h"

void spent_begin(struct frame *f, const struct frame *before)
{
	struct spent_list *to = &f->spent;
	const struct spent_list *from = before ? &before->spent : NULL;

	to->n = 0;
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

void spent_listeners_fini(struct spent_listeners *listeners)
{
	map_fini(&listeners->by_port);
	free(listeners->list);
}

static void find_listeners(struct spent_listeners *l, const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->n_rows; i++) {
		const struct row *row = &snap->rows[i];
		struct spent_listener one = { .row = (uint32_t)i, .next = MAP_NONE };
		uint32_t *first;
		bool is_new;

		if (!row->serves || !sock_is_serving(row->sk))
			continue;
		first = map_add(&l->by_port, row->sk->local.port, (uint32_t)l->n, &is_new);
		if (!is_new)
			one.next = *first;
		*first = (uint32_t)l->n;
		l->list = mem_grow(l->list, l->n, &l->cap, sizeof(*l->list));
		l->list[l->n++] = one;
	}
	l->are_found = true;
}

/* Of listeners at one address (SO_REUSEPORT) that of the connection's process, as in the view of ports. */
static const struct row *listener_of(struct spent_listeners *l, const struct snapshot *snap,
				     const struct row *row)
{
	const struct row *best = NULL;
	unsigned int best_fit = 0;

	if (!l->are_found)
		find_listeners(l, snap);
	for (uint32_t at = map_get(&l->by_port, row->sk->local.port); at != MAP_NONE;
	     at = l->list[at].next) {
		const struct row *one = &snap->rows[l->list[at].row];
		unsigned int fit = listener_fit(one->sk, row->sk);

		if (fit > best_fit || (fit && fit == best_fit && rows_share_owner(snap, one, row) &&
				       !rows_share_owner(snap, best, row))) {
			best = one;
			best_fit = fit;
		}
	}
	return best;
}

void spent_add(struct frame *f, const struct frame *before, struct spent_listeners *listeners,
	       const struct row_history *history, const struct known_owner *owner)
{
	const struct row *row = &history->row, *listener;
	const struct history *trace;

	/* What documents tell goes by the clocks of their hosts. */
	if (history->trace == MAP_NONE || row->serves || f->snap.n_hosts)
		return;
	trace = &before->traces[history->trace];
	listener = listener_of(listeners, &before->snap, row);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a frame that a view shows: filtered, counted and sorted. */
#include <config.h>

#include "live/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "live/frame.h"
#include "live/live_columns.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/take.h"

void rows_fini(struct live_rows *rows)
{
	free(rows->list);
	free(rows->all);
	free(rows->room.items);
	problems_fini(&rows->untested);
	*rows = (struct live_rows){ 0 };
}

void rows_forget(struct live_rows *rows)
{
	rows->frame = NULL;
}

static bool is_hidden_by_key(unsigned int shown, const struct sock *sk)
{
	if (shown == SHOW_ALL)
		return false;
	if (sk->proto == PROTO_TCP && !(shown & SHOW_TCP))
		return true;
	if (sk->proto == PROTO_UDP && !(shown & SHOW_UDP))
		return true;
	if (sock_is_serving(sk) || sock_is_forward(sk))
		return !(shown & SHOW_LISTENING);
	return sk->state == SOCK_STATE_ESTABLISHED && !(shown & SHOW_ESTABLISHED);
}

/* A row is shown while its result is pending, but not if it cannot be tested. */
static bool may_match(enum filter_result result)
{
	return result == FILTER_YES || result == FILTER_MAYBE;
}

/*
 * A closed row is shown if the filter passed it while it was open.  If the filter changed since, it is
 * tested by what is remembered: its ends and its owner.
 */
static bool is_ghost_shown(const struct live_rows *rows, const struct rows_choice *by,
			   const struct ghost *ghost, struct snapshot *remembered)
{
	if (by->is_troubled ||
	    (by->now_ms - ghost->history.changed_ms >= FRAME_LINGER_MS && !by->keeps_closed) ||
	    is_hidden_by_key(by->shown, &ghost->sk))
		return false;
	return ghost->passed == by->version ||
	       frame_filter_match(rows->frame, by->filter, remembered, &ghost->history.row) ==
		       FILTER_YES;
}

static void add_ghost(struct live_rows *rows, const struct ghost *ghost)
{
	rows->list[rows->n++] = ghost->history.row;
	if (ghost->history.changed_ms + FRAME_LINGER_MS < rows->expires_ms)
		rows->expires_ms = ghost->history.changed_ms + FRAME_LINGER_MS;
}

static void select_rows(struct live_rows *rows, const struct rows_choice *by)
{
	const struct frame *frame = rows->frame;
	const struct snapshot *snap = &frame->snap;
	struct snapshot remembered = *snap;
	struct name_memo memo = { 0 };
	bool names_owners = by->filter && filter_needs(by->filter) & NEED_OWNERS;
	bool takes_all =
		filter_matches_all(by->filter) && by->shown == SHOW_ALL && !by->is_troubled;

	rows->n = 0;
	rows->expires_ms = UINT64_MAX;
	problems_clear(&rows->untested);
	remembered.memo = &memo;
	for (size_t i = 0; i < rows->n_all; i++) {
		const struct row *row = &rows->all[i];
		const struct ghost *ghost = frame_ghost(frame, row);
		enum filter_result result;

		if (ghost) {
			if (is_ghost_shown(rows, by, ghost, &remembered))
				add_ghost(rows, ghost);
			continue;
		}
		/* Without a look at its socket, which takes long where there are a million. */
		if (takes_all) {
			rows->list[rows->n++] = *row;
			continue;
		}
		if (is_hidden_by_key(by->shown, row->sk) ||
		    (by->is_troubled && !frame_history(frame, row)->watch.bits))
			continue;
		result = frame_filter_match(frame, by->filter, &remembered, row);
		/* With the owner that was seen it may be, and without it not. */
		if (result == FILTER_UNTESTABLE && !frame->scope.is_partial &&
		    filter_match(by->filter, snap, row) == FILTER_UNTESTABLE)
			problems_add_untested(&rows->untested, snap, by->filter, row);
		if (!may_match(result))
			continue;
		rows->list[rows->n++] = *row;
		/* Of one owner there is nothing to choose. */
		if (names_owners && row_process(row) == ROW_NO_PROCESS)
			row_name_owner(&rows->list[rows->n - 1], snap, by->filter);
	}
}

void rows_put_serving_last(struct live_rows *rows)
{
	struct row *serving = NULL;
	size_t n = 0, cap = 0;

	rows->n_flat = rows->n_flat_alive = 0;
	for (size_t i = 0; i < rows->n; i++) {
		struct row row = rows->list[i];

		if (row.serves && sock_is_serving(row.sk)) {
			serving = mem_grow(serving, n, &cap, sizeof(*serving));
			serving[n++] = row;
			continue;
		}
		rows->list[rows->n_flat++] = row;
		rows->n_flat_alive += !frame_ghost(rows->frame, &row);
	}
	if (n)
		memcpy(rows->list + rows->n_flat, serving, n * sizeof(*serving));
	free(serving);
}

static void count_rows(struct live_rows *rows)
{
	struct live_totals *totals = &rows->totals;

	/* Usually nothing is left out. */
	if (rows->n == rows->n_all) {
		*totals = rows->frame->totals;
		rows->fades_ms =
			rows->frame->changed_ms ? rows->frame->changed_ms + FRAME_LINGER_MS : 0;
		return;
	}
	totals_clear(totals);
	rows->fades_ms = 0;
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->list[i];
		const struct row_history *history = frame_history(rows->frame, row);

		if (history->change && history->changed_ms + FRAME_LINGER_MS > rows->fades_ms)
			rows->fades_ms = history->changed_ms + FRAME_LINGER_MS;
		if (history->change == CHANGE_CLOSED)
			continue;
		totals_add(totals, &rows->frame->snap, row, history);
	}
}

static bool is_rate(enum live_special special)
{
	return special == SPECIAL_RX || special == SPECIAL_TX || special == SPECIAL_TRAFFIC ||
	       special == SPECIAL_HISTORY;
}

static uint64_t rate_of(const struct row_history *history, enum live_special which)
{
	if (which == SPECIAL_RX)
		return history->rx;
	return which == SPECIAL_TX ? history->tx : rate_sum(history->rx, history->tx);
}

/* The order of a row by its rate.  Unknown rates are last in either direction. */
struct rate_order {
	const struct frame *frame;
	struct live_order by;
};

static uint64_t rate_key(const void *data, const struct row *row)
{
	const struct rate_order *order = data;
	uint64_t value = rate_of(frame_history(order->frame, row), order->by.column->special);

	return value != RATE_UNKNOWN && order->by.is_descending ? RATE_UNKNOWN - 1 - value : value;
}

/* The sort keys of the list; none for a column that only the live view has. */
static size_t sort_keys(const struct live_order *order, struct sort_key keys[2])
{
	const struct live_column *sort = order->column;
	struct sort_key key = { .is_descending = order->is_descending };

	if (!sort)
		return 0;
	key.column = sort->column;
	switch (sort->special) {
	case SPECIAL_NONE:
		keys[0] = key;
		return 1;
	case SPECIAL_END:
		/* The cell shows the peer if there is one. */
		keys[1] = key;
		key.column = column_find("peer", 4);
		keys[0] = key;
		return 2;
	case SPECIAL_TREE:
	case SPECIAL_CONN:
	case SPECIAL_RX:
	case SPECIAL_TX:
	case SPECIAL_TRAFFIC:
	case SPECIAL_HISTORY:
	case SPECIAL_TIME:
	case SPECIAL_CHANGE:
	case SPECIAL_LIVED:
	case SPECIAL_BYTES:
		return 0;
	}
	return 0;
}

bool rows_are_unsorted(const struct live_order *order)
{
	struct sort_key keys[2];

	return order->column && !is_rate(order->column->special) && !sort_keys(order, keys);
}

/* Adds the ghosts, which stand behind n other rows, to their order. */
static void merge_ghosts(struct live_rows *rows, size_t n)
{
	struct snapshot ghosts = rows->frame->snap;
	size_t end = n;

	ghosts.n_rows = rows->n_all - n;
	ghosts.rows = mem_resize(NULL, ghosts.n_rows, sizeof(*ghosts.rows));
	memcpy(ghosts.rows, rows->all + n, ghosts.n_rows * sizeof(*ghosts.rows));
	sort_rows(&ghosts, NULL, 0);
	for (size_t left = ghosts.n_rows; left; left--) {
		const struct row *ghost = &ghosts.rows[left - 1];
		size_t from = 0, to = end;

		while (from < to) {
			size_t mid = from + (to - from) / 2;

			if (sort_compare(&ghosts, rows->all[mid].sk, ghost->sk) <= 0)
				from = mid + 1;
			else
				to = mid;
		}
		memmove(rows->all + from + left, rows->all + from,
			(end - from) * sizeof(*rows->all));
		rows->all[from + left - 1] = *ghost;
		end = from;
	}
	free(ghosts.rows);
}

static void reserve(struct live_rows *rows, size_t n)
{
	if (n <= rows->cap)
		return;
	rows->cap = n + n / 8;
	rows->all = mem_resize(rows->all, rows->cap, sizeof(*rows->all));
	rows->list = mem_resize(rows->list, rows->cap, sizeof(*rows->list));
}

/* All rows of the frame, of which not all are shown, but all that are in this order. */
static void sort_all(struct live_rows *rows, const struct live_order *order)
{
	const struct frame *f = rows->frame;
	struct snapshot sorted = f->snap;
	const struct rate_order rate = { f, *order };
	struct sort_key keys[2] = { 0 };
	size_t n_keys = sort_keys(order, keys), n = f->snap.n_rows;

	rows->n_all = n + f->n_ghosts;
	reserve(rows, rows->n_all);
	/* The frame's own rows are not sorted: the collector may be reading them. */
	if (n)
		memcpy(rows->all, f->snap.rows, n * sizeof(*rows->all));
	for (size_t i = 0; i < f->n_ghosts; i++)
		rows->all[n + i] = f->ghosts[i].history.row;
	if (f->n_ghosts)
		merge_ghosts(rows, n);
	sorted.rows = rows->all;
	sorted.n_rows = rows->n_all;
	sorted.rows_cap = rows->cap;
	/* The list is made anew after it. */
	rows->room.spare = rows->list;
	if (order->column && is_rate(order->column->special))
		sort_rows_by_number(&sorted, rate_key, &rate, &rows->room);
	else
		sort_rows_again(&sorted, keys, n_keys, &rows->room);
	rows->all = sorted.rows;
	rows->list = rows->room.spare;
	rows->order = *order;
}

void rows_build(struct live_rows *rows, const struct frame *frame, const struct rows_choice *by,
		const struct live_order *order)
{
	bool is_sorted = rows->frame == frame && rows->all && rows->order.column == order->column &&
			 rows->order.is_descending == order->is_descending;

	rows->frame = frame;
	if (!is_sorted)
		sort_all(rows, order);
	select_rows(rows, by);
	count_rows(rows);
}

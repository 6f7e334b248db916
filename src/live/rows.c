/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a frame that a view shows: filtered, counted and sorted. */
#include <config.h>

#include "live/rows.h"

#include <stdlib.h>

#include "base/mem.h"
#include "live/frame.h"
#include "live/live_columns.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/sort.h"
#include "query/take.h"

void rows_fini(struct live_rows *rows)
{
	free(rows->list);
	problems_fini(&rows->untested);
	*rows = (struct live_rows){ 0 };
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

static void add_row(struct live_rows *rows, const struct row *row)
{
	rows->list = mem_grow(rows->list, rows->n, &rows->cap, sizeof(*rows->list));
	rows->list[rows->n++] = *row;
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
static void add_ghosts(struct live_rows *rows, const struct rows_choice *by)
{
	struct snapshot remembered = rows->frame->snap;

	for (size_t i = 0; i < rows->frame->n_ghosts && !by->is_troubled; i++) {
		const struct ghost *ghost = &rows->frame->ghosts[i];

		if (by->now_ms - ghost->history.changed_ms >= FRAME_LINGER_MS && !by->keeps_closed)
			continue;
		if (is_hidden_by_key(by->shown, &ghost->sk) ||
		    (ghost->passed != by->version &&
		     frame_filter_match(rows->frame, by->filter, &remembered,
					&ghost->history.row) != FILTER_YES))
			continue;
		add_row(rows, &ghost->history.row);
		if (ghost->history.changed_ms + FRAME_LINGER_MS < rows->expires_ms)
			rows->expires_ms = ghost->history.changed_ms + FRAME_LINGER_MS;
	}
}

static void select_rows(struct live_rows *rows, const struct rows_choice *by)
{
	const struct frame *frame = rows->frame;
	const struct snapshot *snap = &frame->snap;
	struct snapshot remembered = *snap;
	bool names_owners = by->filter && filter_needs(by->filter) & NEED_OWNERS;

	rows->n = 0;
	rows->expires_ms = UINT64_MAX;
	problems_clear(&rows->untested);
	for (size_t i = 0; i < snap->n_rows; i++) {
		const struct row *row = &snap->rows[i];
		enum filter_result result;

		if (is_hidden_by_key(by->shown, row->sk) ||
		    (by->is_troubled && !frame_history(frame, row)->watch.bits))
			continue;
		result = frame_filter_match(frame, by->filter, &remembered, row);
		if (result == FILTER_UNTESTABLE && !frame->scope.is_partial)
			problems_add_untested(&rows->untested, snap, by->filter, row);
		if (!may_match(result))
			continue;
		add_row(rows, row);
		if (names_owners)
			row_name_owner(&rows->list[rows->n - 1], snap, by->filter);
	}
	add_ghosts(rows, by);
}

static void count_rows(struct live_rows *rows)
{
	struct live_totals *totals = &rows->totals;

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

struct rated {
	uint64_t key;
	uint32_t at;
};

static int compare_rated(const void *a, const void *b)
{
	const struct rated *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->at < y->at ? -1 : 1;
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

static void sort_by_rate(struct live_rows *rows, enum live_special which, bool is_descending)
{
	struct rated *order = mem_resize(NULL, rows->n, sizeof(*order));
	struct row *sorted = mem_resize(NULL, rows->n, sizeof(*sorted));

	for (size_t i = 0; i < rows->n; i++) {
		const struct row_history *history = frame_history(rows->frame, &rows->list[i]);
		uint64_t value = rate_of(history, which);

		/* Unknown rates are last in either direction. */
		if (value != RATE_UNKNOWN && is_descending)
			value = RATE_UNKNOWN - 1 - value;
		order[i] = (struct rated){ .key = value, .at = (uint32_t)i };
	}
	qsort(order, rows->n, sizeof(*order), compare_rated);
	for (size_t i = 0; i < rows->n; i++)
		sorted[i] = rows->list[order[i].at];
	free(order);
	free(rows->list);
	rows->list = sorted;
	rows->cap = rows->n;
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

static void sort_selected(struct live_rows *rows, const struct live_order *order)
{
	struct snapshot sorted = rows->frame->snap;
	const struct live_column *sort = order->column;
	struct sort_key keys[2] = { 0 };
	size_t n_keys = sort_keys(order, keys);

	/* Do not sort the frame's own rows: the collector may be reading them. */
	sorted.rows = rows->list;
	sorted.n_rows = rows->n;
	sorted.rows_cap = rows->cap;
	/*
	 * Closed rows were appended: sort by the default order first, or they would come last among
	 * equals.
	 */
	if (n_keys && rows->expires_ms != UINT64_MAX)
		sort_rows(&sorted, NULL, 0);
	sort_rows(&sorted, keys, n_keys);
	rows->list = sorted.rows;
	rows->cap = sorted.rows_cap;
	if (rows->n && sort && is_rate(sort->special))
		sort_by_rate(rows, sort->special, order->is_descending);
}

void rows_build(struct live_rows *rows, const struct frame *frame, const struct rows_choice *by,
		const struct live_order *order)
{
	rows->frame = frame;
	select_rows(rows, by);
	sort_selected(rows, order);
	count_rows(rows);
}

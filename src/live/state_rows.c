/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a frame that the view shows: filtered, counted, sorted, unfolded into lines. */
#include <config.h>

#include "live/state_parts.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/columns.h"
#include "query/sort.h"
#include "query/take.h"

static bool is_hidden_by_key(const struct live_state *s, const struct sock *sk)
{
	if (s->shown == SHOW_ALL)
		return false;
	if (sk->proto == PROTO_TCP && !(s->shown & SHOW_TCP))
		return true;
	if (sk->proto == PROTO_UDP && !(s->shown & SHOW_UDP))
		return true;
	if (sock_is_serving(sk))
		return !(s->shown & SHOW_LISTENING);
	return sk->state == SOCK_STATE_ESTABLISHED && !(s->shown & SHOW_ESTABLISHED);
}

static void add_row(struct live_state *s, const struct row *row)
{
	s->rows = mem_grow(s->rows, s->n_rows, &s->rows_cap, sizeof(*s->rows));
	s->rows[s->n_rows++] = *row;
}

/* A row that is not judged yet is shown until it is; one that cannot be judged never is. */
static bool may_match(const struct filter *filter, const struct snapshot *snap,
		      const struct row *row)
{
	enum filter_result result = filter_match(filter, snap, row);

	return result == FILTER_YES || result == FILTER_MAYBE;
}

/* What a ghost's owners were is gone: a test on them must not hide it. */
static void add_ghosts(struct live_state *s)
{
	struct snapshot without_owners = s->frame->snap;

	without_owners.resolved &=
		~(unsigned int)(NEED_OWNERS | NEED_CMDLINES | NEED_CGROUPS | NEED_UNITS |
				NEED_TCP_INFO);
	for (size_t i = 0; i < s->frame->n_ghosts; i++) {
		const struct ghost *ghost = &s->frame->ghosts[i];

		if (s->now_ms - ghost->note.marked_ms >= FRAME_LINGER_MS && !s->is_paused)
			continue;
		if (is_hidden_by_key(s, &ghost->sk) ||
		    !may_match(s->filter, &without_owners, &ghost->note.row))
			continue;
		add_row(s, &ghost->note.row);
		if (ghost->note.marked_ms + FRAME_LINGER_MS < s->expires_ms)
			s->expires_ms = ghost->note.marked_ms + FRAME_LINGER_MS;
	}
}

static void select_rows(struct live_state *s)
{
	const struct snapshot *snap = &s->frame->snap;
	bool names_owners = s->filter && filter_needs(s->filter) & NEED_OWNERS;

	s->n_rows = 0;
	s->expires_ms = UINT64_MAX;
	for (size_t i = 0; i < snap->n_rows; i++) {
		const struct row *row = &snap->rows[i];

		if (is_hidden_by_key(s, row->sk) || !may_match(s->filter, snap, row))
			continue;
		add_row(s, row);
		if (names_owners)
			row_name_owner(&s->rows[s->n_rows - 1], snap, s->filter);
	}
	add_ghosts(s);
}

uint64_t rate_sum(uint64_t a, uint64_t b)
{
	if (a == RATE_UNKNOWN)
		return b;
	return b == RATE_UNKNOWN ? a : a + b;
}

static void count_row(struct live_totals *totals, const struct sock *sk)
{
	totals->rows++;
	if (sk->proto == PROTO_UDP) {
		totals->udp++;
		return;
	}
	switch ((enum sock_state)sk->state) {
	case SOCK_STATE_LISTEN:
		totals->listening++;
		return;
	case SOCK_STATE_ESTABLISHED:
		totals->established++;
		return;
	case SOCK_STATE_TIME_WAIT:
		totals->time_wait++;
		return;
	case SOCK_STATE_CLOSE_WAIT:
		totals->close_wait++;
		return;
	case SOCK_STATE_SYN_SENT:
	case SOCK_STATE_SYN_RECV:
	case SOCK_STATE_FIN_WAIT_1:
	case SOCK_STATE_FIN_WAIT_2:
	case SOCK_STATE_CLOSE:
	case SOCK_STATE_LAST_ACK:
	case SOCK_STATE_CLOSING:
	case SOCK_STATE_BOUND:
		totals->other++;
	}
}

static void count_rows(struct live_state *s)
{
	struct live_totals *totals = &s->totals;

	*totals = (struct live_totals){ .rx = RATE_UNKNOWN, .tx = RATE_UNKNOWN };
	s->fades_ms = 0;
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct row *row = &s->rows[i];
		const struct row_note *note = frame_note(s->frame, row);

		if (note->mark && note->marked_ms + FRAME_LINGER_MS > s->fades_ms)
			s->fades_ms = note->marked_ms + FRAME_LINGER_MS;
		if (note->mark == MARK_CLOSED)
			continue;
		count_row(totals, row->sk);
		totals->rx = rate_sum(totals->rx, note->rx);
		totals->tx = rate_sum(totals->tx, note->tx);
		if (row_owners(&s->frame->snap, row).n)
			totals->with_owner++;
		if (row->note == NOTE_NONE || row->note == NOTE_HIDDEN || row->note == NOTE_NOT_ACCEPTED)
			totals->could_have_owner++;
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

static void sort_by_rate(struct live_state *s, bool is_rx, bool is_descending)
{
	struct rated *order = mem_resize(NULL, s->n_rows, sizeof(*order));
	struct row *rows = mem_resize(NULL, s->n_rows, sizeof(*rows));

	for (size_t i = 0; i < s->n_rows; i++) {
		const struct row_note *note = frame_note(s->frame, &s->rows[i]);
		uint64_t value = is_rx ? note->rx : note->tx;

		/* Unknown stays last, either way. */
		if (value != RATE_UNKNOWN && is_descending)
			value = RATE_UNKNOWN - 1 - value;
		order[i] = (struct rated){ .key = value, .at = (uint32_t)i };
	}
	qsort(order, s->n_rows, sizeof(*order), compare_rated);
	for (size_t i = 0; i < s->n_rows; i++)
		rows[i] = s->rows[order[i].at];
	free(order);
	free(s->rows);
	s->rows = rows;
	s->rows_cap = s->n_rows;
}

/* What a listing would sort by; none where the column is only there over time, or of groups. */
static size_t sort_keys(const struct live_state *s, struct sort_key keys[2])
{
	const struct view_state *view = state_view_const(s);
	const struct live_column *sort = view->sort;
	struct sort_key key = { .is_descending = view->is_descending };

	if (!sort)
		return 0;
	key.column = sort->column;
	switch (sort->special) {
	case SPECIAL_NONE:
		keys[0] = key;
		return 1;
	case SPECIAL_END:
		/* It shows the peer where there is one. */
		keys[1] = key;
		key.column = s->columns.peer;
		keys[0] = key;
		return 2;
	case SPECIAL_TREE:
	case SPECIAL_CONN:
	case SPECIAL_RX:
	case SPECIAL_TX:
		return 0;
	}
	return 0;
}

static void sort_selected(struct live_state *s)
{
	const struct view_state *view = state_view(s);
	struct snapshot sorted = s->frame->snap;
	const struct live_column *sort = view->sort;
	struct sort_key keys[2] = { 0 };
	size_t n_keys = sort_keys(s, keys);

	/* The frame's own rows stay as they are: the collector may read them. */
	sorted.rows = s->rows;
	sorted.n_rows = s->n_rows;
	sorted.rows_cap = s->rows_cap;
	/* Closed rows were added at the end: among equal ones they would stand last. */
	if (n_keys && s->expires_ms != UINT64_MAX)
		sort_rows(&sorted, NULL, 0);
	sort_rows(&sorted, keys, n_keys);
	s->rows = sorted.rows;
	s->rows_cap = sorted.rows_cap;
	if (s->n_rows && sort && (sort->special == SPECIAL_RX || sort->special == SPECIAL_TX))
		sort_by_rate(s, sort->special == SPECIAL_RX, view->is_descending);
}

const struct live_group *item_group(const struct live_state *s, const struct live_item *item)
{
	return item->kind == ITEM_GROUP ? &s->groups[item->at] : NULL;
}

const struct row *item_row(const struct live_state *s, const struct live_item *item)
{
	uint32_t at = item->kind == ITEM_GROUP ? s->groups[item->at].head : item->at;

	return at == MAP_NONE ? NULL : &s->rows[at];
}

bool group_is_open(const struct view_state *view, uint64_t id)
{
	return (map_get(&view->flipped, id) == 1) != view->is_open;
}

static void add_item(struct live_state *s, const struct live_item *item)
{
	const struct row *row;

	s->items = mem_grow(s->items, s->n_items, &s->items_cap, sizeof(*s->items));
	s->items[s->n_items++] = *item;
	row = item_row(s, item);
	s->n_alive += row && !frame_ghost(s->frame, row);
}

static void add_children(struct live_state *s, uint32_t at)
{
	const struct live_group *group = &s->groups[at];

	for (uint32_t child = group->first; child != MAP_NONE; child = s->children[child].next) {
		uint32_t row = s->children[child].row;
		struct live_item item = {
			.id = frame_note(s->frame, &s->rows[row])->id,
			.at = row,
			.group = at,
			.kind = ITEM_ROW,
			.is_last = s->children[child].next == MAP_NONE,
		};

		/* A socket stands below each of its processes. */
		if (group->kind == GROUP_PROCESS || group->kind == GROUP_NOTE)
			item.id = frame_hash(group->id, &item.id, sizeof(item.id));
		add_item(s, &item);
	}
}

void state_unfold(struct live_state *s)
{
	const struct view_state *view = state_view(s);

	s->n_items = 0;
	s->n_alive = 0;
	if (s->view == VIEW_CONNECTIONS) {
		for (size_t i = 0; i < s->n_rows; i++)
			if (!sock_is_serving(s->rows[i].sk))
				add_item(s, &(struct live_item){
						    .id = frame_note(s->frame, &s->rows[i])->id,
						    .at = (uint32_t)i,
						    .group = MAP_NONE,
						    .kind = ITEM_ROW,
					    });
	}
	for (size_t i = 0; i < s->n_groups; i++) {
		add_item(s, &(struct live_item){ .id = s->groups[i].id,
						 .at = (uint32_t)i,
						 .group = MAP_NONE,
						 .kind = ITEM_GROUP });
		if (group_is_open(view, s->groups[i].id))
			add_children(s, (uint32_t)i);
	}
	state_find_cursor(s);
}

bool state_is_looking(const struct live_state *s)
{
	/* A recording is filtered here alone. */
	return !s->frame || (!s->setup.is_replay && s->frame->version != s->query.version);
}

void state_rebuild(struct live_state *s)
{
	if (!s->frame)
		return;
	select_rows(s);
	sort_selected(s);
	count_rows(s);
	state_group(s);
	state_unfold(s);
}

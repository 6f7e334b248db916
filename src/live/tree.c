/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame as a view shows it: its rows, their groups, and the unfolded lines. */
#include <config.h>

#include "live/tree.h"

#include <stdlib.h>

#include "base/mem.h"
#include "live/frame.h"
#include "live/group_order.h"

void live_tree_fini(struct live_tree *t)
{
	rows_fini(&t->rows);
	groups_fini(&t->groups);
	free(t->lines);
	free(t->items);
	*t = (struct live_tree){ 0 };
}

bool folds_is_open(const struct folds *folds, uint64_t id)
{
	return (map_get(&folds->flipped, id) == 1) != folds->is_open;
}

void folds_set(struct folds *folds, uint64_t id, bool is_open)
{
	*map_add(&folds->flipped, id, 0, NULL) = is_open != folds->is_open;
	folds->version++;
}

void folds_set_all(struct folds *folds, bool are_open)
{
	map_clear(&folds->flipped);
	folds->is_open = are_open;
	folds->version++;
}

bool live_tree_is_of(const struct live_tree *t, const struct tree_wants *wants)
{
	const struct tree_wants *from = &t->from;

	return from->frame == wants->frame && from->n_changes == wants->n_changes &&
	       from->choice.version == wants->choice.version && from->view == wants->view &&
	       from->grouping == wants->grouping &&

	       from->order.column == wants->order.column &&
	       from->order.is_descending == wants->order.is_descending &&
	       from->choice.shown == wants->choice.shown &&
	       from->choice.is_troubled == wants->choice.is_troubled;
}

/* Are its groups those that are wanted, of the same rows, and only in another order? */
static bool has_groups_of(const struct live_tree *t, const struct tree_wants *wants)
{
	struct tree_wants like = *wants;

	like.order = t->from.order;
	return live_tree_is_of(t, &like) && t->rows.frame == wants->frame &&
	       t->from.choice.keeps_closed == wants->choice.keeps_closed &&
	       t->from.may_hide == wants->may_hide && wants->choice.now_ms < t->rows.expires_ms &&
	       rows_are_unsorted(&t->from.order) && rows_are_unsorted(&wants->order);
}

/* Without groups each row is a line, but for those that serve. */
static bool is_flat(const struct live_tree *t)
{
	return t->from.view == VIEW_CONNECTIONS;
}

void live_tree_build(struct live_tree *t, const struct tree_wants *wants)
{
	if (has_groups_of(t, wants)) {
		t->from = *wants;
		t->rows.order = wants->order;
		groups_sort(&t->groups, &wants->order);
		return;
	}
	t->from = *wants;
	rows_build(&t->rows, wants->frame, &wants->choice, &wants->order);
	if (is_flat(t))
		rows_put_serving_last(&t->rows);
	t->n_unseen = changes_unseen(wants->changes, wants->choice.filter, &wants->frame->snap);
	groups_build(&t->groups, &t->rows, wants->view, wants->grouping, &wants->order,
		     wants->may_hide);
}

const struct live_group *live_tree_group(const struct live_tree *t, const struct live_item *item)
{
	return item->kind == ITEM_GROUP ? &t->groups.list[item->at] : NULL;
}

const struct change *live_tree_change(const struct live_tree *t, const struct live_item *item)
{
	return item->kind == ITEM_CHANGE ? changes_at(t->from.changes, item->at) : NULL;
}

const struct row *live_tree_row(const struct live_tree *t, const struct live_item *item)
{
	uint32_t at = item->kind == ITEM_GROUP ? t->groups.list[item->at].head : item->at;

	return at == MAP_NONE || item->kind == ITEM_CHANGE ? NULL : &t->rows.list[at];
}

struct live_item live_tree_child(const struct live_tree *t, uint32_t group, uint32_t child)
{
	const struct live_group *parent = &t->groups.list[group];
	uint32_t row = t->groups.children[child].row;
	struct live_item item = {
		.id = frame_id(t->rows.frame, &t->rows.list[row]),
		.at = row,
		.group = group,
		.kind = ITEM_ROW,
		.is_last = t->groups.children[child].next == MAP_NONE,
	};

	/* A socket is listed below each of its processes: give each line its own id. */
	if (parent->kind == GROUP_PROCESS || parent->kind == GROUP_NOTE)
		item.id = frame_hash(parent->id, &item.id, sizeof(item.id));
	return item;
}

static struct live_item item_at(const struct live_tree *t, size_t index)
{
	struct live_line line = { .at = (uint32_t)index, .group = MAP_NONE };

	if (is_flat(t))
		return (struct live_item){ .id = frame_id(t->rows.frame, &t->rows.list[index]),
					   .at = line.at,
					   .group = MAP_NONE,
					   .kind = ITEM_ROW };
	line = t->lines[index];
	if (line.group != MAP_NONE)
		return live_tree_child(t, line.group, line.at);
	if (t->from.view == VIEW_CHANGES)
		return (struct live_item){ .id = changes_id(t->from.changes, line.at),
					   .at = line.at,
					   .group = MAP_NONE,
					   .kind = ITEM_CHANGE };
	return (struct live_item){ .id = t->groups.list[line.at].id,
				   .at = line.at,
				   .group = MAP_NONE,
				   .kind = ITEM_GROUP };
}

const struct live_item *live_tree_item(const struct live_tree *t, size_t index)
{
	t->items[index] = item_at(t, index);
	return &t->items[index];
}

static void add_line(struct live_tree *t, size_t at, uint32_t group)
{
	t->lines = mem_grow(t->lines, t->n_items, &t->lines_cap, sizeof(*t->lines));
	t->lines[t->n_items++] = (struct live_line){ .at = (uint32_t)at, .group = group };
}

static void add_changes(struct live_tree *t)
{
	const struct changes *log = t->from.changes;

	for (size_t i = 0; i < log->n; i++)
		if (change_matches(changes_at(log, i), t->from.choice.filter, &t->rows.frame->snap))
			add_line(t, i, MAP_NONE);
}

static void add_groups(struct live_tree *t, const struct folds *folds)
{
	for (size_t i = 0; i < t->groups.n; i++) {
		const struct live_group *group = &t->groups.list[i];
		const struct row *head =
			group->head == MAP_NONE ? NULL : &t->rows.list[group->head];

		add_line(t, i, MAP_NONE);
		t->n_alive += head && !frame_ghost(t->rows.frame, head);
		if (!folds_is_open(folds, group->id))
			continue;
		t->n_alive += group->n;
		for (uint32_t child = group->first; child != MAP_NONE;
		     child = t->groups.children[child].next)
			add_line(t, child, (uint32_t)i);
	}
}

void live_tree_unfold(struct live_tree *t, const struct folds *folds)
{
	t->unfolded = folds->version;
	t->n_items = 0;
	t->n_alive = 0;
	if (is_flat(t)) {
		t->n_items = t->rows.n_flat;
		t->n_alive = t->rows.n_flat_alive;
	}
	if (t->from.view == VIEW_CHANGES)
		add_changes(t);
	add_groups(t, folds);
	/* New memory takes none until it is written to. */
	free(t->items);
	t->items = mem_resize(NULL, t->n_items, sizeof(*t->items));
}

void live_tree_rates(const struct live_tree *t, const struct live_item *item, struct rates *rates)
{
	const struct live_group *group = live_tree_group(t, item);

	if (item->kind == ITEM_ROW)
		frame_add_rates(t->rows.frame, live_tree_row(t, item), rates);
	if (!group)
		return;
	if (group->kind == GROUP_LISTENER && group->head != MAP_NONE &&
	    packets_of(t->rows.frame, &t->rows.list[group->head]))
		frame_add_rates(t->rows.frame, &t->rows.list[group->head], rates);
	/* A filter that passes the listener passes its connections; of others only some may have passed. */
	if (group->kind == GROUP_LISTENER || !t->from.may_hide)
		spent_rates(t->rows.frame, group->id, rates);
	/* Usually all are idle, and each group on the screen is asked several times. */
	rates_add(rates, NULL, group->n_rates);
	for (uint32_t child = group->n_traced ? group->first : MAP_NONE; child != MAP_NONE;
	     child = t->groups.children[child].next)
		frame_add_rates(t->rows.frame, &t->rows.list[t->groups.children[child].row], rates);
}

/* A bit for each value, the same for the same: tells most of a million from the few that are looked for. */
static uint64_t bit_of(uint64_t value)
{
	return 1ULL << (value & 63);
}

/* The sockets of the rows that are looked for; returns the bits of their addresses. */
static uint64_t find_socks(const struct frame *f, struct live_wanted *wanted, size_t n,
			   uint64_t id_bits)
{
	uint64_t bits = 0;
	size_t n_socks = f->snap.table.n;

	for (size_t i = 0; i < n_socks + f->n_ghosts; i++) {
		bool is_ghost = i >= n_socks;
		uint64_t id = is_ghost ? f->ghosts[i - n_socks].id : f->ids[i];

		for (size_t j = 0; (id_bits & bit_of(id)) && j < n; j++) {
			if (wanted[j].id != id || wanted[j].sk)
				continue;
			wanted[j].sk =
				is_ghost ? &f->ghosts[i - n_socks].sk : &f->snap.table.socks[i];
			bits |= bit_of((uintptr_t)wanted[j].sk / sizeof(uint64_t));
		}
	}
	return bits;
}

static void find_rows(const struct live_tree *t, struct live_wanted *wanted, size_t n,
		      uint64_t sk_bits)
{
	for (size_t i = 0; i < t->n_items; i++) {
		const struct sock *sk = t->rows.list[i].sk;

		for (size_t j = 0; (sk_bits & bit_of((uintptr_t)sk / sizeof(uint64_t))) && j < n;
		     j++)
			if (wanted[j].sk == sk && wanted[j].index == LIVE_ITEM_NONE)
				wanted[j].index = i;
	}
}

static void find_items(const struct live_tree *t, struct live_wanted *wanted, size_t n,
		       uint64_t id_bits)
{
	for (size_t i = 0; i < t->n_items; i++) {
		uint64_t id = item_at(t, i).id;

		for (size_t j = 0; (id_bits & bit_of(id)) && j < n; j++)
			if (wanted[j].id == id && wanted[j].index == LIVE_ITEM_NONE)
				wanted[j].index = i;
	}
}

void live_tree_find_each(const struct live_tree *t, struct live_wanted *wanted, size_t n)
{
	uint64_t id_bits = 0, sk_bits;

	for (size_t j = 0; j < n; j++) {
		wanted[j].index = LIVE_ITEM_NONE;
		wanted[j].sk = NULL;
		id_bits |= wanted[j].id ? bit_of(wanted[j].id) : 0;
	}
	if (!id_bits)
		return;
	if (!is_flat(t)) {
		find_items(t, wanted, n, id_bits);
		return;
	}
	sk_bits = find_socks(t->rows.frame, wanted, n, id_bits);
	if (sk_bits)
		find_rows(t, wanted, n, sk_bits);
}

bool live_tree_find(const struct live_tree *t, uint64_t id, size_t *index)
{
	struct live_wanted wanted = { .id = id };

	live_tree_find_each(t, &wanted, 1);
	if (wanted.index == LIVE_ITEM_NONE)
		return false;
	*index = wanted.index;
	return true;
}

uint64_t live_tree_tag_id(const struct live_tree *t, const struct live_item *item)
{
	if (item->kind == ITEM_ROW)
		return frame_id(t->rows.frame, &t->rows.list[item->at]);
	return item->id;
}

size_t live_tree_count_groups(const struct live_tree *t, enum live_group_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < t->groups.n; i++)
		n += t->groups.list[i].kind == kind && t->groups.list[i].n;
	return n;
}

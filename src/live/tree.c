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

static void add_item(struct live_tree *t, const struct live_item *item)
{
	const struct row *row;

	t->items = mem_grow(t->items, t->n_items, &t->items_cap, sizeof(*t->items));
	t->items[t->n_items++] = *item;
	row = live_tree_row(t, item);
	t->n_alive += row && !frame_ghost(t->rows.frame, row);
}

struct live_item live_tree_child(const struct live_tree *t, uint32_t group, uint32_t child)
{
	const struct live_group *parent = &t->groups.list[group];
	uint32_t row = t->groups.children[child].row;
	struct live_item item = {
		.id = frame_history(t->rows.frame, &t->rows.list[row])->id,
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

static void add_children(struct live_tree *t, uint32_t at)
{
	const struct live_group *group = &t->groups.list[at];

	if (t->items_cap - t->n_items < group->n_all) {
		t->items_cap = t->n_items + group->n_all + group->n_all / 8;
		t->items = mem_resize(t->items, t->items_cap, sizeof(*t->items));
	}
	for (uint32_t child = group->first; child != MAP_NONE;
	     child = t->groups.children[child].next)
		t->items[t->n_items++] = live_tree_child(t, at, child);
	t->n_alive += group->n;
}

static void add_lone_row(struct live_tree *t, uint32_t row)
{
	const struct live_item item = {
		.id = frame_history(t->rows.frame, &t->rows.list[row])->id,
		.at = row,
		.group = MAP_NONE,
		.kind = ITEM_ROW,
	};

	add_item(t, &item);
}

static void add_changes(struct live_tree *t)
{
	const struct changes *log = t->from.changes;

	for (size_t i = 0; i < log->n; i++)
		if (change_matches(changes_at(log, i), t->from.choice.filter, &t->rows.frame->snap))
			add_item(t, &(struct live_item){ .id = changes_id(log, i),
							 .at = (uint32_t)i,
							 .group = MAP_NONE,
							 .kind = ITEM_CHANGE });
}

void live_tree_unfold(struct live_tree *t, const struct folds *folds)
{
	t->unfolded = folds->version;
	t->n_items = 0;
	t->n_alive = 0;
	for (size_t i = 0; t->from.view == VIEW_CONNECTIONS && i < t->rows.n; i++)
		if (!sock_is_serving(t->rows.list[i].sk))
			add_lone_row(t, (uint32_t)i);
	if (t->from.view == VIEW_CHANGES)
		add_changes(t);
	for (size_t i = 0; i < t->groups.n; i++) {
		add_item(t, &(struct live_item){ .id = t->groups.list[i].id,
						 .at = (uint32_t)i,
						 .group = MAP_NONE,
						 .kind = ITEM_GROUP });
		if (folds_is_open(folds, t->groups.list[i].id))
			add_children(t, (uint32_t)i);
	}
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
	/* Usually all are idle, and each group on the screen is asked several times. */
	rates_add(rates, NULL, group->n_rates);
	for (uint32_t child = group->n_traced ? group->first : MAP_NONE; child != MAP_NONE;
	     child = t->groups.children[child].next)
		frame_add_rates(t->rows.frame, &t->rows.list[t->groups.children[child].row], rates);
}

bool live_tree_find(const struct live_tree *t, uint64_t id, size_t *index)
{
	for (size_t i = 0; i < t->n_items; i++) {
		if (t->items[i].id == id) {
			*index = i;
			return true;
		}
	}
	return false;
}

uint64_t live_tree_tag_id(const struct live_tree *t, const struct live_item *item)
{
	if (item->kind == ITEM_ROW)
		return frame_history(t->rows.frame, &t->rows.list[item->at])->id;
	return item->id;
}

size_t live_tree_count_groups(const struct live_tree *t, enum live_group_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < t->groups.n; i++)
		n += t->groups.list[i].kind == kind && t->groups.list[i].n;
	return n;
}

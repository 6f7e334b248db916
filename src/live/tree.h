/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame as a view shows it: its rows, their groups, and the unfolded lines. */
#ifndef PORTSTAT_LIVE_TREE_H
#define PORTSTAT_LIVE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "live/changes.h"
#include "live/groups.h"
#include "live/history.h"
#include "live/live_columns.h"
#include "live/rows.h"

enum live_item_kind {
	ITEM_ROW, /* a socket */
	ITEM_CHANGE, /* at: index in the changes, 0 is the newest */
	ITEM_GROUP, /* a group; in the view by port also a socket */
};

/* A line of the table. */
struct live_item {
	uint64_t id;
	uint32_t at; /* index in rows or groups */
	uint32_t group; /* index of its group, or MAP_NONE */
	uint8_t kind; /* enum live_item_kind */
	bool is_last; /* of its group */
};

/* What an item is made from. */
struct live_line {
	uint32_t at; /* index in groups or changes; of a child in groups.children */
	uint32_t group; /* of a child: index of its group; else MAP_NONE */
};

/* Is it drawn below a group? */
static inline bool live_item_is_child(const struct live_item *item)
{
	return item->kind == ITEM_ROW && item->group != MAP_NONE;
}

/* Which groups are unfolded.  Zero-initialised: none. */
struct folds {
	struct map flipped; /* groups that differ from is_open */
	bool is_open; /* are all other groups unfolded? */
	unsigned int version; /* incremented with every change */
};

/* Is the group with this id unfolded?  The setters fold or unfold one group, or all. */
bool folds_is_open(const struct folds *folds, uint64_t id);
void folds_set(struct folds *folds, uint64_t id, bool is_open);
void folds_set_all(struct folds *folds, bool are_open);

/* The inputs of a tree. */
struct tree_wants {
	const struct frame *frame;
	const struct changes *changes;
	uint64_t n_changes; /* that were added to it so far */
	struct rows_choice choice;
	enum live_view view;
	unsigned int grouping; /* index in grouping_words */
	struct live_order order;
	bool may_hide; /* there may be connections that were not requested or are not shown */
};

/* Zero-initialised is empty. */
struct live_tree {
	struct tree_wants from; /* its inputs, only to compare: pointers in it may dangle */
	struct live_rows rows;
	struct groups groups;
	struct live_line *lines; /* of the items; not if flat: then these are the rows */
	size_t lines_cap;
	struct live_item *items; /* made where live_tree_item() reads them: many may be */
	size_t n_items;
	size_t n_alive; /* items that are open sockets */
	uint32_t n_unseen; /* sockets like these that came and went since the frame before */
	unsigned int unfolded; /* version of the folds from which items was made */
};

void live_tree_fini(struct live_tree *t);

/* Was the tree built from these inputs, apart from the time?  If not, build it. */
bool live_tree_is_of(const struct live_tree *t, const struct tree_wants *wants);

/* The line at an index below n_items; borrowed until the next change of the tree. */
const struct live_item *live_tree_item(const struct live_tree *t, size_t index);

/* Rebuilds rows and groups; live_tree_unfold() then rebuilds the items. */
void live_tree_build(struct live_tree *t, const struct tree_wants *wants);
void live_tree_unfold(struct live_tree *t, const struct folds *folds);

/* The item of a child of the group, by its index in groups.children, whether it is folded or not. */
struct live_item live_tree_child(const struct live_tree *t, uint32_t group, uint32_t child);

/* The change of an ITEM_CHANGE, else NULL. */
const struct change *live_tree_change(const struct live_tree *t, const struct live_item *item);

/* The row of an item; of a group, the row that heads or represents it.  NULL if it has none. */
const struct row *live_tree_row(const struct live_tree *t, const struct live_item *item);

/* The group of an ITEM_GROUP, else NULL. */
const struct live_group *live_tree_group(const struct live_tree *t, const struct live_item *item);

/* The last rates of an item's row, or of all rows of its group.  rates is zero-initialised. */
void live_tree_rates(const struct live_tree *t, const struct live_item *item, struct rates *rates);

/* Finds an item by its identity.  False if there is none. */
bool live_tree_find(const struct live_tree *t, uint64_t id, size_t *index);

#define LIVE_ITEM_NONE SIZE_MAX

/* An item that is looked for. */
struct live_wanted {
	uint64_t id;
	size_t index; /* of the item; LIVE_ITEM_NONE: there is none */
	const struct sock *sk; /* for the search */
};

/* Finds n items in one search. */
void live_tree_find_each(const struct live_tree *t, struct live_wanted *wanted, size_t n);

/*
 * The item's identity for tags: that of its socket, the same below each process and in each view.
 */
uint64_t live_tree_tag_id(const struct live_tree *t, const struct live_item *item);

/* The number of groups of this kind that have an open socket. */
size_t live_tree_count_groups(const struct live_tree *t, enum live_group_kind kind);

#endif

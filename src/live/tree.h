/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame as a view shows it: its rows, their groups, and the lines that they unfold to. */
#ifndef PORTSTAT_LIVE_TREE_H
#define PORTSTAT_LIVE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "live/groups.h"
#include "live/live_columns.h"
#include "live/rows.h"

enum live_item_kind {
	ITEM_ROW, /* a socket */
	ITEM_GROUP, /* what sockets have in common; in the view by port it is a socket, too */
};

/* A line of the table. */
struct live_item {
	uint64_t id;
	uint32_t at; /* index of rows or groups */
	uint32_t group; /* the group it stands under; MAP_NONE */
	uint8_t kind; /* enum live_item_kind */
	bool is_last; /* of its group */
};

/* Which groups are unfolded.  Zero-initialised: none. */
struct folds {
	struct map flipped; /* groups that are not folded as the others are */
	bool is_open; /* how the others are */
	unsigned int version; /* counts up with every change */
};

bool folds_is_open(const struct folds *folds, uint64_t id);
void folds_set(struct folds *folds, uint64_t id, bool is_open);
void folds_set_all(struct folds *folds, bool are_open);

/* What a tree is made from. */
struct tree_wants {
	const struct frame *frame;
	struct rows_choice choice;
	unsigned int filter_version; /* another number: another filter */
	enum live_view view;
	struct live_order order;
	bool may_hide; /* there may be connections that were not asked for, or do not show */
};

/* Zero-initialised is empty. */
struct live_tree {
	struct tree_wants from; /* what it shows; what is borrowed there may be gone */
	struct live_rows rows;
	struct groups groups;
	struct live_item *items;
	size_t n_items;
	size_t items_cap;
	size_t n_alive; /* items that are a socket which is open */
	unsigned int unfolded; /* by this version of the folds */
};

void live_tree_fini(struct live_tree *t);

/* Is it made from these, whatever time it is?  Else it is to be built. */
bool live_tree_is_of(const struct live_tree *t, const struct tree_wants *wants);

/* Rows and groups anew; the items follow with live_tree_unfold(). */
void live_tree_build(struct live_tree *t, const struct tree_wants *wants);
void live_tree_unfold(struct live_tree *t, const struct folds *folds);

/* The row of an item; for a group the one that heads or stands for it.  NULL for none. */
const struct row *live_tree_row(const struct live_tree *t, const struct live_item *item);

/* The group of an ITEM_GROUP, else NULL. */
const struct live_group *live_tree_group(const struct live_tree *t, const struct live_item *item);

/* Finds an item by its identity. */
bool live_tree_find(const struct live_tree *t, uint64_t id, size_t *index);

/* Tags go by the socket: it is tagged below each of its processes and in each view. */
uint64_t live_tree_tag_id(const struct live_tree *t, const struct live_item *item);

/* Those with somebody alive: what is put together for another reason is no process. */
size_t live_tree_count_groups(const struct live_tree *t, enum live_group_kind kind);

#endif

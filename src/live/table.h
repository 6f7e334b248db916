/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of a view's table: its columns, order, folds, scroll position, and a cursor that
 * follows its item by identity.
 */
#ifndef PORTSTAT_LIVE_TABLE_H
#define PORTSTAT_LIVE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live/live_columns.h"
#include "live/tree.h"

/* Screen columns before the first cell: cursor, change and fold symbols. */
#define TABLE_GUTTER 3

/* Columns that come in front of those of the user while there are several of what they tell. */
enum table_guest {
	GUEST_HOST,
	GUEST_NETNS,
};
#define TABLE_GUESTS 2

struct table {
	const struct live_column *shown[LIVE_COLUMNS_MAX];
	size_t n_shown;
	size_t n_extra; /* the last of them are shown because the filter tests them */
	const struct live_column *guests[TABLE_GUESTS]; /* shown as such; NULL: not */
	bool are_refused[TABLE_GUESTS]; /* the user took it off */
	struct live_order order;
	uint64_t cursor; /* id of the item under the cursor */
	size_t index; /* index of that item in the tree */
	size_t top; /* index of the first item on the screen */
	struct folds folds;
	uint64_t unfolded; /* id of the group that was just unfolded; 0: none */
	unsigned char widths[LIVE_COLUMNS_MAX]; /* as drawn; 0: not drawn, no room */
	unsigned char widest[LIVE_COLUMNS_MAX]; /* what the widest cell seen so far needs */
	uint64_t widest_by[LIVE_COLUMNS_MAX]; /* id of its item; 0: the title */
	unsigned char whole[LIVE_COLUMNS_MAX]; /* the same of the longest address, without names */
	uint64_t whole_by[LIVE_COLUMNS_MAX];
};

void table_fini(struct table *t);

/*
 * Sets the columns from a list of keys, the order from a key (with a leading - for descending).  An
 * invalid text changes nothing.
 */
void table_set_columns(struct table *t, const struct live_columns *columns, const char *list);
void table_set_order(struct table *t, const struct live_columns *columns, const char *key);

/* The columns and the order as such texts.  The caller frees them. */
char *table_columns_text(const struct table *t);
char *table_order_text(const struct table *t);

/* Sets the columns. */
void table_show(struct table *t, const struct live_column *const *list, size_t n);

/* Sets the columns; if the column of the order is no longer shown, sorts by the first column. */
void table_choose(struct table *t, const struct live_column *const *list, size_t n);

/*
 * Shows a guest in front of the other columns, unless the user has that column anyway; or hides it
 * again.  Guests are not among the columns that are saved.
 */
void table_invite(struct table *t, enum table_guest guest, const struct live_column *column);
void table_dismiss(struct table *t, enum table_guest guest);

/* Shows the columns that the filter tests, in place of those of the filter before. */
void table_show_tested(struct table *t, const struct live_column *const *list, size_t n);

/* Is the column shown; and is it so for another reason than that the filter tests it? */
bool table_shows(const struct table *t, const struct live_column *column);
bool table_has_chosen(const struct table *t, const struct live_column *column);

/* The drawn column in which this view draws the branches of the tree; NULL: none. */
const struct live_column *table_branch(const struct table *t, enum live_view view);

/* Forgets what the widest cells need, when all cells change. */
void table_forget_widths(struct table *t);

/* The item under the cursor; NULL if the table is empty. */
const struct live_item *table_current(const struct table *t, const struct live_tree *tree);

/* After the items changed, moves the cursor to its item again, or to a neighbour if it is gone. */
void table_find_cursor(struct table *t, const struct live_tree *tree);

/*
 * Moves the cursor to item id and scrolls to top.  False if the tree no longer has the item, not
 * even under a new identity.
 */
bool table_return(struct table *t, const struct live_tree *tree, uint64_t id, size_t top);

/* Moves the cursor to an index, or to the last item.  Returns whether it is on another item now. */
bool table_move_to(struct table *t, const struct live_tree *tree, size_t index);

/* Moves the cursor to whichever item will be the first. */
void table_rewind(struct table *t);

/*
 * The index that is by items away from the cursor; not below 0.  table_move_to() limits it to the
 * last.
 */
size_t table_place(const struct table *t, ptrdiff_t by);

/* Folds or unfolds the group under the cursor.  live_tree_unfold() updates the items. */
void table_fold(struct table *t, const struct live_tree *tree, bool is_to_open);

/* Folds all groups if any is unfolded, else unfolds all. */
void table_fold_all(struct table *t, const struct live_tree *tree);

/* If the group under the cursor was just unfolded, scrolls so that its children are in sight. */
void table_show_children(struct table *t, const struct live_tree *tree, size_t n_rows);

/* Scrolls so that an item is within n_rows lines. */
void table_scroll(struct table *t, const struct live_tree *tree, size_t index, size_t n_rows);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a view remembers of its table: columns, order, and a cursor that goes by identity. */
#ifndef PORTSTAT_LIVE_TABLE_H
#define PORTSTAT_LIVE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live/live_columns.h"
#include "live/tree.h"

/* Columns of the screen before the first cell: cursor, change and fold. */
#define TABLE_GUTTER 3

struct table {
	const struct live_column *shown[LIVE_COLUMNS_MAX];
	size_t n_shown;
	struct live_order order;
	uint64_t cursor; /* id of the item */
	size_t index; /* where it is */
	size_t top; /* the first item on the screen */
	struct folds folds;
	unsigned char widths[LIVE_COLUMNS_MAX]; /* as drawn; 0: no room for the column */
	unsigned char widest[LIVE_COLUMNS_MAX]; /* what they would like to have */
};

void table_fini(struct table *t);

/* From a list of keys; from a key, descending with - in front.  What is none changes nothing. */
void table_set_columns(struct table *t, const struct live_columns *columns, const char *list);
void table_set_order(struct table *t, const struct live_columns *columns, const char *key);

/* The same as texts, for the caller to free. */
char *table_columns_text(const struct table *t);
char *table_order_text(const struct table *t);

/* Shows these. */
void table_show(struct table *t, const struct live_column *const *list, size_t n);

/* The same in place of others: an order whose column goes is by the first one from now on. */
void table_choose(struct table *t, const struct live_column *const *list, size_t n);

bool table_shows(const struct table *t, const struct live_column *column);

/* The column in which the branches of the tree stand in this view; NULL: in none. */
const struct live_column *table_branch(const struct table *t, enum live_view view);

/* Widths that other cells made are of no use any more. */
void table_forget_widths(struct table *t);

/* The item under the cursor; NULL where there is none. */
const struct live_item *table_current(const struct table *t, const struct live_tree *tree);

/* Finds the cursor's item again after the items changed, or its neighbour where it went. */
void table_find_cursor(struct table *t, const struct live_tree *tree);

/*
 * Goes back to an item and to where the table was scrolled then.  False where the tree has it no
 * more, under the identity that it has now neither.
 */
bool table_return(struct table *t, const struct live_tree *tree, uint64_t id, size_t top);

/* To the item at this place, or the last one.  Returns whether it is another one than before. */
bool table_move_to(struct table *t, const struct live_tree *tree, size_t index);

/* The place so many items away; the first or the last one, where there are not as many. */
size_t table_place(const struct table *t, ptrdiff_t by);

/* Folds or unfolds the group under the cursor.  The tree is to be unfolded anew. */
void table_fold(struct table *t, const struct live_tree *tree, bool is_to_open);

/* Folds all where any is open, else unfolds all. */
void table_fold_all(struct table *t, const struct live_tree *tree);

/* Keeps the cursor on a screen with so many rows. */
void table_scroll(struct table *t, const struct live_tree *tree, size_t n_rows);

#endif

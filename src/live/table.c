/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of a view's table: its columns, order, folds, scroll position, and a cursor that
 * follows its item by identity.
 */
#include <config.h>

#include "live/table.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "live/frame.h"

void table_fini(struct table *t)
{
	map_fini(&t->folds.flipped);
}

/* ---- columns ---- */

void table_set_columns(struct table *t, const struct live_columns *columns, const char *list)
{
	const struct live_column *parsed[LIVE_COLUMNS_MAX];
	const char *bad;
	size_t bad_len, n;

	n = live_columns_parse(columns, list, strlen(list), parsed, &bad, &bad_len);
	if (n)
		table_show(t, parsed, n);
}

void table_set_order(struct table *t, const struct live_columns *columns, const char *key)
{
	bool is_descending = *key == '-';
	const struct live_column *column =
		live_columns_find(columns, key + is_descending, strlen(key + is_descending));

	if (column)
		t->order = (struct live_order){ .column = column, .is_descending = is_descending };
}

static bool is_guest(const struct table *t, const struct live_column *column)
{
	for (size_t i = 0; i < TABLE_GUESTS; i++)
		if (t->guests[i] == column)
			return true;
	return false;
}

char *table_columns_text(const struct table *t)
{
	struct buf text = { 0 };
	char *copy;

	for (size_t i = 0; i + t->n_extra < t->n_shown; i++) {
		if (is_guest(t, t->shown[i]))
			continue;
		if (text.len)
			buf_char(&text, ',');
		buf_str(&text, t->shown[i]->key);
	}
	copy = mem_strdup(buf_cstr(&text));
	buf_fini(&text);
	return copy;
}

char *table_order_text(const struct table *t)
{
	struct buf text = { 0 };
	char *copy;

	buf_str(&text, t->order.is_descending ? "-" : "");
	buf_str(&text, t->order.column->key);
	copy = mem_strdup(buf_cstr(&text));
	buf_fini(&text);
	return copy;
}

void table_show(struct table *t, const struct live_column *const *list, size_t n)
{
	memcpy(t->shown, list, n * sizeof(*list));
	t->n_shown = n;
	t->n_extra = 0;
	for (size_t i = 0; i < TABLE_GUESTS; i++)
		if (t->guests[i] && !table_shows(t, t->guests[i])) {
			t->guests[i] = NULL;
			t->are_refused[i] = true;
		}
	table_forget_widths(t);
}

bool table_has_chosen(const struct table *t, const struct live_column *column)
{
	for (size_t i = 0; i + t->n_extra < t->n_shown; i++)
		if (t->shown[i] == column)
			return true;
	return false;
}

void table_invite(struct table *t, enum table_guest guest, const struct live_column *column)
{
	size_t at = guest == GUEST_NETNS && t->n_shown && t->shown[0] == t->guests[GUEST_HOST];

	if (t->are_refused[guest] || table_has_chosen(t, column) || t->n_shown == LIVE_COLUMNS_MAX)
		return;
	memmove(t->shown + at + 1, t->shown + at, (t->n_shown - at) * sizeof(*t->shown));
	t->shown[at] = t->guests[guest] = column;
	t->n_shown++;
	table_forget_widths(t);
}

void table_dismiss(struct table *t, enum table_guest guest)
{
	size_t at = 0;

	while (at < t->n_shown && t->shown[at] != t->guests[guest])
		at++;
	t->guests[guest] = NULL;
	if (at == t->n_shown)
		return;
	t->n_shown--;
	memmove(t->shown + at, t->shown + at + 1, (t->n_shown - at) * sizeof(*t->shown));
	table_forget_widths(t);
}

void table_show_tested(struct table *t, const struct live_column *const *list, size_t n)
{
	t->n_shown -= t->n_extra;
	t->n_extra = 0;
	for (size_t i = 0; i < n && t->n_shown < LIVE_COLUMNS_MAX; i++) {
		if (table_shows(t, list[i]))
			continue;
		t->shown[t->n_shown++] = list[i];
		t->n_extra++;
	}
	table_forget_widths(t);
}

bool table_shows(const struct table *t, const struct live_column *column)
{
	for (size_t i = 0; i < t->n_shown; i++)
		if (t->shown[i] == column)
			return true;
	return false;
}

void table_choose(struct table *t, const struct live_column *const *list, size_t n)
{
	bool was_sorted_by_one = table_shows(t, t->order.column);

	table_show(t, list, n);
	/* An order by a column that was not shown before either stays. */
	if (was_sorted_by_one && !table_shows(t, t->order.column))
		t->order.column = t->shown[0];
}

const struct live_column *table_branch(const struct table *t, enum live_view view)
{
	/* The first column has the port. */
	for (size_t i = 1; i < t->n_shown && view == VIEW_PORTS; i++)
		if (t->widths[i])
			return t->shown[i];
	for (size_t i = 0; i < t->n_shown && view != VIEW_PORTS; i++)
		if (t->shown[i]->special == SPECIAL_TREE)
			return t->shown[i];
	return NULL;
}

void table_forget_widths(struct table *t)
{
	memset(t->widest, 0, sizeof(t->widest));
	memset(t->widest_by, 0, sizeof(t->widest_by));
	memset(t->whole, 0, sizeof(t->whole));
	memset(t->whole_by, 0, sizeof(t->whole_by));
}

/* ---- the cursor ---- */

const struct live_item *table_current(const struct table *t, const struct live_tree *tree)
{
	return t->index < tree->n_items ? live_tree_item(tree, t->index) : NULL;
}

/* The new identity of a row whose cookie changed: a connection that became a minisocket. */
static uint64_t renamed(const struct frame *f, uint64_t id)
{
	for (size_t i = 0; f && i < f->n_renamed; i++)
		if (f->renamed[i].previous_id == id)
			return f->renamed[i].id;
	return id;
}

/* Moves the cursor to the item, by its old or its new identity. */
static bool find(struct table *t, const struct live_tree *tree, uint64_t id)
{
	if (!live_tree_find(tree, id, &t->index) &&
	    !live_tree_find(tree, renamed(tree->rows.frame, id), &t->index))
		return false;
	t->cursor = live_tree_item(tree, t->index)->id;
	return true;
}

void table_find_cursor(struct table *t, const struct live_tree *tree)
{
	if (!tree->n_items) {
		t->index = 0;
		return;
	}
	if (t->index < tree->n_items && live_tree_item(tree, t->index)->id == t->cursor)
		return;
	if (t->cursor && find(t, tree, t->cursor))
		return;
	if (t->index >= tree->n_items)
		t->index = tree->n_items - 1;
	t->cursor = live_tree_item(tree, t->index)->id;
}

bool table_return(struct table *t, const struct live_tree *tree, uint64_t id, size_t top)
{
	if (!find(t, tree, id))
		return false;
	t->top = top;
	return true;
}

bool table_move_to(struct table *t, const struct live_tree *tree, size_t index)
{
	uint64_t before = t->cursor;

	if (!tree->n_items)
		return false;
	t->index = index < tree->n_items ? index : tree->n_items - 1;
	t->cursor = live_tree_item(tree, t->index)->id;
	return t->cursor != before;
}

void table_rewind(struct table *t)
{
	t->cursor = 0;
	t->index = 0;
	t->top = 0;
}

size_t table_place(const struct table *t, ptrdiff_t by)
{
	return by < 0 && (size_t)-by > t->index ? 0 : t->index + (size_t)by;
}

void table_scroll(struct table *t, const struct live_tree *tree, size_t index, size_t n_rows)
{
	if (t->top > index)
		t->top = index;
	if (n_rows && index >= t->top + n_rows)
		t->top = index - n_rows + 1;
	/* Leave no empty lines at the end after rows were removed. */
	if (t->top && t->top + n_rows > tree->n_items)
		t->top = tree->n_items > n_rows ? tree->n_items - n_rows : 0;
}

void table_show_children(struct table *t, const struct live_tree *tree, size_t n_rows)
{
	const struct live_item *item = table_current(t, tree);
	const struct live_group *group = item ? live_tree_group(tree, item) : NULL;

	if (group && group->id == t->unfolded)
		table_scroll(t, tree, t->index + group->n_all, n_rows);
	t->unfolded = 0;
}

/* ---- folding ---- */

void table_fold(struct table *t, const struct live_tree *tree, bool is_to_open)
{
	const struct live_item *item = table_current(t, tree);
	const struct live_group *group = item ? live_tree_group(tree, item) : NULL;

	if (group && group->n_all && folds_is_open(&t->folds, group->id) != is_to_open)
		folds_set(&t->folds, group->id, is_to_open);
	t->unfolded = group && is_to_open ? group->id : 0;
}

void table_fold_all(struct table *t, const struct live_tree *tree)
{
	const struct live_item *item = table_current(t, tree);
	bool is_any_open = false;

	for (size_t i = 0; i < tree->groups.n; i++)
		is_any_open |= tree->groups.list[i].n_all &&
			       folds_is_open(&t->folds, tree->groups.list[i].id);
	/* The cursor's row is folded away: move the cursor to its group. */
	if (is_any_open && item && item->group != MAP_NONE)
		t->cursor = tree->groups.list[item->group].id;
	folds_set_all(&t->folds, !is_any_open);
}

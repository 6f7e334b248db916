/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the table: its head, and its rows with highlighted changes. */
#include <config.h>

#include "live/table_draw.h"

#include "base/i18n.h"
#include "base/text.h"
#include "live/canvas.h"
#include "live/cells.h"
#include "live/frame.h"
#include "live/shorten.h"
#include "live/table.h"
#include "live/tags.h"
#include "live/widths.h"
#include "query/columns.h"

/* Of connections that end. */
#define CLOSING_STATES                                                         \
	(STATE_BIT(SOCK_STATE_FIN_WAIT_1) | STATE_BIT(SOCK_STATE_FIN_WAIT_2) | \
	 STATE_BIT(SOCK_STATE_TIME_WAIT) | STATE_BIT(SOCK_STATE_CLOSE) |       \
	 STATE_BIT(SOCK_STATE_LAST_ACK) | STATE_BIT(SOCK_STATE_CLOSING))

void table_draw_head(const struct table *table, struct canvas *out, int y)
{
	const struct glyphs *glyphs = out->glyphs;
	struct buf title = { 0 };

	canvas_str(out, y, STYLE_HEAD, "   ");
	for (size_t i = 0, n = 0; i < table->n_shown; i++) {
		const struct live_column *column = table->shown[i];
		bool is_sorted = column == table->order.column;

		if (!table->widths[i])
			continue;
		if (n++)
			canvas_str(out, y, STYLE_HEAD, " ");
		buf_clear(&title);
		live_column_title(column, &title);
		if (is_sorted)
			buf_str(&title, table->order.is_descending ? glyphs->descending
								   : glyphs->ascending);
		canvas_cell(out, y, is_sorted ? STYLE_HEAD_SORTED : STYLE_HEAD, title.data,
			    title.len, table->widths[i], column->is_right);
	}
	canvas_to(out, y, STYLE_HEAD, out->width);
	buf_fini(&title);
}

static bool is_fresh(const struct table_scene *scene, uint64_t changed_ms)
{
	return scene->is_paused || scene->cells->now_ms - changed_ms < FRAME_LINGER_MS;
}

/* A group is new if all its children are, and closed if all are. */
static enum row_change change_of_group(const struct table_scene *scene,
				       const struct live_group *group)
{
	if (!group->n)
		return CHANGE_CLOSED;
	return group->n_new == group->n_all && is_fresh(scene, group->new_ms) ? CHANGE_NEW
									      : CHANGE_NONE;
}

static enum row_change change_of(const struct table_scene *scene, const struct live_item *item)
{
	const struct live_group *group = live_tree_group(scene->cells->tree, item);
	const struct row *row = live_tree_row(scene->cells->tree, item);
	const struct row_history *history;

	if (group && group->kind != GROUP_LISTENER)
		return change_of_group(scene, group);
	if (!row)
		return CHANGE_NONE;
	history = frame_history(scene->cells->tree->rows.frame, row);
	if (history->change != CHANGE_CLOSED && !is_fresh(scene, history->changed_ms))
		return CHANGE_NONE;
	return (enum row_change)history->change;
}

static char change_char(enum row_change change)
{
	switch (change) {
	case CHANGE_NONE:
		return ' ';
	case CHANGE_NEW:
		return '+';
	case CHANGE_STATE:
		return '~';
	case CHANGE_CLOSED:
		return 'x';
	}
	return ' ';
}

static bool is_tagged(const struct table_scene *scene, const struct live_item *item)
{
	return scene->tags->n && tags_has(scene->tags, live_tree_tag_id(scene->cells->tree, item));
}

/* Does the row need a look, or one that is folded below it? */
static bool is_troubled(const struct table_scene *scene, const struct live_item *item)
{
	const struct live_tree *tree = scene->cells->tree;
	const struct live_group *group = live_tree_group(tree, item);
	const struct row *row = live_tree_row(tree, item);

	if (group && group->n_troubled && !folds_is_open(&scene->table->folds, group->id))
		return true;
	return row && (!group || group->kind == GROUP_LISTENER) &&
	       frame_history(tree->rows.frame, row)->watch.bits;
}

/* Is it the last that is known of a host that went away? */
static bool is_away(const struct table_scene *scene, const struct live_item *item)
{
	const struct live_tree *tree = scene->cells->tree;
	const struct live_group *group = live_tree_group(tree, item);
	const struct row *row = live_tree_row(tree, item);

	if (row)
		return frame_away_ms(tree->rows.frame, row);
	return group && group->n_away && group->n_away == group->n;
}

static enum style row_style(const struct table_scene *scene, const struct live_item *item,
			    bool is_current)
{
	if (scene->hit == item->id)
		return STYLE_HIT;
	if (is_current)
		return STYLE_CURSOR;
	if (is_tagged(scene, item))
		return STYLE_TAGGED;
	switch (change_of(scene, item)) {
	case CHANGE_NEW:
		return STYLE_NEW;
	case CHANGE_STATE:
		return STYLE_CHANGED;
	case CHANGE_CLOSED:
		return STYLE_CLOSED;
	case CHANGE_NONE:
		break;
	}
	if (is_away(scene, item))
		return STYLE_DIM;
	if (is_troubled(scene, item))
		return STYLE_TROUBLE;
	return item->kind == ITEM_GROUP ? STYLE_LISTEN : STYLE_PLAIN;
}

/* Is the text an address?  In the view by process the names of processes are in the same column. */
static bool has_address(const struct cells *cells, const struct live_item *item,
			const struct live_column *column)
{
	if (column->special == SPECIAL_TREE && cells->tree->from.view == VIEW_PROCESSES)
		return item->kind == ITEM_ROW;
	return column->is_address;
}

/* Adds the text of a cell, at most so many columns of it. */
static void add_cell(const struct table_scene *scene, const struct live_item *item,
		     const struct live_column *column, size_t room, const char *mark,
		     struct buf *out)
{
	const struct cells *cells = scene->cells;
	size_t start = out->len, branch = 0;

	cell_text(cells, item, column, out);
	if (live_item_is_child(item) && column == cells->branch)
		branch = text_fit(out->data + start, out->len - start, CELL_BRANCH, NULL);
	if (branch && room <= CELL_BRANCH)
		return;
	room -= branch ? CELL_BRANCH : 0;
	if (column->special == SPECIAL_HISTORY)
		shorten_history(out, start, room);
	else if (has_address(cells, item, column))
		shorten_address(out, start + branch, room, mark);
	else if (column->is_flexible)
		shorten_name(out, start + branch, room, mark);
}

static void measure_row(const struct table_scene *scene, const struct live_item *item,
			struct row_texts *texts)
{
	const struct table *table = scene->table;
	struct buf cell = { 0 };

	texts->branch = LIVE_COLUMNS_MAX;
	for (size_t i = 0; i < table->n_shown; i++) {
		buf_clear(&cell);
		if (table->widths[i])
			cell_text(scene->cells, item, table->shown[i], &cell);
		texts->width[i] = (int)text_width(cell.data, cell.len);
		/* A longer line would begin elsewhere than those of the other rows. */
		if (table->shown[i]->special == SPECIAL_HISTORY &&
		    texts->width[i] > table->widths[i])
			texts->width[i] = table->widths[i];
		if (live_item_is_child(item) && table->shown[i] == scene->cells->branch)
			texts->branch = i;
	}
	buf_fini(&cell);
}

/* The state has a look of its own where the row has none. */
static enum style cell_style(const struct table_scene *scene, const struct live_item *item,
			     const struct live_column *column, enum style style)
{
	const struct row *row = live_tree_row(scene->cells->tree, item);

	if ((style != STYLE_PLAIN && style != STYLE_LISTEN) || !row ||
	    column->column != scene->cells->columns->state)
		return style;
	if (row->sk->state == SOCK_STATE_LISTEN)
		return STYLE_STATE_LISTEN;
	return STATE_BIT(row->sk->state) & CLOSING_STATES ? STYLE_STATE_CLOSING : style;
}

static void draw_cells(const struct table_scene *scene, struct canvas *out, int y,
		       const struct live_item *item, enum style style)
{
	const struct table *table = scene->table;
	struct slot slots[LIVE_COLUMNS_MAX];
	struct row_texts texts;
	struct buf cell = { 0 };

	measure_row(scene, item, &texts);
	widths_slots(table, &texts, slots);
	for (size_t i = 0; i < table->n_shown; i++) {
		enum style look;

		if (!table->widths[i] || !texts.width[i])
			continue;
		buf_clear(&cell);
		add_cell(scene, item, table->shown[i], (size_t)slots[i].width, out->glyphs->cut,
			 &cell);
		canvas_to(out, y, style, slots[i].x);
		look = cell_style(scene, item, table->shown[i], style);
		if (i == texts.branch)
			canvas_put(out, y, look, cell.data, cell.len);
		else
			canvas_cell(out, y, look, cell.data, cell.len, slots[i].width,
				    table->shown[i]->is_right);
	}
	buf_fini(&cell);
}

static void draw_row(const struct table_scene *scene, struct canvas *out, int y, size_t index)
{
	const struct table *table = scene->table;
	const struct live_item *item = live_tree_item(scene->cells->tree, index);
	const struct live_group *group = live_tree_group(scene->cells->tree, item);
	bool is_current = index == table->index;
	enum style style = row_style(scene, item, is_current);
	char gutter[3] = { ' ', change_char(change_of(scene, item)), ' ' };

	if (gutter[1] == ' ' && is_troubled(scene, item))
		gutter[1] = '!';
	if (is_tagged(scene, item))
		gutter[0] = '*';
	else if (is_current)
		gutter[0] = '>';
	if (group && group->n_all)
		gutter[2] = folds_is_open(&table->folds, group->id) ? 'v' : '>';
	canvas_put(out, y, style, gutter, sizeof(gutter));
	draw_cells(scene, out, y, item, style);
	if (is_current || scene->hit == item->id)
		canvas_to(out, y, style, out->width);
}

/* Of rows that this view does not show, the view of ports has those that listen. */
static void draw_elsewhere(const struct live_tree *tree, struct canvas *out, int y)
{
	uint32_t n = tree->rows.totals.rows;
	struct buf text = { 0 };

	buf_printf(&text,
		   P_("   No rows here: the %u row that matches is in the view of ports (1).",
		      "   No rows here: the %u rows that match are in the view of ports (1).", n),
		   n);
	canvas_put(out, y, STYLE_DIM, text.data, text.len);
	buf_fini(&text);
}

void table_draw_rows(const struct table_scene *scene, struct canvas *out, int y, int first, int n)
{
	const struct live_tree *tree = scene->cells->tree;
	size_t top = scene->table->top;

	for (int i = first; i < n && top + (size_t)i < tree->n_items; i++)
		draw_row(scene, out, y + i, top + (size_t)i);
	if (tree->n_items || n < 2 || first > 1)
		return;
	if (tree->from.view == VIEW_CHANGES)
		canvas_str(out, y + 1, STYLE_DIM,
			   _("   Nothing that the filter matches has opened or closed so far."));
	else if (scene->is_refreshing)
		canvas_str(out, y + 1, STYLE_DIM, _("   loading ..."));
	else if (tree->rows.totals.rows)
		draw_elsewhere(tree, out, y + 1);
	else if (scene->has_more_netns)
		canvas_str(out, y + 1, STYLE_DIM,
			   _("   No rows: check the filter, or try another view (Tab) or all "
			     "namespaces (N)."));
	else
		canvas_str(out, y + 1, STYLE_DIM,
			   _("   No rows: check the filter, or try another view (Tab)."));
}

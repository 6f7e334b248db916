/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture: the table, and around it what state_top.c, details.c and the dialogs draw. */
#include <config.h>

#include "live/state_parts.h"

#include "base/addr.h"
#include "base/i18n.h"
#include "base/text.h"
#include "query/columns.h"

/* ---- table ---- */

static void draw_head(const struct live_state *s, struct canvas *out, int y)
{
	const struct view_state *view = state_view_const(s);
	const struct glyphs *glyphs = state_glyphs(s);
	struct buf title = { 0 };

	canvas_str(out, y, STYLE_HEAD, "   ");
	for (size_t i = 0, n = 0; i < view->n_shown; i++) {
		const struct live_column *column = view->shown[i];
		bool is_sorted = column == view->sort;

		if (!view->widths[i])
			continue;
		if (n++)
			canvas_str(out, y, STYLE_HEAD, " ");
		buf_clear(&title);
		live_column_title(column, &title);
		if (is_sorted)
			buf_str(&title, view->is_descending ? glyphs->descending : glyphs->ascending);
		canvas_cell(out, y, is_sorted ? STYLE_HEAD_SORTED : STYLE_HEAD, title.data, title.len,
			    view->widths[i], column->is_right);
	}
	canvas_to(out, y, STYLE_HEAD, s->width);
	buf_fini(&title);
}

static bool is_fresh(const struct live_state *s, uint64_t marked_ms)
{
	return s->is_paused || s->now_ms - marked_ms < FRAME_LINGER_MS;
}

/* What stands for its children comes with the first of them and goes with the last. */
static enum row_mark mark_of_group(const struct live_state *s, const struct live_group *group)
{
	if (!group->n)
		return MARK_CLOSED;
	return group->n_new == group->n_all && is_fresh(s, group->new_ms) ? MARK_NEW : MARK_NONE;
}

static enum row_mark mark_of(const struct live_state *s, const struct live_item *item)
{
	const struct live_group *group = item_group(s, item);
	const struct row *row = item_row(s, item);
	const struct row_note *note;

	if (group && group->kind != GROUP_LISTENER)
		return mark_of_group(s, group);
	if (!row)
		return MARK_NONE;
	note = frame_note(s->frame, row);
	if (note->mark != MARK_CLOSED && !is_fresh(s, note->marked_ms))
		return MARK_NONE;
	return (enum row_mark)note->mark;
}

static char mark_char(enum row_mark mark)
{
	switch (mark) {
	case MARK_NONE:
		return ' ';
	case MARK_NEW:
		return '+';
	case MARK_CHANGED:
		return '~';
	case MARK_CLOSED:
		return 'x';
	}
	return ' ';
}

static bool is_tagged(const struct live_state *s, const struct live_item *item)
{
	if (!s->n_tags)
		return false;
	if (item->kind == ITEM_ROW)
		return state_is_tagged(s, frame_note(s->frame, &s->rows[item->at])->id);
	return state_is_tagged(s, item->id);
}

static enum style row_style(const struct live_state *s, const struct live_item *item,
			    bool is_current)
{
	if (is_current)
		return STYLE_CURSOR;
	if (is_tagged(s, item))
		return STYLE_TAGGED;
	switch (mark_of(s, item)) {
	case MARK_NEW:
		return STYLE_NEW;
	case MARK_CHANGED:
		return STYLE_CHANGED;
	case MARK_CLOSED:
		return STYLE_CLOSED;
	case MARK_NONE:
		break;
	}
	return item->kind == ITEM_GROUP ? STYLE_LISTEN : STYLE_PLAIN;
}

static bool keeps_port(const struct live_column *c)
{
	return c->special == SPECIAL_END || (c->column && c->column->keeps_port);
}

static void draw_row(const struct live_state *s, struct canvas *out, int y, size_t index)
{
	const struct view_state *view = state_view_const(s);
	const struct live_item *item = &s->items[index];
	const struct live_group *group = item_group(s, item);
	bool is_current = index == view->index;
	enum style style = row_style(s, item, is_current);
	struct buf cell = { 0 };
	char gutter[3] = { ' ', mark_char(mark_of(s, item)), ' ' };

	if (is_tagged(s, item))
		gutter[0] = '*';
	else if (is_current)
		gutter[0] = '>';
	if (group && group->n_all)
		gutter[2] = group_is_open(view, group->id) ? 'v' : '>';
	canvas_put(out, y, style, gutter, sizeof(gutter));
	for (size_t i = 0, n = 0; i < view->n_shown; i++) {
		if (!view->widths[i])
			continue;
		if (n++)
			canvas_str(out, y, style, " ");
		buf_clear(&cell);
		state_cell(s, item, view->shown[i], &cell);
		if (keeps_port(view->shown[i]))
			text_shorten(&cell, 0, view->widths[i], state_glyphs(s)->cut,
				     addr_port_tail(cell.data, cell.len));
		canvas_cell(out, y, style, cell.data, cell.len, view->widths[i],
			    view->shown[i]->is_right);
	}
	if (is_current)
		canvas_to(out, y, style, s->width);
	buf_fini(&cell);
}

/* But for the first ones, in whose place something else stands. */
static void draw_rows(const struct live_state *s, struct canvas *out, const struct live_layout *l,
		      int first)
{
	size_t top = state_view_const(s)->top;

	for (int y = first; y < l->n_rows && top + (size_t)y < s->n_items; y++)
		draw_row(s, out, l->rows_y + y, top + (size_t)y);
	if (s->n_items || l->n_rows < 2 || first > 1)
		return;
	if (state_is_looking(s))
		canvas_str(out, l->rows_y + 1, STYLE_DIM, _("   looking ..."));
	else
		canvas_str(out, l->rows_y + 1, STYLE_DIM,
			   _("   nothing here: see the filter, and the other views (Tab)"));
}

/* ---- the lowest line ---- */

static void draw_bar(const struct live_state *s, struct canvas *out, int y)
{
	for (size_t i = 0; i < key_bindings_n; i++) {
		char name[KEY_NAME_SIZE];

		if (!key_bindings[i].label || !state_has_action(s, key_bindings[i].action))
			continue;
		canvas_str(out, y, STYLE_KEY, key_label(key_bindings[i].keys[0], name));
		canvas_str(out, y, STYLE_KEY_LABEL, _(key_bindings[i].label));
		canvas_str(out, y, STYLE_PLAIN, " ");
	}
}

/* On a small screen the one line that says what holds. */
static void draw_compact(const struct live_state *s, struct canvas *out, int y)
{
	struct buf text = { 0 };
	bool is_alert;

	if (s->mode == MODE_FILTER || s->mode == MODE_SEARCH) {
		state_draw_filter(s, out, y);
		return;
	}
	canvas_str(out, y, STYLE_TITLE, " ");
	canvas_str(out, y, STYLE_TITLE, live_view_title(s->view));
	canvas_str(out, y, STYLE_TITLE, " ");
	canvas_str(out, y, STYLE_TITLE, state_liveness(s, &is_alert));
	buf_str(&text, "  ");
	state_rows_text(s, (size_t)s->width, &text);
	if (s->filter_text.len) {
		buf_str(&text, "  ");
		state_visible(s, s->filter_text.data, s->filter_text.len, &text);
	}
	canvas_put(out, y, STYLE_TITLE, text.data, text.len);
	canvas_to(out, y, STYLE_TITLE, s->width);
	buf_fini(&text);
}

static void draw_lowest(const struct live_state *s, struct canvas *out, const struct live_layout *l)
{
	if (s->message.len)
		canvas_put(out, l->bar_y, s->is_message_error ? STYLE_ERROR : STYLE_LABEL,
			   s->message.data, s->message.len);
	else if (l->is_compact)
		draw_compact(s, out, l->bar_y);
	else
		draw_bar(s, out, l->bar_y);
}

void panel_rule(const struct live_state *s, struct canvas *out, int y, const char *text)
{
	const struct glyphs *glyphs = state_glyphs(s);

	canvas_repeat(out, y, STYLE_RULE, glyphs->rule, 2);
	canvas_str(out, y, STYLE_RULE, " ");
	canvas_str(out, y, STYLE_RULE, text);
	canvas_str(out, y, STYLE_RULE, " ");
	canvas_repeat(out, y, STYLE_RULE, glyphs->rule, s->width - canvas_column(out, y));
}

void live_state_draw(const struct live_state *s, struct canvas *out)
{
	struct live_layout l = state_layout(s);
	int first = 0;

	canvas_begin(out, s->width, s->height, state_glyphs(s)->cut);
	if (l.is_too_small) {
		struct buf text = { 0 };

		buf_printf(&text, _("enlarge to %dx%d"), LIVE_LEAST_WIDTH, LIVE_LEAST_HEIGHT);
		canvas_put(out, 0, STYLE_PLAIN, text.data, text.len);
		buf_fini(&text);
		return;
	}
	if (!l.is_compact) {
		state_draw_title(s, out, l.title_y);
		state_draw_tabs(s, out, l.tabs_y);
		state_draw_filter(s, out, l.filter_y);
	}
	if (s->mode == MODE_FILTER && s->filter_error.message)
		first = state_draw_mistake(s, out, &l);
	else
		draw_head(s, out, l.head_y);
	draw_rows(s, out, &l, first);
	if (s->mode == MODE_TABLE || s->mode == MODE_FILTER || s->mode == MODE_SEARCH)
		details_draw(s, out, l.panel_y, l.panel_n);
	else
		dialog_draw(s, out, l.panel_y, l.panel_n);
	draw_lowest(s, out, &l);
}

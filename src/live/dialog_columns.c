/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialogs about columns: which are shown, in which order, and by which one to sort. */
#include <config.h>

#include "live/state_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

static bool is_on(const struct view_state *view, const struct live_column *column)
{
	for (size_t i = 0; i < view->n_shown; i++)
		if (view->shown[i] == column)
			return true;
	return false;
}

void dialog_open_columns(struct live_state *s)
{
	const struct view_state *view = state_view(s);
	struct live_dialog *d = &s->dialog;

	dialog_close(s);
	s->mode = MODE_COLUMNS;
	d->columns = mem_calloc(s->columns.n, sizeof(*d->columns));
	for (size_t i = 0; i < view->n_shown; i++)
		d->columns[d->n_columns++] = view->shown[i];
	d->n_on = d->n_columns;
	for (size_t i = 0; i < s->columns.n; i++)
		if (!is_on(view, &s->columns.list[i]))
			d->columns[d->n_columns++] = &s->columns.list[i];
}

static void add_sort(struct live_dialog *d, const struct live_column *column)
{
	for (size_t i = 0; i < d->n_columns; i++)
		if (d->columns[i] == column)
			return;
	d->columns[d->n_columns++] = column;
}

void dialog_open_sort(struct live_state *s)
{
	const char *usual_key = live_view_sort(s->view) + (*live_view_sort(s->view) == '-');
	const struct live_column *usual =
		live_columns_find(&s->columns, usual_key, strlen(usual_key));
	const struct view_state *view = state_view(s);
	struct live_dialog *d = &s->dialog;

	dialog_close(s);
	s->mode = MODE_SORT;
	d->columns = mem_calloc(view->n_shown + 2, sizeof(*d->columns));
	for (size_t i = 0; i < view->n_shown; i++)
		d->columns[d->n_columns++] = view->shown[i];
	/* A view may start with an order of which it shows no column: that comes back from here. */
	add_sort(d, usual);
	add_sort(d, view->sort);
	d->n_on = d->n_columns;
	while (d->chosen + 1 < d->n_columns && d->columns[d->chosen] != view->sort)
		d->chosen++;
}

static void move_chosen(struct live_dialog *d, ptrdiff_t by)
{
	if (by < 0)
		d->chosen -= d->chosen < (size_t)-by ? d->chosen : (size_t)-by;
	else
		d->chosen += (size_t)by;
	if (d->chosen >= d->n_columns)
		d->chosen = d->n_columns - 1;
}

static void move_column(struct live_dialog *d, size_t from, size_t to)
{
	const struct live_column *column = d->columns[from];

	while (from < to) {
		d->columns[from] = d->columns[from + 1];
		from++;
	}
	while (from > to) {
		d->columns[from] = d->columns[from - 1];
		from--;
	}
	d->columns[to] = column;
}

/* Shown ones stand first: to switch one on or off moves it across the border. */
static void switch_column(struct live_dialog *d)
{
	if (d->chosen < d->n_on) {
		if (d->n_on == 1)
			return;
		move_column(d, d->chosen, d->n_on - 1);
		d->n_on--;
	} else if (d->n_on < LIVE_COLUMNS_MAX) {
		move_column(d, d->chosen, d->n_on);
		/* It is to be moved to its place next. */
		d->chosen = d->n_on++;
	}
}

static void shift_column(struct live_dialog *d, bool is_down)
{
	size_t at = d->chosen;

	if (at >= d->n_on || (is_down ? at + 1 >= d->n_on : at == 0))
		return;
	move_column(d, at, is_down ? at + 1 : at - 1);
	d->chosen = is_down ? at + 1 : at - 1;
}

static void apply(struct live_state *s)
{
	struct view_state *view = state_view(s);
	struct live_dialog *d = &s->dialog;
	bool was_on = is_on(view, view->sort);

	memcpy(view->shown, d->columns, d->n_on * sizeof(*d->columns));
	view->n_shown = d->n_on;
	memset(view->widest, 0, sizeof(view->widest));
	/* An order that never had a column here goes on without one. */
	if (was_on && !is_on(view, view->sort))
		view->sort = view->shown[0];
	dialog_close(s);
	state_rebuild(s);
	state_update_query(s, false);
}

static void apply_sort(struct live_state *s)
{
	struct view_state *view = state_view(s);

	view->sort = s->dialog.columns[s->dialog.chosen];
	dialog_close(s);
	state_rebuild(s);
	state_update_query(s, false);
}

static void choose(struct live_state *s, enum live_action action, uint32_t key)
{
	struct live_dialog *d = &s->dialog;

	if (s->mode == MODE_SORT) {
		if (action == ACTION_ENTER || action == ACTION_TAG)
			apply_sort(s);
		return;
	}
	if (action == ACTION_TAG)
		switch_column(d);
	else if (key == '+' || action == ACTION_UNFOLD || action == ACTION_SORT_RIGHT)
		shift_column(d, true);
	else if (key == '-' || action == ACTION_FOLD || action == ACTION_SORT_LEFT)
		shift_column(d, false);
	else if (action == ACTION_ENTER)
		apply(s);
	else if (key == 's' && s->setup.may_keep) {
		apply(s);
		s->out.keeps = true;
	}
}

void dialog_columns_key(struct live_state *s, uint32_t key)
{
	struct live_dialog *d = &s->dialog;
	enum live_action action = key_action(key);

	if (action == ACTION_CANCEL || action == ACTION_QUIT)
		dialog_close(s);
	else if (action == ACTION_UP)
		move_chosen(d, -1);
	else if (action == ACTION_DOWN)
		move_chosen(d, 1);
	else if (action == ACTION_PAGE_UP)
		move_chosen(d, -10);
	else if (action == ACTION_PAGE_DOWN)
		move_chosen(d, 10);
	else if (action == ACTION_FIRST)
		d->chosen = 0;
	else if (action == ACTION_LAST)
		d->chosen = d->n_columns - 1;
	else
		choose(s, action, key);
}

int dialog_columns_height(const struct live_state *s)
{
	return (int)s->dialog.n_columns + 1;
}

static const char *heading(const struct live_state *s)
{
	if (s->mode == MODE_SORT)
		return _("sort by: Enter takes it, Esc leaves as it was");
	if (s->setup.may_keep)
		return _("columns: Space on/off, Left Right move, Enter takes, s keeps, Esc leaves");
	return _("columns: Space on/off, Left Right move, Enter takes, Esc leaves");
}

void dialog_columns_draw(const struct live_state *s, struct canvas *out, int y, int n)
{
	const struct live_dialog *d = &s->dialog;
	size_t room = (size_t)n - 1, top = 0;

	if (d->chosen >= room)
		top = d->chosen - room + 1;
	panel_rule(s, out, y, heading(s));
	for (size_t i = 0; i < room && top + i < d->n_columns; i++) {
		const struct live_column *column = d->columns[top + i];
		enum style style = top + i == d->chosen ? STYLE_CHOSEN : STYLE_PLAIN;
		int line = y + 1 + (int)i;

		canvas_str(out, line, style, top + i == d->chosen ? " > " : "   ");
		if (s->mode == MODE_COLUMNS)
			canvas_str(out, line, style, top + i < d->n_on ? "[x] " : "[ ] ");
		canvas_cell(out, line, style, column->key, strlen(column->key), 22, false);
		canvas_str(out, line, style, " ");
		canvas_str(out, line, style, _(column->help));
		canvas_to(out, line, style, s->width);
	}
}

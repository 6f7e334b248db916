/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Columns dialog (which are shown, and in which order) and the Sort dialog. */
#include <config.h>

#include "live/panel_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "live/canvas.h"
#include "live/input.h"
#include "live/panel.h"
#include "live/table.h"

struct column_choice {
	struct panel panel;
	const struct live_column **columns; /* all columns, the shown ones first */
	size_t n_columns;
	size_t n_on; /* how many are shown */
	size_t chosen;
	bool is_sort; /* the Sort dialog */
	bool can_save;
};

static const struct column_choice *choice_of(const struct panel *panel)
{
	return (const struct column_choice *)(const void *)panel;
}

static void add_sort(struct column_choice *d, const struct live_column *column)
{
	for (size_t i = 0; i < d->n_columns; i++)
		if (d->columns[i] == column)
			return;
	d->columns[d->n_columns++] = column;
}

static void move_chosen(struct column_choice *d, ptrdiff_t by)
{
	if (by < 0)
		d->chosen -= d->chosen < (size_t)-by ? d->chosen : (size_t)-by;
	else
		d->chosen += (size_t)by;
	if (d->chosen >= d->n_columns)
		d->chosen = d->n_columns - 1;
}

static void move_column(struct column_choice *d, size_t from, size_t to)
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

/* Shown columns come first, so switching one on or off moves it across that boundary. */
static void switch_column(struct column_choice *d)
{
	if (d->chosen < d->n_on) {
		if (d->n_on == 1)
			return;
		move_column(d, d->chosen, d->n_on - 1);
		d->n_on--;
	} else if (d->n_on < LIVE_COLUMNS_MAX) {
		move_column(d, d->chosen, d->n_on);
		/* Select it, to be moved to its place next. */
		d->chosen = d->n_on++;
	}
}

static void shift_column(struct column_choice *d, bool is_down)
{
	size_t at = d->chosen;

	if (at >= d->n_on || (is_down ? at + 1 >= d->n_on : at == 0))
		return;
	move_column(d, at, is_down ? at + 1 : at - 1);
	d->chosen = is_down ? at + 1 : at - 1;
}

/* ---- keys ---- */

static struct panel_effect sort_effect(const struct column_choice *d, const struct live_input *in)
{
	if (in->action != ACTION_ENTER && in->action != ACTION_TAG)
		return (struct panel_effect){ 0 };
	return (struct panel_effect){ .sort = d->columns[d->chosen], .closes = true };
}

static struct panel_effect columns_effect(struct column_choice *d, const struct live_input *in)
{
	bool save_config = in->key == 's' && d->can_save;

	if (in->action == ACTION_ENTER || save_config)
		return (struct panel_effect){ .columns = d->columns,
					      .n_columns = d->n_on,
					      .save_config = save_config,
					      .closes = true };
	if (in->action == ACTION_TAG)
		switch_column(d);
	else if (in->key == '+' || in->action == ACTION_UNFOLD || in->action == ACTION_SORT_RIGHT)
		shift_column(d, true);
	else if (in->key == '-' || in->action == ACTION_FOLD || in->action == ACTION_SORT_LEFT)
		shift_column(d, false);
	return (struct panel_effect){ 0 };
}

static struct panel_effect choice_action(struct panel *panel, const struct panel_scene *scene,
					 const struct live_input *in, int n)
{
	struct column_choice *d = (struct column_choice *)(void *)panel;

	(void)scene;
	(void)n;
	if (in->action == ACTION_CANCEL || in->action == ACTION_QUIT)
		return (struct panel_effect){ .closes = true };
	if (in->action == ACTION_UP)
		move_chosen(d, -1);
	else if (in->action == ACTION_DOWN)
		move_chosen(d, 1);
	else if (in->action == ACTION_PAGE_UP)
		move_chosen(d, -10);
	else if (in->action == ACTION_PAGE_DOWN)
		move_chosen(d, 10);
	else if (in->action == ACTION_FIRST)
		d->chosen = 0;
	else if (in->action == ACTION_LAST)
		d->chosen = d->n_columns - 1;
	else
		return d->is_sort ? sort_effect(d, in) : columns_effect(d, in);
	return (struct panel_effect){ 0 };
}

/* ---- drawing ---- */

static int choice_height(const struct panel *panel, const struct panel_scene *scene)
{
	(void)scene;
	return (int)choice_of(panel)->n_columns + 1;
}

static const char *heading(const struct column_choice *d)
{
	if (d->is_sort)
		return _("sort by: Enter applies, Esc cancels");
	if (d->can_save)
		return _("columns: Space on/off, Left Right move, Enter OK, s saves, Esc cancels");
	return _("columns: Space on/off, Left Right move, Enter applies, Esc cancels");
}

static void choice_draw(const struct panel *panel, const struct panel_scene *scene,
			struct canvas *out, int y, int n)
{
	const struct column_choice *d = choice_of(panel);
	size_t room = (size_t)n - 1, top = 0;

	if (d->chosen >= room)
		top = d->chosen - room + 1;
	panel_rule(out, y, heading(d));
	for (size_t i = 0; i < room && top + i < d->n_columns; i++) {
		const struct live_column *column = d->columns[top + i];
		enum style style = top + i == d->chosen ? STYLE_CHOSEN : STYLE_PLAIN;
		int line = y + 1 + (int)i;

		canvas_str(out, line, style, top + i == d->chosen ? " > " : "   ");
		if (!d->is_sort)
			canvas_str(out, line, style, top + i < d->n_on ? "[x] " : "[ ] ");
		canvas_cell(out, line, style, column->key, strlen(column->key), 22, false);
		canvas_str(out, line, style, " ");
		canvas_str(out, line, style, _(column->help));
		canvas_to(out, line, style, scene->width);
	}
}

/* ---- opening and closing ---- */

static void choice_free(struct panel *panel)
{
	free(((struct column_choice *)(void *)panel)->columns);
	free(panel);
}

/* A dialog with the shown columns, and room for more. */
static struct column_choice *new_choice(const struct table *table, size_t more)
{
	static const struct panel_ops ops = {
		.height = choice_height,
		.draw = choice_draw,
		.action = choice_action,
		.free = choice_free,
	};
	struct column_choice *d = mem_calloc(1, sizeof(*d));

	d->panel.ops = &ops;
	d->columns = mem_calloc(table->n_shown + more, sizeof(*d->columns));
	for (size_t i = 0; i < table->n_shown; i++)
		d->columns[d->n_columns++] = table->shown[i];
	d->n_on = d->n_columns;
	return d;
}

struct panel *panel_columns_new(const struct table *table, const struct live_columns *columns,
				bool can_save)
{
	struct column_choice *d = new_choice(table, columns->n);

	d->can_save = can_save;
	for (size_t i = 0; i < columns->n; i++)
		if (!table_shows(table, &columns->list[i]))
			d->columns[d->n_columns++] = &columns->list[i];
	return &d->panel;
}

struct panel *panel_sort_new(const struct table *table, const struct live_column *usual)
{
	struct column_choice *d = new_choice(table, 2);

	d->is_sort = true;
	/* A view may be sorted by a column that it does not show: offer that one, too. */
	add_sort(d, usual);
	add_sort(d, table->order.column);
	d->n_on = d->n_columns;
	while (d->chosen + 1 < d->n_columns && d->columns[d->chosen] != table->order.column)
		d->chosen++;
	return &d->panel;
}

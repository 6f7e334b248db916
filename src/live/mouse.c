/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes a click: on a row, a column's head, a view, or a key in the bar. */
#include <config.h>

#include "live/mouse.h"

#include "live/bar.h"
#include "live/layout.h"
#include "live/table.h"
#include "live/tabs.h"
#include "live/widths.h"

static const struct live_input nothing = { .key = KEY_CODE_NONE };

static struct live_input click_bar(const struct mouse_scene *scene, int x)
{
	return binding_input(bar_at(scene->keys, scene->width, x), KEY_CODE_NONE);
}

static struct live_input click_tab(const struct mouse_scene *scene, int x)
{
	enum live_view view;

	return tabs_at(scene->view, scene->width, x, &view)
		       ? action_input(scene->keys, ACTION_VIEW, (int)view)
		       : nothing;
}

static struct live_input click_head(const struct mouse_scene *scene, int x)
{
	const struct table *table = scene->table;
	size_t which;

	if (!widths_at(table, x, &which))
		return nothing;
	/* A click on the sorted column reverses the order. */
	if (table->order.column == table->shown[which])
		return action_input(scene->keys, ACTION_SORT_INVERT, 0);
	return action_input(scene->keys, ACTION_SORT_COLUMN, (int)which);
}

static struct live_input click_row(const struct mouse_scene *scene, int line, int x)
{
	size_t index = scene->table->top + (size_t)line;

	if (line < 0 || line >= scene->layout->n_rows || index >= scene->n_items)
		return nothing;
	/* On the row under the cursor, or on the fold symbol of any row: as Enter. */
	if (index == scene->table->index || x == 2)
		return action_input(scene->keys, ACTION_OPEN, (int)index);
	return action_input(scene->keys, ACTION_SELECT, (int)index);
}

struct live_input mouse_click(const struct mouse_scene *scene, int y, int x)
{
	const struct live_layout *l = scene->layout;

	if (y == l->bar_y && !scene->has_message)
		return click_bar(scene, x);
	if (y == l->tabs_y)
		return click_tab(scene, x);
	if (y == l->filter_y)
		return action_input(scene->keys, ACTION_FILTER, 0);
	if (y == l->head_y)
		return click_head(scene, x);
	return click_row(scene, y - l->rows_y, x);
}

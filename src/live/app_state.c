/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries about the state of the live view, and the few changes that several files share. */
#include <config.h>

#include "live/app_state.h"

#include "base/i18n.h"
#include "live/frame.h"
#include "live/panel_details.h"

struct cells app_cells(const struct app *a)
{
	return (struct cells){
		.tree = &a->tree,
		.columns = &a->columns,
		.branch = table_branch(&a->tables[a->view], a->view),
		.now_ms = a->now_ms,
		.is_ascii = a->setup.is_ascii,
		.is_numeric = a->is_numeric,
		.has_hosts = a->has_hosts,
	};
}

struct panel_scene app_scene(const struct app *a, const struct cells *cells)
{
	return (struct panel_scene){
		.table = &a->tables[a->view],
		.cells = cells,
		.width = a->width,
	};
}

const struct live_item *app_current(const struct app *a)
{
	return table_current(&a->tables[a->view], &a->tree);
}

bool app_is_refreshing(const struct app *a)
{
	return !a->frame || !live_query_is_answered(&a->query, &a->frame->scope);
}

bool app_is_in_table(const struct app *a)
{
	return !a->panel && a->typing == TYPING_NOTHING;
}

void app_move_to(struct app *a, size_t index)
{
	if (!a->tree.n_items)
		return;
	/* Moving in the table while a filter is typed does not change what Esc restores. */
	if (a->typing != TYPING_FILTER)
		a->undo.cursor = 0;
	if (table_move_to(app_table(a), &a->tree, index))
		panel_details_rewind(a->details);
}

void app_move(struct app *a, ptrdiff_t by)
{
	app_move_to(a, table_place(app_table(a), by));
}

void app_sort(struct app *a, const struct live_column *column, bool is_descending)
{
	struct table *table = app_table(a);

	if (a->view == VIEW_CHANGES) {
		app_say(a, false, _("Changes are sorted by time."));
		return;
	}
	table->order = (struct live_order){ .column = column, .is_descending = is_descending };
	/* Who sorts by an amount wants to see the first rows; else the cursor stays on its row. */
	if (column->is_amount)
		table_rewind(table);
}

void app_open(struct app *a, struct panel *panel)
{
	panel_free(a->panel);
	a->panel = panel;
}

void app_say(struct app *a, bool is_error, const char *sentence)
{
	buf_clear(&a->message.text);
	buf_str(&a->message.text, sentence);
	a->message.is_error = is_error;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that live/keys.c binds to keys and clicks in the table. */
#include <config.h>

#include "live/actions.h"

#include "base/i18n.h"
#include "events/event.h"
#include "live/app_state.h"
#include "live/app_typing.h"
#include "live/frame.h"
#include "live/moment_list.h"
#include "live/panel_details.h"

/* ---- opening a prompt, and Esc ---- */

void act_filter(struct app *a)
{
	typing_open_filter(a);
}

void act_search(struct app *a)
{
	typing_open_search(a);
}

void act_clear_filter(struct app *a)
{
	typing_clear_filter(a);
}

void act_cancel(struct app *a)
{
	if (a->tags.n)
		tags_clear(&a->tags);
	else
		a->has_details = false;
}

/* ---- the view, its order, and which rows it shows ---- */

/* What the view of changes cannot tell. */
static void say_unheard(struct app *a)
{
	if (a->setup.is_replay || !a->frame || a->changes.heard & EVENT_BIT(EVENT_OPENED))
		return;
	app_say(a, false,
		a->changes.heard
			? _("Whose it was that came and went between two looks, only BPF tells.")
			: _("Here nothing tells of what comes and goes between two looks."));
}

void act_view(struct app *a, int view)
{
	if ((int)a->view == view)
		return;
	a->view = (enum live_view)view;
	a->undo.cursor = 0;
	panel_details_rewind(a->details);
	if (a->view == VIEW_CHANGES)
		say_unheard(a);
}

void act_turn_view(struct app *a, int by)
{
	act_view(a, ((int)a->view + by + LIVE_VIEWS) % LIVE_VIEWS);
}

void act_sort_column(struct app *a, int which)
{
	const struct live_column *column = app_table(a)->shown[which];

	app_sort(a, column, column->is_amount);
}

void act_sort_beside(struct app *a, int by)
{
	struct table *table = app_table(a);
	size_t at = 0;

	while (at < table->n_shown && table->shown[at] != table->order.column)
		at++;
	if (at == table->n_shown)
		at = 0;
	else if (by > 0 && at + 1 < table->n_shown)
		at++;
	else if (by < 0 && at)
		at--;
	app_sort(a, table->shown[at], table->shown[at]->is_amount);
}

void act_sort_traffic(struct app *a)
{
	app_sort(a, live_columns_find(&a->columns, "traffic", 7), true);
}

void act_sort_invert(struct app *a)
{
	const struct live_order *order = &app_table(a)->order;

	app_sort(a, order->column, !order->is_descending);
}

void act_toggle_shown(struct app *a, int bit)
{
	a->shown ^= (unsigned int)bit;
}

void act_trouble(struct app *a)
{
	a->is_troubled = !a->is_troubled;
}

void act_bell(struct app *a)
{
	a->rings = !a->rings;
}

/* By the next of the columns by which the view of processes can group. */
void act_group(struct app *a)
{
	struct buf text = { 0 };

	act_view(a, VIEW_PROCESSES);
	a->grouping = grouping_words[a->grouping + 1] ? a->grouping + 1 : GROUPING_PROCESS;
	table_rewind(app_table(a));
	table_forget_widths(app_table(a));
	buf_printf(&text, _("grouped by %s"), grouping_words[a->grouping]);
	app_say(a, false, buf_cstr(&text));
	buf_fini(&text);
}

/* Names and numbers need different column widths, so measure again. */
static void toggle(struct app *a, bool *what)
{
	*what = !*what;
	table_forget_widths(app_table(a));
}

void act_names(struct app *a)
{
	toggle(a, &a->is_numeric);
}

void act_hosts(struct app *a)
{
	toggle(a, &a->has_hosts);
}

/* What documents and other hosts told is all that there is of them. */
void act_netns(struct app *a)
{
	const struct live_setup *setup = &a->setup;

	if (!setup->netns.some ||
	    (setup->is_replay && a->has_all_netns && !(a->frame && a->frame->has_several_netns))) {
		app_say(a, true,
			_("No other network namespace is known here; start with --netns=all."));
		return;
	}
	a->has_all_netns = !a->has_all_netns;
	/* Documents are read again only on request. */
	a->out.refreshes = setup->is_replay;
}

void act_details(struct app *a)
{
	toggle(a, &a->has_details);
}

/* Opens the details where they are closed. */
void act_raw_details(struct app *a)
{
	panel_details_turn(a->details);
	if (!a->has_details)
		act_details(a);
}

void act_scroll_details(struct app *a, int by)
{
	const struct cells cells = app_cells(a);
	const struct panel_scene scene = app_scene(a, &cells);
	const struct live_input in = { .action = by < 0 ? ACTION_DETAILS_UP : ACTION_DETAILS_DOWN };

	if (a->has_details)
		a->details->ops->action(a->details, &scene, &in, a->layout.panel_n);
	else
		panel_details_rewind(a->details);
}

/* ---- the cursor and its row ---- */

void act_move(struct app *a, int rows)
{
	app_move(a, rows);
}

void act_move_screens(struct app *a, int screens)
{
	int rows = a->layout.n_rows;

	app_move(a, (ptrdiff_t)screens * (rows > 1 ? rows : 1));
}

void act_move_half(struct app *a, int halves)
{
	int rows = a->layout.n_rows;

	app_move(a, (ptrdiff_t)halves * (rows > 1 ? (rows + 1) / 2 : 1));
}

void act_first(struct app *a)
{
	app_move_to(a, 0);
}

void act_last(struct app *a)
{
	app_move_to(a, SIZE_MAX);
}

void act_select(struct app *a, int index)
{
	app_move_to(a, (size_t)index);
}

void act_open(struct app *a, int index)
{
	app_move_to(a, (size_t)index);
	act_enter(a);
}

/* Goes to the row of a change, in the view that has it as a line of its own. */
static void go_to_row(struct app *a, const struct change *change)
{
	enum live_view view = sock_is_serving(&change->sk) ? VIEW_PORTS : VIEW_CONNECTIONS;

	if (!frame_has(a->frame, change->id)) {
		app_say(a, false, _("It is closed."));
		return;
	}
	act_view(a, (int)view);
	a->tables[view].cursor = change->id;
}

void act_enter(struct app *a)
{
	const struct live_item *item = app_current(a);
	const struct live_group *group = item ? live_tree_group(&a->tree, item) : NULL;
	const struct change *change = item ? live_tree_change(&a->tree, item) : NULL;

	if (change) {
		go_to_row(a, change);
		return;
	}
	if (group && group->n_all)
		table_fold(app_table(a), &a->tree, !folds_is_open(&app_table(a)->folds, group->id));
	else
		a->has_details = !a->has_details;
}

void act_fold(struct app *a, int is_to_open)
{
	const struct live_item *item = app_current(a);
	size_t index;

	/* On a row below a group, fold that group: move the cursor to it first. */
	if (item && !is_to_open && item->kind == ITEM_ROW && item->group != MAP_NONE) {
		if (live_tree_find(&a->tree, a->tree.groups.list[item->group].id, &index))
			app_move_to(a, index);
		return;
	}
	table_fold(app_table(a), &a->tree, is_to_open);
}

void act_fold_all(struct app *a)
{
	table_fold_all(app_table(a), &a->tree);
}

void act_tag(struct app *a)
{
	const struct live_item *item = app_current(a);
	uint64_t id;

	if (!item || item->kind == ITEM_CHANGE)
		return;
	id = live_tree_tag_id(&a->tree, item);
	tags_set(&a->tags, id, !tags_has(&a->tags, id));
	app_move(a, 1);
}

void act_untag(struct app *a)
{
	tags_clear(&a->tags);
}

/* Copies the row's cells, separated by tabs. */
void act_copy(struct app *a)
{
	const struct table *table = app_table(a);
	const struct live_item *item = app_current(a);
	const struct cells cells = app_cells(a);

	buf_clear(&a->out.clipboard);
	for (size_t i = 0; item && i < table->n_shown; i++) {
		if (i)
			buf_char(&a->out.clipboard, '\t');
		cell_whole_text(&cells, item, table->shown[i], &a->out.clipboard);
	}
	if (item)
		app_say(a, false, _("The row was copied to the terminal's clipboard."));
}

/* Copies the cell of the column by which the view is sorted. */
void act_copy_cell(struct app *a)
{
	const struct live_item *item = app_current(a);
	const struct cells cells = app_cells(a);
	struct buf text = { 0 };

	buf_clear(&a->out.clipboard);
	if (!item || !app_table(a)->order.column)
		return;
	cell_whole_text(&cells, item, app_table(a)->order.column, &a->out.clipboard);
	buf_printf(&text, _("Copied to the terminal's clipboard: %s"), buf_cstr(&a->out.clipboard));
	app_say(a, false, buf_cstr(&text));
	buf_fini(&text);
}

/* ---- requests to the main loop ---- */

void act_free_mouse(struct app *a)
{
	a->is_mouse_free = true;
	a->out.mouse_changed = true;
	app_say(a, false, _("Select text with the mouse; any key goes on."));
}

void act_pause(struct app *a)
{
	a->is_paused = !a->is_paused;
}

void act_quit(struct app *a)
{
	a->out.quits = true;
}

void act_refresh(struct app *a)
{
	a->out.refreshes = true;
}

/* A jump that leads too far ends at the first or the last one. */
void act_step_moment(struct app *a, int by)
{
	const struct moment_list *moments = a->setup.moments;
	size_t far = (size_t)(by < 0 ? -by : by), room;

	if (!moments || moments->n < 2) {
		app_say(a, true, _("There are no other moments; give more documents with --from."));
		return;
	}
	room = by < 0 ? a->moment : moments->n - 1 - a->moment;
	if (!room) {
		app_say(a, true,
			by < 0 ? _("This is the earliest moment.")
			       : _("This is the latest moment."));
		return;
	}
	if (far > room)
		far = room;
	a->moment = by < 0 ? a->moment - far : a->moment + far;
	a->out.moment_changed = a->out.refreshes = true;
}

void act_redraw(struct app *a)
{
	a->out.redraws = true;
}

void act_suspend(struct app *a)
{
	a->out.suspends = true;
}

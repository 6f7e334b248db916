/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view without a terminal: passes keys, clicks and frames to the part concerned. */
#include <config.h>

#include "live/app.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "live/app_settle.h"
#include "live/app_typing.h"
#include "live/changes_find.h"
#include "live/config.h"
#include "live/dialogs.h"
#include "live/frame.h"
#include "action/jobs.h"
#include "live/keys.h"
#include "live/moment_list.h"
#include "live/mouse.h"
#include "live/panel_details.h"
#include "live/panel_why.h"
#include "query/plan.h"
#include "live/why_job.h"

/* ---- start and end ---- */

static void init_table(struct app *a, enum live_view view)
{
	const struct live_config *config = a->setup.config;
	struct table *table = &a->tables[view];

	table_set_columns(table, &a->columns, live_view_columns(view));
	table_set_order(table, &a->columns, live_view_sort(view));
	if (config && config->columns[view])
		table_set_columns(table, &a->columns, config->columns[view]);
	if (config && config->sort[view])
		table_set_order(table, &a->columns, config->sort[view]);
	if (a->setup.sort && *a->setup.sort)
		table_set_order(table, &a->columns, a->setup.sort);
	if (a->setup.has_several_hosts)
		table_invite(table, GUEST_HOST, live_columns_find(&a->columns, "host", 4));
}

void app_init(struct app *a, const struct live_setup *setup)
{
	const struct live_config *config = setup->config;
	const char *filter = setup->filter ? setup->filter : "";

	*a = (struct app){
		.setup = *setup,
		.keys = { key_bindings, key_bindings_n, click_bindings, click_bindings_n,
			  setup->is_read_only },
		.width = LIVE_USUAL_WIDTH,
		.height = LIVE_USUAL_HEIGHT,
		.view = config ? config->view : VIEW_PORTS,
		.shown = SHOW_ALL,
		.is_numeric = setup->is_numeric || (config && !config->has_names),
		.has_hosts = setup->has_hosts,
		.has_all_netns = setup->netns.starts_with_all,
		.has_details = config && config->has_details,
		.rings = config && config->has_bell,
		.is_troubled = config && config->is_troubled,
		.grouping = config ? config->grouping : GROUPING_PROCESS,
		.moment = setup->moments ? setup->moments->start : 0,
		.details = panel_details_new(),
	};
	search_init(&a->search);
	live_columns_init(&a->columns);
	for (unsigned int view = 0; view < LIVE_VIEWS; view++)
		init_table(a, (enum live_view)view);
	if (!live_filter_set(&a->filter, filter, strlen(filter), true, setup->names))
		live_filter_set(&a->filter, "", 0, true, setup->names);
	app_settle(a);
}

void app_fini(struct app *a)
{
	live_columns_fini(&a->columns);
	for (size_t i = 0; i < LIVE_VIEWS; i++)
		table_fini(&a->tables[i]);
	live_filter_fini(&a->filter);
	tags_fini(&a->tags);
	changes_fini(&a->changes);
	event_log_fini(&a->heard);
	prompt_fini(&a->prompt);
	buf_fini(&a->undo.filter);
	buf_fini(&a->undo.canonical);
	search_fini(&a->search);
	panel_free(a->details);
	panel_free(a->panel);
	buf_fini(&a->message.text);
	buf_fini(&a->missing);
	live_tree_fini(&a->tree);
	buf_fini(&a->out.clipboard);
	job_free(a->out.job);
	why_job_free(a->out.why);
}

/* ---- input ---- */

/* Quit, suspend and redraw work in every dialog and prompt. */
static bool works_anywhere(const struct live_input *in, bool is_unseen)
{
	return in->key == KEY_CODE_CTRL('c') || in->action == ACTION_SUSPEND ||
	       in->action == ACTION_REDRAW || (is_unseen && in->action == ACTION_QUIT);
}

static void do_action(struct app *a, const struct live_input *in)
{
	const struct key_binding *binding = in->binding;

	if (!binding)
		return;
	if (binding->act)
		binding->act(a);
	else
		binding->act_on(a, in->what);
}

static void apply(struct app *a, const struct panel_effect *effect)
{
	if (effect->columns)
		table_choose(app_table(a), effect->columns, effect->n_columns);
	if (effect->sort)
		app_sort(a, effect->sort, effect->sort->is_amount);
	if (effect->filter)
		typing_add_test(a, effect->filter);
	if (effect->job) {
		job_free(a->out.job);
		a->out.job = dialog_whole_job(a, effect->job);
		tags_clear(&a->tags);
	}
	if (effect->save_config)
		a->out.save_config = true;
	if (effect->closes)
		app_open(a, NULL);
}

static void panel_input(struct app *a, const struct live_input *in)
{
	const struct cells cells = app_cells(a);
	const struct panel_scene scene = app_scene(a, &cells);
	struct panel_effect effect = a->panel->ops->action(a->panel, &scene, in, a->layout.panel_n);

	apply(a, &effect);
}

static void take_input(struct app *a, const struct live_input *in)
{
	bool is_unseen = a->layout.is_too_small, is_anywhere = works_anywhere(in, is_unseen);

	/*
	 * The screen is too small to show the dialog: a key must not answer a question that nobody
	 * sees.
	 */
	if (is_unseen && !is_anywhere)
		return;
	buf_clear(&a->message.text);
	/* Any other key than Enter ends a search that is still running. */
	if (in->action != ACTION_ENTER)
		search_stop(&a->search);
	if (is_anywhere || app_is_in_table(a))
		do_action(a, in);
	else if (a->panel)
		panel_input(a, in);
	else
		typing_input(a, in);
	app_settle(a);
}

void app_key(struct app *a, uint32_t key, uint64_t now_ms)
{
	const struct live_input in = key_input(&a->keys, key);

	a->now_ms = now_ms;
	if (a->is_mouse_free) {
		a->is_mouse_free = false;
		a->out.mouse_changed = true;
	}
	take_input(a, &in);
}

void app_click(struct app *a, int y, int x, uint64_t now_ms)
{
	const struct mouse_scene scene = {
		.layout = &a->layout,
		.width = a->width,
		.table = app_table(a),
		.keys = &a->keys,
		.n_items = a->tree.n_items,
		.view = a->view,
		.has_message = a->message.text.len,
	};
	const struct live_input in = mouse_click(&scene, y, x);

	a->now_ms = now_ms;
	if (app_is_in_table(a))
		take_input(a, &in);
}

void app_wheel(struct app *a, int lines, uint64_t now_ms)
{
	const struct live_input in = action_input(&a->keys, ACTION_DOWN, lines);

	a->now_ms = now_ms;
	if (!app_is_in_table(a) || a->layout.is_too_small)
		return;
	/* Unlike a key or a click, the wheel does not remove the message. */
	do_action(a, &in);
	app_settle(a);
}

bool app_search_on(struct app *a)
{
	if (!search_goes_on(&a->search))
		return false;
	typing_search_on(a);
	app_settle(a);
	return search_goes_on(&a->search);
}

void app_resize(struct app *a, int width, int height, uint64_t now_ms)
{
	a->now_ms = now_ms;
	a->width = width > 0 ? width : 1;
	a->height = height > 0 ? height : 1;
	for (size_t i = 0; i < LIVE_VIEWS; i++)
		table_forget_widths(&a->tables[i]);
	app_settle(a);
}

/* ---- time and frames ---- */

bool app_tick(struct app *a, uint64_t now_ms)
{
	a->now_ms = now_ms;
	if (!a->frame || a->is_paused || a->is_mouse_free)
		return false;
	/*
	 * Rows do not move below a dialog or a prompt: closed rows are removed when it is closed.
	 */
	if (now_ms >= a->tree.rows.expires_ms && app_is_in_table(a)) {
		a->is_stale = true;
		app_settle(a);
	}
	return now_ms < a->tree.rows.fades_ms;
}

bool app_wants(const struct app *a, const struct frame_scope *scope)
{
	bool is_missed;

	if (!a->frame)
		return true;
	if (a->panel || a->is_mouse_free)
		return false;
	is_missed = app_is_refreshing(a) && live_query_is_answered(&a->query, scope);
	switch (a->typing) {
	case TYPING_NOTHING:
		return !a->is_paused || is_missed;
	case TYPING_FILTER:
		/* While a filter is typed, only a frame for the new filter may change the rows. */
		return is_missed;
	case TYPING_SEARCH:
		break;
	}
	return false;
}

/* Tells what appeared in the frame that was just taken, as far as the filter matches it. */
static void ring(struct app *a)
{
	const struct live_rows *rows = &a->tree.rows;
	uint64_t dated_ms = a->now_ms > a->frame->clock_ms ? a->now_ms : a->frame->clock_ms;
	size_t n = a->tree.n_unseen;
	struct buf text = { 0 };

	for (size_t i = 0; i < rows->n; i++) {
		const struct row_history *history = frame_history(a->frame, &rows->list[i]);

		n += history->change == CHANGE_NEW && history->changed_ms == dated_ms;
	}
	if (!n)
		return;
	a->out.rings = true;
	buf_printf(&text,
		   P_("%zu new socket matches the filter.", "%zu new sockets match the filter.", n),
		   n);
	app_say(a, false, buf_cstr(&text));
	buf_fini(&text);
}

/* What the command line selects is all that the view has. */
static void find_changes(struct app *a, const struct frame *before)
{
	const struct plan_request request = { .protos = a->setup.protos,
					      .families = a->setup.families,
					      .is_listening = a->setup.is_listening };
	struct plan plan;

	plan_init(&plan, &request);
	changes_find(&a->changes, &(struct changes_from){ .frame = a->frame,
							  .before = before,
							  .heard = &a->heard,
							  .plan = &plan });
	event_log_clear(&a->heard);
	plan_fini(&plan);
}

struct frame *app_take(struct app *a, struct frame *f, uint64_t now_ms)
{
	struct frame *before = a->frame;

	a->now_ms = now_ms;
	a->error = f->error;
	if (f->error && before)
		return f;
	a->frame = f;
	if (!f->error)
		find_changes(a, before);
	/* The frame may have waited during a pause or a dialog. */
	if (now_ms > f->clock_ms)
		frame_date_changes(f, now_ms);
	tags_follow(&a->tags, f, before);
	a->is_stale = true;
	rows_forget(&a->tree.rows);
	a->undo.is_pending = true;
	app_settle(a);
	if (a->rings)
		ring(a);
	return before;
}

void app_job_done(struct app *a, const struct job *job, uint64_t now_ms)
{
	struct buf text = { 0 };
	bool is_done = job_text(job, &text);

	a->now_ms = now_ms;
	app_say(a, !is_done, buf_cstr(&text));
	a->out.refreshes = a->setup.interval_ms > 0;
	app_settle(a);
	buf_fini(&text);
}

void app_answer(struct app *a, const struct why_job *job, uint64_t now_ms)
{
	a->now_ms = now_ms;
	buf_clear(&a->message.text);
	/* Whoever opened another dialog meanwhile does not want to be interrupted. */
	if (app_is_in_table(a))
		app_open(a, panel_why_new(job->answer.data));
	app_settle(a);
}

/* ---- configuration ---- */

void app_config(const struct app *a, struct live_config *config)
{
	config->view = a->view;
	config->has_names = !a->is_numeric;
	config->has_details = a->has_details;
	config->has_bell = a->rings;
	config->grouping = a->grouping;
	for (size_t i = 0; i < LIVE_VIEWS; i++) {
		free(config->columns[i]);
		free(config->sort[i]);
		config->columns[i] = table_columns_text(&a->tables[i]);
		config->sort[i] = table_order_text(&a->tables[i]);
	}
}

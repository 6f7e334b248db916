/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs after each input and each refresh: brings everything derived from the app's state up to
 * date.
 */
#include <config.h>

#include "live/app_settle.h"

#include <string.h>

#include "live/app_state.h"
#include "live/frame.h"
#include "live/hosts_line.h"
#include "live/missing.h"
#include "live/widths.h"
#include "query/columns.h"
#include "query/filter.h"

/* More columns than these are not added for a filter. */
#define TESTED_MAX 4

/* Are these the columns that the table shows beyond those that the user chose? */
static bool are_extra(const struct table *t, const struct live_column *const *list, size_t n)
{
	return t->n_extra == n && !memcmp(t->shown + t->n_shown - n, list, n * sizeof(*list));
}

/* NETNS comes with several network namespaces; it stays while all are looked into. */
static void show_netns(struct app *a)
{
	const struct live_column *netns = live_columns_find(&a->columns, "netns_name", 10);

	for (size_t i = 0; i < LIVE_VIEWS && a->frame; i++) {
		/* What comes and goes between two looks may be in a namespace without a row. */
		if (a->frame->has_several_netns || a->frame->n_netns > 1)
			table_invite(&a->tables[i], GUEST_NETNS, netns);
		else if (!a->frame->scope.has_all_netns)
			table_dismiss(&a->tables[i], GUEST_NETNS);
	}
}

/* The rows, from the first on, of which is looked why a word of the filter names them. */
#define NAMED_ROWS 500

/* Does the table tell it?  PROCESS has the names of owners, and USER is most often theirs. */
static bool tells(const struct column *column, void *data)
{
	struct app *a = data;
	const struct table *table = app_table(a);
	const char *key = column->key;

	if (column == a->columns.owner_name)
		key = a->columns.process->key;
	else if (column == a->columns.owner_user)
		key = a->columns.user->key;
	if (column == a->columns.owner_name && a->view == VIEW_PROCESSES &&
	    a->grouping == GROUPING_PROCESS)
		return true;
	return table_has_chosen(table, live_columns_find(&a->columns, key, strlen(key)));
}

/* Returns whether other columns than before tell why the rows match. */
static bool find_named(struct app *a)
{
	const struct column *named[APP_NAMED_MAX] = { NULL };
	const struct live_rows *rows = &a->tree.rows;
	size_t n = 0;

	for (size_t i = 0; a->filter.text.len && i < rows->n && i < NAMED_ROWS; i++)
		if (!frame_ghost(rows->frame, &rows->list[i]))
			n = filter_named_by(a->filter.parsed, &rows->frame->snap, &rows->list[i],
					    tells, a, named, n, APP_NAMED_MAX);
	if (n == a->n_named && !memcmp(named, a->named, sizeof(named)))
		return false;
	memcpy(a->named, named, sizeof(named));
	a->n_named = n;
	return true;
}

static bool is_among(const struct live_column *const *list, size_t n, const struct live_column *c)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == c)
			return true;
	return false;
}

/* Shows the columns that the filter tests, and an amount by which the view is sorted. */
static void show_tested(struct app *a)
{
	struct table *table = app_table(a);
	const struct live_column *shown[TESTED_MAX + APP_NAMED_MAX + 1];
	const struct live_column *order = table->order.column;
	const struct column *tested[TESTED_MAX + APP_NAMED_MAX];
	size_t n_tested = filter_columns(a->filter.parsed, tested, TESTED_MAX), n = 0;

	for (size_t i = 0; i < a->n_named; i++)
		tested[n_tested++] = a->named[i];
	for (size_t i = 0; i < n_tested; i++) {
		const struct live_column *column =
			live_columns_find(&a->columns, tested[i]->key, strlen(tested[i]->key));

		/* PROCESS has the names and pids of the owners. */
		if (tested[i] != a->columns.owner_name && tested[i] != a->columns.owner_pid &&
		    !table_has_chosen(table, column) && !is_among(shown, n, column))
			shown[n++] = column;
	}
	if (order && order->is_amount && !table_has_chosen(table, order) &&
	    !is_among(shown, n, order))
		shown[n++] = order;
	if (!are_extra(table, shown, n))
		table_show_tested(table, shown, n);
}

static void ask(struct app *a)
{
	const struct live_query_wants wants = {
		.filter = buf_cstr(&a->filter.canonical),
		.version = a->filter.version,
		.filter_needs = a->filter.parsed ? filter_needs(a->filter.parsed) : 0,
		.table = app_table(a),
		.has_all_netns = a->has_all_netns,
		.has_details = a->has_details,
		.has_hosts = a->has_hosts,
		.is_numeric = a->is_numeric,
		.is_replay = a->setup.is_replay,
		.is_paused = a->is_paused,
	};

	if (live_query_update(&a->query, &wants))
		a->out.query_changed = true;
}

/* After Esc in the filter prompt: returns the cursor to where it was before. */
static void undo_cursor(struct app *a)
{
	struct filter_undo *undo = &a->undo;

	/* While a filter is typed, the cursor's row may be filtered out; go back later. */
	if (!undo->is_pending || a->typing == TYPING_FILTER)
		return;
	undo->is_pending = false;
	if (!undo->cursor)
		return;
	if (table_return(app_table(a), &a->tree, undo->cursor, undo->top) || !app_is_refreshing(a))
		undo->cursor = 0;
}

/*
 * Where a filter leaves nothing but connections without their listener, these are what one looks for:
 * unfolds them, once, until there is another filter.
 */
static void unfold_alone(struct app *a)
{
	struct folds *folds = &a->tables[VIEW_PORTS].folds;
	const struct groups *groups = &a->tree.groups;

	if (a->opened_alone)
		folds_set(folds, a->opened_alone, false);
	a->opened_alone = 0;
	if (a->view != VIEW_PORTS || !a->filter.text.len || groups->n != 1 ||
	    groups->list[0].kind != GROUP_ELSEWHERE || folds_is_open(folds, groups->list[0].id))
		return;
	a->opened_alone = groups->list[0].id;
	folds_set(folds, a->opened_alone, true);
}

/* Returns whether rows were selected anew. */
static bool build(struct app *a)
{
	unsigned int known = a->frame ? a->frame->scope.needs : 0, version = 0;
	const struct filter *filter =
		a->frame ? live_filter_in_force(&a->filter, known, &version) : NULL;
	struct table *table = app_table(a);
	const struct tree_wants wants = {
		.frame = a->frame,
		.changes = &a->changes,
		.n_changes = a->changes.total,
		.choice = {
			.filter = filter,
			.version = version,
			.shown = a->shown,
			.is_troubled = a->is_troubled,
			.keeps_closed = a->is_paused,
			.now_ms = a->now_ms,
		},
		.view = a->view,
		.grouping = a->grouping,
		.order = table->order,
		.may_hide = a->setup.is_listening || !(a->shown & SHOW_ESTABLISHED) ||
			    a->is_troubled || a->filter.text.len,
	};
	bool is_other, is_built = !a->is_stale && live_tree_is_of(&a->tree, &wants);

	if (!a->frame)
		return false;
	is_other = a->tree.from.choice.version != version || a->tree.from.view != a->view;
	if (!is_built)
		live_tree_build(&a->tree, &wants);
	if (is_other)
		unfold_alone(a);
	if (!is_built || a->tree.unfolded != table->folds.version) {
		live_tree_unfold(&a->tree, &table->folds);
		/* A search goes on with the next item: children may be others now. */
		a->search.child = MAP_NONE;
		/* Who is at the newest change stays there. */
		if (a->view == VIEW_CHANGES && !table->index)
			table_rewind(table);
		table_find_cursor(table, &a->tree);
		widths_forget_gone(table, &a->tree);
	}
	a->is_stale = false;
	undo_cursor(a);
	return !is_built;
}

/* The number of lines that the open panel needs below the table. */
static int panel_height(const struct app *a, const struct panel_scene *scene)
{
	const struct panel *panel = a->panel ? a->panel : a->has_details ? a->details : NULL;

	return panel ? panel->ops->height(panel, scene) : 0;
}

/* The index of the item that has to be on the screen: what a search has found, or the cursor. */
static size_t in_sight(const struct app *a)
{
	size_t index = a->tables[a->view].index;

	if (a->typing == TYPING_SEARCH && a->search.hit)
		live_tree_find(&a->tree, a->search.hit, &index);
	return index;
}

static void lay_out(struct app *a)
{
	struct table *table = app_table(a);
	const struct cells cells = app_cells(a);
	const struct panel_scene scene = app_scene(a, &cells);

	a->layout = layout_of(&(struct layout_wants){
		.width = a->width,
		.height = a->height,
		.panel_height = panel_height(a, &scene),
		.has_hosts_line = hosts_line_is_needed(a->frame, a->setup.n_hosts),
		.is_panel_whole = a->panel && a->panel->ops->is_whole,
		.has_message = a->message.text.len,
	});
	table_show_children(table, &a->tree, (size_t)a->layout.n_rows);
	table_scroll(table, &a->tree, in_sight(a), (size_t)a->layout.n_rows);
	widths_fit(table, &cells, a->layout.n_rows, a->width);
}

/*
 * Reports what could not be tested by the filter, or not be listed; again only when that changes.
 */
static void say_missing(struct app *a)
{
	const struct problems *problems[] = { &a->tree.rows.untested, &a->frame->snap.problems };
	struct buf sentences = { 0 }, lacks = { 0 };

	for (size_t i = 0; i < sizeof(problems) / sizeof(*problems); i++) {
		missing_text(problems[i], true, &sentences);
		missing_text(problems[i], false, &lacks);
	}
	if (lacks.len &&
	    (lacks.len != a->missing.len || memcmp(lacks.data, a->missing.data, lacks.len) != 0))
		app_say(a, false, buf_cstr(&sentences));
	buf_fini(&sentences);
	buf_fini(&a->missing);
	a->missing = lacks;
}

void app_settle(struct app *a)
{
	show_netns(a);
	show_tested(a);
	ask(a);
	if (build(a) && find_named(a)) {
		show_tested(a);
		ask(a);
	}
	if (a->frame)
		say_missing(a);
	lay_out(a);
}

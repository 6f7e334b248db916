/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view without a screen: what a key, a click and a frame change. */
#include <config.h>

#include "live/state.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "live/config.h"
#include "live/jobs.h"
#include "live/state_parts.h"

static void set_columns(struct live_state *s, enum live_view view, const char *columns)
{
	struct view_state *v = &s->views[view];
	const struct live_column *list[LIVE_COLUMNS_MAX];
	const char *bad;
	size_t bad_len, n;

	n = live_columns_parse(&s->columns, columns, strlen(columns), list, &bad, &bad_len);
	if (!n)
		return;
	memcpy(v->shown, list, n * sizeof(*list));
	v->n_shown = n;
}

static void set_sort(struct live_state *s, enum live_view view, const char *sort)
{
	struct view_state *v = &s->views[view];
	const struct live_column *key;

	key = live_columns_find(&s->columns, sort + (*sort == '-'), strlen(sort + (*sort == '-')));
	if (key) {
		v->sort = key;
		v->is_descending = *sort == '-';
	}
}

void live_state_init(struct live_state *s, const struct live_setup *setup)
{
	const struct live_config *config = setup->config;
	const char *filter = setup->filter ? setup->filter : "";

	*s = (struct live_state){ .setup = *setup, .shown = SHOW_ALL, .expires_ms = UINT64_MAX };
	live_columns_init(&s->columns);
	for (unsigned int view = 0; view < LIVE_VIEWS; view++) {
		set_columns(s, view, live_view_columns(view));
		set_sort(s, view, live_view_sort(view));
		if (config && config->columns[view])
			set_columns(s, view, config->columns[view]);
		if (config && config->sort[view])
			set_sort(s, view, config->sort[view]);
	}
	s->is_numeric = setup->is_numeric || (config && !config->has_names);
	s->has_hosts = setup->has_hosts;
	s->has_details = config && config->has_details;
	s->view = config ? config->view : VIEW_PORTS;
	s->width = LIVE_FULL_WIDTH;
	s->height = LIVE_FULL_HEIGHT;
	if (!state_set_filter(s, filter, strlen(filter)))
		state_set_filter(s, "", 0);
}

void live_state_fini(struct live_state *s)
{
	live_columns_fini(&s->columns);
	for (size_t i = 0; i < LIVE_VIEWS; i++)
		map_fini(&s->views[i].flipped);
	buf_fini(&s->prompt.text);
	job_free(s->dialog.job);
	free(s->dialog.columns);
	buf_fini(&s->filter_text);
	filter_free(s->filter);
	buf_fini(&s->filter_before_text);
	buf_fini(&s->search);
	map_fini(&s->tags);
	buf_fini(&s->message);
	free(s->rows);
	free(s->groups);
	free(s->children);
	free(s->items);
	buf_fini(&s->out.copies);
	job_free(s->out.job);
}

void live_state_say(struct live_state *s, bool is_error, const char *sentence)
{
	buf_clear(&s->message);
	buf_str(&s->message, sentence);
	s->is_message_error = is_error;
}

static void show_view(struct live_state *s, enum live_view view)
{
	if (s->view == view)
		return;
	s->view = view;
	s->details_top = 0;
	state_rebuild(s);
	state_update_query(s, false);
}

static void sort_by(struct live_state *s, const struct live_column *column, bool is_descending)
{
	struct view_state *view = state_view(s);

	view->sort = column;
	view->is_descending = is_descending;
	state_rebuild(s);
	state_update_query(s, false);
}

static void sort_beside(struct live_state *s, bool is_right)
{
	struct view_state *view = state_view(s);
	size_t at = 0;

	while (at < view->n_shown && view->shown[at] != view->sort)
		at++;
	if (at == view->n_shown)
		at = 0;
	else if (is_right && at + 1 < view->n_shown)
		at++;
	else if (!is_right && at)
		at--;
	sort_by(s, view->shown[at], view->is_descending);
}

static void toggle_shown(struct live_state *s, unsigned int bit)
{
	s->shown ^= bit;
	state_rebuild(s);
}

/* The row as it stands, cells divided by tabs. */
static void copy_row(struct live_state *s)
{
	const struct view_state *view = state_view(s);
	const struct live_item *item = state_current(s);

	buf_clear(&s->out.copies);
	for (size_t i = 0; item && i < view->n_shown; i++) {
		if (i)
			buf_char(&s->out.copies, '\t');
		state_cell(s, item, view->shown[i], &s->out.copies);
	}
	if (item)
		live_state_say(s, false, _("The row was sent to the terminal's clipboard."));
}

static void enter(struct live_state *s)
{
	const struct live_item *item = state_current(s);
	const struct live_group *group = item ? item_group(s, item) : NULL;

	if (group && group->n_all) {
		state_toggle_fold(s);
		return;
	}
	s->has_details = !s->has_details;
	state_update_query(s, false);
}

static void move_by_key(struct live_state *s, enum live_action action)
{
	ptrdiff_t page = state_layout(s).n_rows;

	if (page < 1)
		page = 1;
	if (action == ACTION_UP)
		state_move(s, -1);
	else if (action == ACTION_DOWN)
		state_move(s, 1);
	else if (action == ACTION_PAGE_UP)
		state_move(s, -page);
	else if (action == ACTION_PAGE_DOWN)
		state_move(s, page);
	else if (action == ACTION_HALF_UP)
		state_move(s, -(page + 1) / 2);
	else
		state_move(s, (page + 1) / 2);
}

static void act_on_view(struct live_state *s, enum live_action action)
{
	struct view_state *view = state_view(s);

	if (action == ACTION_NEXT_VIEW)
		show_view(s, (enum live_view)((s->view + 1) % LIVE_VIEWS));
	else if (action == ACTION_PREVIOUS_VIEW)
		show_view(s, (enum live_view)((s->view + LIVE_VIEWS - 1) % LIVE_VIEWS));
	else if (action >= ACTION_VIEW_PORTS && action <= ACTION_VIEW_PEERS)
		show_view(s, (enum live_view)(action - ACTION_VIEW_PORTS));
	else if (action == ACTION_SORT_INVERT)
		sort_by(s, view->sort, !view->is_descending);
	else
		sort_beside(s, action == ACTION_SORT_RIGHT);
}

static void toggle(struct live_state *s, bool *what)
{
	*what = !*what;
	state_update_query(s, false);
	/* Widths that names made are of no use to numbers. */
	memset(state_view(s)->widest, 0, sizeof(state_view(s)->widest));
}

static void search_again(struct live_state *s)
{
	if (!s->search.len)
		state_open_search(s);
	else if (!state_search(s, false))
		live_state_say(s, true, _("Nothing holds this text."));
}

static void cancel(struct live_state *s)
{
	if (s->n_tags)
		state_untag(s);
	else if (s->has_details)
		s->has_details = false;
}

static void act(struct live_state *s, enum live_action action)
{
	switch (action) {
	case ACTION_NONE:
		return;
	case ACTION_HELP:
		dialog_open_help(s);
		return;
	case ACTION_COLUMNS:
		dialog_open_columns(s);
		return;
	case ACTION_SEARCH:
		search_again(s);
		return;
	case ACTION_FILTER:
		state_open_filter(s);
		return;
	case ACTION_FOLD_ALL:
		state_toggle_all(s);
		return;
	case ACTION_SORT:
		dialog_open_sort(s);
		return;
	case ACTION_PAUSE:
		s->is_paused = !s->is_paused;
		return;
	case ACTION_CLOSE:
		dialog_open_close(s);
		return;
	case ACTION_KILL:
		dialog_open_kill(s);
		return;
	case ACTION_QUIT:
		s->out.quits = true;
		return;
	case ACTION_UP:
	case ACTION_DOWN:
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
	case ACTION_HALF_UP:
	case ACTION_HALF_DOWN:
		move_by_key(s, action);
		return;
	case ACTION_FIRST:
		state_move_to(s, 0);
		return;
	case ACTION_LAST:
		state_move_to(s, SIZE_MAX);
		return;
	case ACTION_FOLD:
		state_fold(s, false);
		return;
	case ACTION_UNFOLD:
		state_fold(s, true);
		return;
	case ACTION_ENTER:
		enter(s);
		return;
	case ACTION_DETAILS:
		toggle(s, &s->has_details);
		return;
	case ACTION_DETAILS_UP:
		s->details_top -= s->details_top > 0;
		return;
	case ACTION_DETAILS_DOWN:
		s->details_top += s->has_details;
		return;
	case ACTION_TAG:
		state_toggle_tag(s);
		return;
	case ACTION_UNTAG_ALL:
		state_untag(s);
		return;
	case ACTION_VIEW_PORTS:
	case ACTION_VIEW_CONNECTIONS:
	case ACTION_VIEW_PROCESSES:
	case ACTION_VIEW_PEERS:
	case ACTION_NEXT_VIEW:
	case ACTION_PREVIOUS_VIEW:
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
	case ACTION_SORT_INVERT:
		act_on_view(s, action);
		return;
	case ACTION_TCP:
		toggle_shown(s, SHOW_TCP);
		return;
	case ACTION_UDP:
		toggle_shown(s, SHOW_UDP);
		return;
	case ACTION_LISTENING:
		toggle_shown(s, SHOW_LISTENING);
		return;
	case ACTION_ESTABLISHED:
		toggle_shown(s, SHOW_ESTABLISHED);
		return;
	case ACTION_NAMES:
		toggle(s, &s->is_numeric);
		return;
	case ACTION_HOSTS:
		toggle(s, &s->has_hosts);
		return;
	case ACTION_COPY:
		copy_row(s);
		return;
	case ACTION_REFRESH:
		s->out.refreshes = true;
		return;
	case ACTION_REDRAW:
		s->out.redraws = true;
		return;
	case ACTION_SUSPEND:
		s->out.suspends = true;
		return;
	case ACTION_CANCEL:
		cancel(s);
		return;
	}
}

void live_state_key(struct live_state *s, uint32_t key, uint64_t now_ms)
{
	enum live_action action = key_action(key);

	s->now_ms = now_ms;
	buf_clear(&s->message);
	/* Leaving, stopping and redrawing work wherever one is. */
	if (key == KEY_CODE_CTRL('c') || action == ACTION_SUSPEND || action == ACTION_REDRAW) {
		act(s, action);
		return;
	}
	switch (s->mode) {
	case MODE_TABLE:
		act(s, action);
		break;
	case MODE_FILTER:
	case MODE_SEARCH:
		state_prompt_key(s, key);
		break;
	case MODE_HELP:
		dialog_help_key(s, key);
		break;
	case MODE_SORT:
	case MODE_COLUMNS:
		dialog_columns_key(s, key);
		break;
	case MODE_KILL:
		dialog_kill_key(s, key);
		break;
	case MODE_CLOSE:
		dialog_close_key(s, key);
		break;
	}
	state_settle(s);
}

void live_state_resize(struct live_state *s, int width, int height, uint64_t now_ms)
{
	s->now_ms = now_ms;
	s->width = width > 0 ? width : 1;
	s->height = height > 0 ? height : 1;
	for (size_t i = 0; i < LIVE_VIEWS; i++)
		memset(s->views[i].widest, 0, sizeof(s->views[i].widest));
	state_settle(s);
}

bool live_state_tick(struct live_state *s, uint64_t now_ms)
{
	s->now_ms = now_ms;
	if (!s->frame || s->is_paused)
		return false;
	/* Rows do not move under a dialog: what is closed goes when it is left. */
	if (now_ms >= s->expires_ms && (s->mode == MODE_TABLE || s->mode == MODE_FILTER)) {
		state_rebuild(s);
		state_settle(s);
	}
	return now_ms < s->fades_ms;
}

bool live_state_wants(const struct live_state *s, unsigned int version)
{
	if (!s->frame)
		return true;
	switch (s->mode) {
	case MODE_TABLE:
		return !s->is_paused || version != s->frame->version;
	case MODE_FILTER:
		/* What is typed may change the rows, time may not. */
		return version != s->frame->version;
	case MODE_SEARCH:
	case MODE_HELP:
	case MODE_SORT:
	case MODE_COLUMNS:
	case MODE_KILL:
	case MODE_CLOSE:
		break;
	}
	return false;
}

struct frame *live_state_take(struct live_state *s, struct frame *f, uint64_t now_ms)
{
	struct frame *before = s->frame;

	s->now_ms = now_ms;
	s->error = f->error;
	if (f->error && before)
		return f;
	s->frame = f;
	state_rebuild(s);
	state_settle(s);
	return before;
}

void live_state_job_done(struct live_state *s, const struct job *job, uint64_t now_ms)
{
	struct buf text = { 0 };
	bool is_done = job_text(job, &text);

	s->now_ms = now_ms;
	live_state_say(s, !is_done, buf_cstr(&text));
	s->out.refreshes = s->setup.interval_ms > 0;
	buf_fini(&text);
}

static char *columns_text(const struct view_state *view)
{
	struct buf text = { 0 };
	char *copy;

	for (size_t i = 0; i < view->n_shown; i++) {
		if (i)
			buf_char(&text, ',');
		buf_str(&text, view->shown[i]->key);
	}
	copy = mem_strdup(buf_cstr(&text));
	buf_fini(&text);
	return copy;
}

static char *sort_text(const struct view_state *view)
{
	struct buf text = { 0 };
	char *copy;

	buf_str(&text, view->is_descending ? "-" : "");
	buf_str(&text, view->sort->key);
	copy = mem_strdup(buf_cstr(&text));
	buf_fini(&text);
	return copy;
}

void live_state_config(const struct live_state *s, struct live_config *config)
{
	config->view = s->view;
	config->has_names = !s->is_numeric;
	config->has_details = s->has_details;
	for (size_t i = 0; i < LIVE_VIEWS; i++) {
		free(config->columns[i]);
		free(config->sort[i]);
		config->columns[i] = columns_text(&s->views[i]);
		config->sort[i] = sort_text(&s->views[i]);
	}
}

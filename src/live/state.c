/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view without a screen: from its start to its end, what keys, sizes and frames change. */
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
		if (setup->sort && *setup->sort)
			set_sort(s, view, setup->sort);
	}
	s->is_numeric = setup->is_numeric || (config && !config->has_names);
	s->has_hosts = setup->has_hosts;
	s->has_details = config && config->has_details;
	s->view = config ? config->view : VIEW_PORTS;
	s->width = LIVE_FULL_WIDTH;
	s->height = LIVE_FULL_HEIGHT;
	if (!state_set_filter(s, filter, strlen(filter), true))
		state_set_filter(s, "", 0, true);
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
	buf_fini(&s->query_text);
	filter_free(s->filter);
	buf_fini(&s->filter_before_text);
	buf_fini(&s->search);
	map_fini(&s->tags);
	buf_fini(&s->message);
	buf_fini(&s->missing);
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

/* Leaving, stopping and redrawing work wherever one is. */
static bool works_anywhere(uint32_t key, enum live_action action, bool is_unseen)
{
	return key == KEY_CODE_CTRL('c') || action == ACTION_SUSPEND || action == ACTION_REDRAW ||
	       (is_unseen && action == ACTION_QUIT);
}

void live_state_key(struct live_state *s, uint32_t key, uint64_t now_ms)
{
	enum live_action action = key_action(key);
	bool is_unseen = state_layout(s).is_too_small;
	bool is_anywhere = works_anywhere(key, action, is_unseen);

	s->now_ms = now_ms;
	/* Nobody sees what a key would be for: it must not answer a question. */
	if (is_unseen && !is_anywhere)
		return;
	buf_clear(&s->message);
	/* Enter keeps what is searched for; with any other key somebody wants something else. */
	if (action != ACTION_ENTER)
		s->search_left = 0;
	if (is_anywhere) {
		state_act(s, action);
		return;
	}
	switch (s->mode) {
	case MODE_TABLE:
		state_act(s, action);
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
	/* Rows do not move under a dialog or a prompt: what is closed goes when it is left. */
	if (now_ms >= s->expires_ms && s->mode == MODE_TABLE) {
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

/* Rows tell themselves whose owner or name is missing; what has no row does not. */
static bool is_about_rows(const struct problem *problem)
{
	return problem->code == PROBLEM_PROCESSES || problem->code == PROBLEM_HOSTS ||
	       problem->code == PROBLEM_UNTESTED;
}

/* Says what cannot be listed, once: until that changes. */
static void say_missing(struct live_state *s)
{
	const struct problems *problems = &s->frame->snap.problems;
	struct buf text = { 0 };

	for (size_t i = 0; i < problems->n; i++) {
		if (is_about_rows(&problems->list[i]))
			continue;
		if (text.len)
			buf_str(&text, "; ");
		problem_text(&problems->list[i], true, &text);
	}
	if (text.len && (text.len != s->missing.len ||
			 memcmp(text.data, s->missing.data, text.len) != 0))
		live_state_say(s, false, buf_cstr(&text));
	buf_fini(&s->missing);
	s->missing = text;
}

struct frame *live_state_take(struct live_state *s, struct frame *f, uint64_t now_ms)
{
	struct frame *before = s->frame;

	s->now_ms = now_ms;
	s->error = f->error;
	if (f->error && before)
		return f;
	s->frame = f;
	say_missing(s);
	/* A pause or a dialog may have kept it waiting. */
	if (now_ms > f->clock_ms)
		frame_mark_from(f, now_ms);
	state_update_tags(s, before);
	state_rebuild(s);
	state_return(s);
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

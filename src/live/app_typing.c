/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter and search prompts.  A filter is applied at every key, a search starts on Enter. */
#include <config.h>

#include "live/app_typing.h"

#include <string.h>

#include "base/i18n.h"
#include "live/app_state.h"

static bool set_filter(struct app *a, const struct buf *text, bool is_entered)
{
	return live_filter_set(&a->filter, text->data, text->len, is_entered, a->setup.names);
}

/* ---- search ---- */

void typing_search_on(struct app *a)
{
	const struct cells cells = app_cells(a);
	size_t index;

	switch (search_step(&a->search, app_table(a), &cells, &index)) {
	case SEARCH_FOUND:
		app_move_to(a, index);
		return;
	case SEARCH_NOTHING:
		app_say(a, true, _("No match."));
		return;
	case SEARCH_IDLE:
	case SEARCH_GOES_ON:
		return;
	}
}

/* Searches from the cursor on, including its row or not. */
static void search(struct app *a, bool with_current)
{
	search_start(&a->search, app_table(a)->index + (with_current ? 0 : 1), a->tree.n_items);
	typing_search_on(a);
}

void typing_open_search(struct app *a)
{
	const struct buf *text = &a->search.text;

	a->typing = TYPING_SEARCH;
	prompt_set(&a->prompt, text->data, text->len);
	a->prompt.is_chosen = text->len;
	search(a, false);
}

static void take_search(struct app *a)
{
	buf_clear(&a->search.text);
	buf_add(&a->search.text, a->prompt.text.data, a->prompt.text.len);
}

static void search_input(struct app *a, const struct live_input *in)
{
	if (in->action == ACTION_SEARCH) {
		take_search(a);
		search(a, false);
		return;
	}
	switch (prompt_key(&a->prompt, in->key)) {
	case PROMPT_SAME:
		return;
	case PROMPT_EDITED:
		take_search(a);
		search(a, true);
		return;
	case PROMPT_ACCEPTED:
	case PROMPT_CANCELLED:
		a->typing = TYPING_NOTHING;
		return;
	}
}

/* ---- filter ---- */

void typing_open_filter(struct app *a)
{
	const struct buf *text = &a->filter.text;

	a->typing = TYPING_FILTER;
	prompt_set(&a->prompt, text->data, text->len);
	buf_clear(&a->undo.filter);
	buf_add(&a->undo.filter, text->data, text->len);
	buf_clear(&a->undo.canonical);
	buf_add(&a->undo.canonical, a->filter.canonical.data, a->filter.canonical.len);
	a->filter.error.message = NULL;
	a->undo.cursor = app_table(a)->cursor;
	a->undo.top = app_table(a)->top;
}

/*
 * Restores the previous filter.  If the text was not changed, the frame still answers it: setting
 * it again would only drop the highlights.
 */
static void restore_filter(struct app *a)
{
	const struct buf *before = &a->undo.filter, *text = &a->filter.text;

	a->filter.error.message = NULL;
	if (text->len != before->len ||
	    (before->len && memcmp(text->data, before->data, before->len) != 0))
		live_filter_restore(&a->filter, before, &a->undo.canonical, a->setup.names);
}

static void leave_filter(struct app *a)
{
	a->typing = TYPING_NOTHING;
	restore_filter(a);
	a->undo.is_pending = true;
}

/* Reports the mistake in the text and restores the previous filter. */
static void refuse_filter(struct app *a)
{
	struct buf mistake = { 0 }, sentence = { 0 };

	filter_error_text(&a->filter.error, &mistake);
	buf_printf(&sentence, _("The filter was not changed. %s"), buf_cstr(&mistake));
	app_say(a, true, buf_cstr(&sentence));
	buf_fini(&sentence);
	buf_fini(&mistake);
	restore_filter(a);
}

static void enter_filter(struct app *a)
{
	a->typing = TYPING_NOTHING;
	a->undo.cursor = 0;
	/* The report of what cannot be tested disappeared with the last key: show it again. */
	buf_clear(&a->missing);
	/* The last text that parsed is in force already; only now are host names resolved. */
	if (a->filter.error.message && !set_filter(a, &a->prompt.text, true))
		refuse_filter(a);
	a->filter.error.message = NULL;
}

static void filter_input(struct app *a, const struct live_input *in)
{
	switch (prompt_key(&a->prompt, in->key)) {
	case PROMPT_SAME:
		return;
	case PROMPT_EDITED:
		set_filter(a, &a->prompt.text, false);
		return;
	case PROMPT_ACCEPTED:
		enter_filter(a);
		return;
	case PROMPT_CANCELLED:
		leave_filter(a);
		return;
	}
}

void typing_input(struct app *a, const struct live_input *in)
{
	ptrdiff_t page = a->layout.n_rows;

	/* The table shows the result of the filter, so the cursor keys move in it. */
	if (in->key == KEY_CODE_UP || in->key == KEY_CODE_DOWN)
		app_move(a, in->key == KEY_CODE_UP ? -1 : 1);
	else if (in->key == KEY_CODE_PAGE_UP || in->key == KEY_CODE_PAGE_DOWN)
		app_move(a, in->key == KEY_CODE_PAGE_UP ? -page : page);
	else if (a->typing == TYPING_FILTER)
		filter_input(a, in);
	else
		search_input(a, in);
}

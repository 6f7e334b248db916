/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter and search prompts.  A filter is applied at every key, a search starts on Enter. */
#include <config.h>

#include "live/app_typing.h"

#include <string.h>

#include "base/i18n.h"
#include "live/app_state.h"
#include "live/prompt_line.h"
#include "live/word_ends.h"

static bool set_filter(struct app *a, const struct buf *text, bool is_entered)
{
	return live_filter_set(&a->filter, text->data, text->len, is_entered, a->setup.names);
}

/* ---- search ---- */

/* The id of the group of an item that is shown, or its own if it is a group. */
static uint64_t group_id(const struct live_tree *tree, uint64_t id)
{
	size_t index;

	if (!live_tree_find(tree, id, &index) || !live_item_is_child(live_tree_item(tree, index)))
		return id;
	return tree->groups.list[live_tree_item(tree, index)->group].id;
}

/* Folds again what was unfolded for the search. */
static void fold_opened(struct app *a)
{
	if (a->search.opened)
		folds_set(&app_table(a)->folds, a->search.opened, false);
	a->search.opened = 0;
}

static void go_to_hit(struct app *a)
{
	struct table *table = app_table(a);
	size_t index;

	/* If its group is only now unfolded, app_settle() finds it. */
	if (live_tree_find(&a->tree, a->search.hit, &index))
		app_move_to(a, index);
	else
		table->cursor = a->search.hit;
	a->search.hit = 0;
	a->search.opened = 0;
}

static void show_hit(struct app *a, uint64_t folded)
{
	if (a->search.opened && group_id(&a->tree, a->search.hit) != a->search.opened)
		fold_opened(a);
	if (folded) {
		folds_set(&app_table(a)->folds, folded, true);
		a->search.opened = folded;
	}
	/* Enter was pressed before it was found. */
	if (a->typing != TYPING_SEARCH)
		go_to_hit(a);
}

void typing_search_on(struct app *a)
{
	const struct cells cells = app_cells(a);
	uint64_t folded;

	switch (search_step(&a->search, app_table(a), &cells, &folded)) {
	case SEARCH_FOUND:
		show_hit(a, folded);
		return;
	case SEARCH_NOTHING:
		fold_opened(a);
		app_say(a, true, _("No match."));
		return;
	case SEARCH_IDLE:
	case SEARCH_GOES_ON:
		return;
	}
}

/* Searches from the cursor on, or behind what was found last. */
static void search(struct app *a, bool is_next)
{
	size_t from = app_table(a)->index;

	if (is_next) {
		live_tree_find(&a->tree, a->search.hit, &from);
		from++;
	}
	search_start(&a->search, from, a->tree.n_items);
	typing_search_on(a);
}

void typing_open_search(struct app *a)
{
	const struct buf *text = &a->search.text;

	a->typing = TYPING_SEARCH;
	prompt_set(&a->prompt, text->data, text->len);
	a->prompt.is_chosen = text->len;
	a->search.top = app_table(a)->top;
	search(a, true);
}

/* Leaves everything as it was before. */
static void leave_search(struct app *a)
{
	a->typing = TYPING_NOTHING;
	a->search.hit = 0;
	fold_opened(a);
	app_table(a)->top = a->search.top;
}

static void accept_search(struct app *a)
{
	a->typing = TYPING_NOTHING;
	if (a->search.hit)
		go_to_hit(a);
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
		search(a, true);
		return;
	}
	switch (prompt_key(&a->prompt, in->key)) {
	case PROMPT_SAME:
		return;
	case PROMPT_EDITED:
		take_search(a);
		search(a, false);
		return;
	case PROMPT_ACCEPTED:
		accept_search(a);
		return;
	case PROMPT_CANCELLED:
		leave_search(a);
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

/* Reports the mistake in the text. */
static void refuse_filter(struct app *a)
{
	struct buf mistake = { 0 }, sentence = { 0 };

	prompt_mistake_text(&a->filter.error, &mistake);
	buf_printf(&sentence, _("The filter was not changed. %s"), buf_cstr(&mistake));
	app_say(a, true, buf_cstr(&sentence));
	buf_fini(&sentence);
	buf_fini(&mistake);
}

static void enter_filter(struct app *a)
{
	a->typing = TYPING_NOTHING;
	a->undo.cursor = 0;
	/* The report of what cannot be tested disappeared with the last key: show it again. */
	buf_clear(&a->missing);
	/* The last text that parsed is in force already; only now are host names resolved. */
	if (a->filter.error.message && !set_filter(a, &a->prompt.text, true)) {
		refuse_filter(a);
		restore_filter(a);
	}
	a->filter.error.message = NULL;
}

void typing_add_test(struct app *a, const struct buf *test)
{
	const struct buf *before = &a->filter.text;
	struct buf text = { 0 };

	/* In parentheses, whatever joins the tests of the filter before. */
	if (before->len && memchr(before->data, ' ', before->len))
		buf_printf(&text, "(%s) and ", buf_cstr(&a->filter.text));
	else if (before->len)
		buf_printf(&text, "%s and ", buf_cstr(&a->filter.text));
	buf_add(&text, test->data, test->len);
	if (!set_filter(a, &text, true))
		refuse_filter(a);
	a->filter.error.message = NULL;
	buf_fini(&text);
}

void typing_clear_filter(struct app *a)
{
	const struct buf none = { 0 };

	set_filter(a, &none, true);
}

/* Tab: completes the word, or shows what it could become. */
static void complete_word(struct app *a)
{
	const struct cells cells = app_cells(a);
	struct buf choices = { 0 };

	if (!a->prompt.cursor)
		return;
	if (word_complete(&a->prompt, app_table(a), &cells, &choices))
		set_filter(a, &a->prompt.text, false);
	else if (choices.len)
		app_say(a, false, buf_cstr(&choices));
	buf_fini(&choices);
}

static void filter_input(struct app *a, const struct live_input *in)
{
	if (in->key == KEY_CODE_TAB) {
		complete_word(a);
		return;
	}
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

static void move(struct app *a, ptrdiff_t by)
{
	a->search.hit = 0;
	app_move(a, by);
}

void typing_input(struct app *a, const struct live_input *in)
{
	ptrdiff_t page = a->layout.n_rows;

	/* The table shows the result, so the cursor keys move in it. */
	if (in->key == KEY_CODE_UP || in->key == KEY_CODE_DOWN)
		move(a, in->key == KEY_CODE_UP ? -1 : 1);
	else if (in->key == KEY_CODE_PAGE_UP || in->key == KEY_CODE_PAGE_DOWN)
		move(a, in->key == KEY_CODE_PAGE_UP ? -page : page);
	else if (a->typing == TYPING_FILTER)
		filter_input(a, in);
	else
		search_input(a, in);
}

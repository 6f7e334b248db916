/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completes a word of the filter that is typed: keys, states, and words of the table. */
#include <config.h>

#include "live/word_ends.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "live/cells.h"
#include "live/frame.h"
#include "live/prompt.h"
#include "live/table.h"
#include "model/vocab.h"
#include "query/columns.h"
#include "query/filter.h"

/* More words than these are not offered. */
#define CHOICES_MAX 40

/* The words that begin as the typed one. */
struct choices {
	const char *typed;
	size_t len;
	char *list[CHOICES_MAX];
	size_t n;
};

static bool begins(const char *word, size_t n, const char *typed, size_t len)
{
	if (n < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text_lower(word[i]) != text_lower(typed[i]))
			return false;
	return true;
}

static void offer(struct choices *choices, const char *word, size_t n)
{
	if (!n || choices->n == CHOICES_MAX || !begins(word, n, choices->typed, choices->len))
		return;
	for (size_t i = 0; i < choices->n; i++)
		if (strlen(choices->list[i]) == n && !memcmp(choices->list[i], word, n))
			return;
	choices->list[choices->n++] = mem_strndup(word, n);
}

static void offer_keys(struct choices *choices)
{
	for (size_t i = 0; filter_word(i); i++)
		offer(choices, filter_word(i), strlen(filter_word(i)));
	for (size_t i = 0; i < columns_n; i++) {
		offer(choices, columns[i].key, strlen(columns[i].key));
		for (const char *const *name = columns[i].names; *name; name++)
			offer(choices, *name, strlen(*name));
	}
}

static void offer_states(struct choices *choices)
{
	for (size_t i = 0; state_word(i); i++)
		offer(choices, state_word(i), strlen(state_word(i)));
}

/* A word as a filter takes it: a name without its pid, an address without its port. */
static void offer_cell_word(struct choices *choices, const char *word, size_t n)
{
	const char *bracket = memchr(word, '[', n), *colon;

	if (bracket && bracket > word)
		n = (size_t)(bracket - word);
	colon = memchr(word, ':', n);
	if (colon && *word >= '0' && *word <= '9' &&
	    !memchr(colon + 1, ':', n - (size_t)(colon + 1 - word)))
		n = (size_t)(colon - word);
	offer(choices, word, n);
}

static void offer_text(struct choices *choices, const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		const char *space = memchr(text + at, ' ', len - at);
		size_t end = space ? (size_t)(space - text) : len;

		offer_cell_word(choices, text + at, end - at);
		at = end + 1;
	}
}

/* Rows whose words are offered: Tab is answered at once however many there are. */
#define ROWS_MAX 4096

/* Also of rows that the filter leaves out: what is typed so far may match none. */
static void offer_cells(struct choices *choices, const struct table *table,
			const struct cells *cells)
{
	const struct frame *f = cells->tree->rows.frame;
	struct buf cell = { 0 }, visible = { 0 };

	for (size_t y = 0; f && y < f->snap.n_rows && y < ROWS_MAX; y++) {
		for (size_t i = 0; i < table->n_shown; i++) {
			if (!table->shown[i]->column || table->shown[i]->is_amount)
				continue;
			buf_clear(&cell);
			buf_clear(&visible);
			column_text(table->shown[i]->column, &f->snap, &f->snap.rows[y], &cell);
			text_visible(&visible, cell.data, cell.len, cells->is_ascii);
			offer_text(choices, visible.data, visible.len);
		}
		buf_clear(&cell);
		column_text(cells->columns->peer, &f->snap, &f->snap.rows[y], &cell);
		offer_text(choices, cell.data, cell.len);
	}
	buf_fini(&cell);
	buf_fini(&visible);
}

/* ---- the typed word ---- */

static bool ends_word(char c)
{
	return strchr(" ()=!<>~,&|\"'", c);
}

/* Where the word before the cursor begins. */
static size_t word_start(const char *text, size_t cursor)
{
	while (cursor && !ends_word(text[cursor - 1]))
		cursor--;
	return cursor;
}

/* Is the word before this place, behind which there is only an operator, the key state? */
static bool is_behind_state(const char *text, size_t at)
{
	size_t end, start;

	while (at && strchr(" =!,", text[at - 1]))
		at--;
	end = at;
	start = word_start(text, end);
	return text_is(text + start, end - start, "state");
}

/* How many bytes all choices have in common, beyond ASCII case. */
static size_t common(const struct choices *choices)
{
	size_t n = choices->n ? strlen(choices->list[0]) : 0;

	for (size_t i = 1; i < choices->n; i++) {
		size_t same = 0;

		while (same < n && choices->list[i][same] &&
		       text_lower(choices->list[i][same]) == text_lower(choices->list[0][same]))
			same++;
		n = same;
	}
	/* Not inside of a character. */
	while (n && choices->n && ((unsigned char)choices->list[0][n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* The word as it was meant: what was typed in lower case stays so. */
static void replace_word(struct prompt *prompt, size_t start, const char *word, size_t n,
			 bool is_whole)
{
	struct buf text = { 0 };
	size_t cursor;

	buf_add(&text, prompt->text.data, start);
	buf_add(&text, word, n);
	if (is_whole && (prompt->cursor == prompt->text.len))
		buf_char(&text, ' ');
	cursor = text.len;
	buf_add(&text, prompt->text.data + prompt->cursor, prompt->text.len - prompt->cursor);
	prompt_set(prompt, text.data, text.len);
	prompt->cursor = cursor;
	buf_fini(&text);
}

bool word_complete(struct prompt *prompt, const struct table *table, const struct cells *cells,
		   struct buf *list)
{
	size_t start = word_start(prompt->text.data, prompt->cursor), n;
	struct choices choices = { .typed = prompt->text.data + start,
				   .len = prompt->cursor - start };
	bool is_changed;

	if (is_behind_state(prompt->text.data, start)) {
		offer_states(&choices);
	} else if (choices.len) {
		offer_keys(&choices);
		offer_states(&choices);
		offer_cells(&choices, table, cells);
	}
	n = common(&choices);
	is_changed = choices.n && (n > choices.len || choices.n == 1);
	for (size_t i = 0; !is_changed && i < choices.n; i++)
		buf_printf(list, "%s%s", i ? "  " : "", choices.list[i]);
	if (is_changed)
		replace_word(prompt, start, choices.list[0], n, choices.n == 1);
	for (size_t i = 0; i < choices.n; i++)
		free(choices.list[i]);
	return is_changed;
}

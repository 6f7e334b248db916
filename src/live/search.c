/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches the cells of the table for a text, a few thousand rows at a time. */
#include <config.h>

#include "live/search.h"

#include "live/cells.h"
#include "live/table.h"

void search_fini(struct search *s)
{
	buf_fini(&s->text);
}

void search_start(struct search *s, size_t from, size_t n_items)
{
	s->at = from;
	s->left = s->text.len ? n_items : 0;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool starts_with(const char *text, const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (lower(text[i]) != lower(word[i]))
			return false;
	return true;
}

static bool holds(const struct buf *text, const struct buf *word)
{
	for (size_t i = 0; i + word->len <= text->len; i++)
		if (starts_with(text->data + i, word->data, word->len))
			return true;
	return false;
}
static bool item_holds(const struct search *s, const struct live_item *item,
		       const struct table *table, const struct cells *cells, struct buf *cell)
{
	for (size_t i = 0; i < table->n_shown; i++) {
		buf_clear(cell);
		cell_text(cells, item, table->shown[i], cell);
		if (holds(cell, &s->text))
			return true;
	}
	return false;
}

/* Items searched before the next key is read: a few milliseconds. */
#define SEARCH_STEP 4096

enum search_result search_step(struct search *s, const struct table *table,
			       const struct cells *cells, size_t *found)
{
	const struct live_tree *tree = cells->tree;
	enum search_result result = SEARCH_IDLE;
	struct buf cell = { 0 };

	for (int i = 0; s->left && tree->n_items && i < SEARCH_STEP; i++) {
		size_t index = s->at++ % tree->n_items;

		s->left--;
		result = s->left ? SEARCH_GOES_ON : SEARCH_NOTHING;
		if (item_holds(s, &tree->items[index], table, cells, &cell)) {
			s->left = 0;
			*found = index;
			result = SEARCH_FOUND;
		}
	}
	buf_fini(&cell);
	return result;
}

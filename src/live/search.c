/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches the cells of the table for a text, a few thousand rows at a time. */
#include <config.h>

#include "live/search.h"

#include "live/cells.h"
#include "live/frame.h"
#include "live/table.h"

void search_init(struct search *s)
{
	*s = (struct search){ .child = MAP_NONE };
}

void search_fini(struct search *s)
{
	buf_fini(&s->text);
}

void search_start(struct search *s, size_t from, size_t n_items)
{
	s->at = from;
	s->left = s->text.len ? n_items : 0;
	s->child = MAP_NONE;
	s->hit = 0;
}

void search_stop(struct search *s)
{
	s->left = 0;
	s->child = MAP_NONE;
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

static bool is_closed(const struct live_tree *tree, const struct live_item *item)
{
	const struct live_group *group = live_tree_group(tree, item);
	const struct row *row = live_tree_row(tree, item);

	return group && group->kind != GROUP_LISTENER ? !group->n
						      : row && frame_ghost(tree->rows.frame, row);
}

static bool item_holds(const struct search *s, const struct live_item *item,
		       const struct table *table, const struct cells *cells, struct buf *cell)
{
	if (is_closed(cells->tree, item))
		return false;
	for (size_t i = 0; i < table->n_shown; i++) {
		buf_clear(cell);
		cell_text(cells, item, table->shown[i], cell);
		if (holds(cell, &s->text))
			return true;
	}
	return false;
}

/* The next line to search: an item, or a row of a folded group, whose index is then in *group. */
static struct live_item next_line(struct search *s, const struct table *table,
				  const struct live_tree *tree, uint32_t *group)
{
	struct live_item item;

	if (s->child != MAP_NONE) {
		*group = live_tree_item(tree, (s->at - 1) % tree->n_items)->at;
		item = live_tree_child(tree, *group, s->child);
		s->child = tree->groups.children[s->child].next;
		return item;
	}
	item = *live_tree_item(tree, s->at % tree->n_items);
	s->at++;
	s->left--;
	*group = MAP_NONE;
	if (item.kind == ITEM_GROUP && !folds_is_open(&table->folds, item.id))
		s->child = tree->groups.list[item.at].first;
	return item;
}

/* Lines searched before the next key is read: a few milliseconds. */
#define SEARCH_STEP 4096

enum search_result search_step(struct search *s, const struct table *table,
			       const struct cells *cells, uint64_t *folded)
{
	const struct live_tree *tree = cells->tree;
	enum search_result result = SEARCH_IDLE;
	struct buf cell = { 0 };

	*folded = 0;
	for (int i = 0; search_goes_on(s) && tree->n_items && i < SEARCH_STEP; i++) {
		uint32_t group;
		struct live_item item = next_line(s, table, tree, &group);

		result = search_goes_on(s) ? SEARCH_GOES_ON : SEARCH_NOTHING;
		if (!item_holds(s, &item, table, cells, &cell))
			continue;
		search_stop(s);
		s->hit = item.id;
		*folded = group == MAP_NONE ? 0 : tree->groups.list[group].id;
		result = SEARCH_FOUND;
	}
	buf_fini(&cell);
	return result;
}

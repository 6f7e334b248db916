/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cursor, which goes by identity, and what moves along with it: folds, tags, search. */
#include <config.h>

#include "live/state_parts.h"

#include "base/i18n.h"

const struct live_item *state_current(const struct live_state *s)
{
	size_t index = state_view_const(s)->index;

	return index < s->n_items ? &s->items[index] : NULL;
}

/* The new identity of a row that the kernel renamed: a connection that became a minisocket. */
static uint64_t renamed(const struct live_state *s, uint64_t id)
{
	for (size_t i = 0; s->frame && i < s->frame->snap.table.n; i++)
		if (s->frame->notes[i].was == id)
			return s->frame->notes[i].id;
	return id;
}

static bool find_item(const struct live_state *s, uint64_t id, size_t *index)
{
	for (size_t i = 0; i < s->n_items; i++) {
		if (s->items[i].id == id) {
			*index = i;
			return true;
		}
	}
	return false;
}

void state_return(struct live_state *s)
{
	struct view_state *view = state_view(s);

	/* While one types the cursor goes where it can. */
	if (s->mode == MODE_FILTER || !s->cursor_before)
		return;
	if (find_item(s, s->cursor_before, &view->index) ||
	    find_item(s, renamed(s, s->cursor_before), &view->index)) {
		view->cursor = s->items[view->index].id;
		view->top = s->top_before;
	} else if (state_is_looking(s)) {
		return;
	}
	s->cursor_before = 0;
}

void state_find_cursor(struct live_state *s)
{
	struct view_state *view = state_view(s);

	if (!s->n_items) {
		view->index = 0;
		return;
	}
	if (view->index < s->n_items && s->items[view->index].id == view->cursor)
		return;
	if (view->cursor && (find_item(s, view->cursor, &view->index) ||
			     find_item(s, renamed(s, view->cursor), &view->index))) {
		view->cursor = s->items[view->index].id;
		return;
	}
	if (view->index >= s->n_items)
		view->index = s->n_items - 1;
	view->cursor = s->items[view->index].id;
}

void state_move_to(struct live_state *s, size_t index)
{
	struct view_state *view = state_view(s);

	if (!s->n_items)
		return;
	view->index = index < s->n_items ? index : s->n_items - 1;
	if (s->mode != MODE_FILTER)
		s->cursor_before = 0;
	if (view->cursor != s->items[view->index].id)
		s->details_top = 0;
	view->cursor = s->items[view->index].id;
}

void state_move(struct live_state *s, ptrdiff_t by)
{
	size_t index = state_view(s)->index;

	if (by < 0 && (size_t)-by > index)
		state_move_to(s, 0);
	else
		state_move_to(s, index + (size_t)by);
}

static void set_fold(struct live_state *s, uint64_t id, bool is_to_open)
{
	struct view_state *view = state_view(s);

	*map_add(&view->flipped, id, 0, NULL) = is_to_open != view->is_open;
	state_unfold(s);
}

bool state_fold(struct live_state *s, bool is_to_open)
{
	const struct live_item *item = state_current(s);
	const struct live_group *group;

	if (!item)
		return false;
	if (!is_to_open && item->kind == ITEM_ROW && item->group != MAP_NONE) {
		size_t index;

		if (find_item(s, s->groups[item->group].id, &index))
			state_move_to(s, index);
		return true;
	}
	group = item_group(s, item);
	if (!group || !group->n_all || group_is_open(state_view(s), group->id) == is_to_open)
		return false;
	set_fold(s, group->id, is_to_open);
	return true;
}

void state_toggle_fold(struct live_state *s)
{
	const struct live_item *item = state_current(s);

	if (item && item->kind == ITEM_GROUP)
		state_fold(s, !group_is_open(state_view(s), item->id));
}

void state_toggle_all(struct live_state *s)
{
	struct view_state *view = state_view(s);
	const struct live_item *item = state_current(s);
	bool is_any_open = false;

	for (size_t i = 0; i < s->n_groups; i++)
		is_any_open |= s->groups[i].n_all && group_is_open(view, s->groups[i].id);
	/* A row that folds away leaves the cursor to the one above it. */
	if (is_any_open && item && item->group != MAP_NONE)
		view->cursor = s->groups[item->group].id;
	map_clear(&view->flipped);
	view->is_open = !is_any_open;
	state_unfold(s);
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

static bool item_holds(const struct live_state *s, const struct live_item *item, struct buf *cell)
{
	const struct view_state *view = state_view_const(s);

	for (size_t i = 0; i < view->n_shown; i++) {
		buf_clear(cell);
		state_cell(s, item, view->shown[i], cell);
		if (holds(cell, &s->search))
			return true;
	}
	return false;
}

/* So many rows are looked at before the next key is: a few milliseconds. */
#define SEARCH_STEP 4096

void state_search(struct live_state *s, bool with_current)
{
	s->search_at = state_view(s)->index + (with_current ? 0 : 1);
	s->search_left = s->search.len ? s->n_items : 0;
	live_state_search_on(s);
}

bool live_state_search_on(struct live_state *s)
{
	struct buf cell = { 0 };

	for (int i = 0; s->search_left && s->n_items && i < SEARCH_STEP; i++) {
		size_t index = s->search_at++ % s->n_items;

		s->search_left--;
		if (item_holds(s, &s->items[index], &cell)) {
			s->search_left = 0;
			state_move_to(s, index);
			state_settle(s);
		} else if (!s->search_left) {
			live_state_say(s, true, _("Nothing holds this text."));
		}
	}
	buf_fini(&cell);
	return s->search_left;
}

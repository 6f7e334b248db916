/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mouse: a row, a column head, a view, a key in the bar; the wheel. */
#include <config.h>

#include "live/state_parts.h"

#include "base/i18n.h"
#include "base/text.h"

static bool is_in_table(const struct live_state *s)
{
	return s->mode == MODE_TABLE && !state_layout(s).is_too_small;
}

static int width_of(const char *text)
{
	return (int)text_width(text, strlen(text));
}

static void click_tab(struct live_state *s, int x, uint64_t now_ms)
{
	int end = 0;

	for (unsigned int view = 0; view < LIVE_VIEWS; view++) {
		/* " 1 Ports " or " [1 Ports]": see draw_tabs(). */
		end += 4 + width_of(live_view_title((enum live_view)view)) + (view == s->view);
		if (x < end) {
			live_state_key(s, '1' + view, now_ms);
			return;
		}
	}
}

static void click_head(struct live_state *s, int x, uint64_t now_ms)
{
	struct view_state *view = state_view(s);
	int end = 3;

	for (size_t i = 0; i < view->n_shown; i++) {
		if (!view->widths[i])
			continue;
		end += view->widths[i] + 1;
		if (x >= end)
			continue;
		/* A second click turns the order round. */
		if (view->sort == view->shown[i]) {
			live_state_key(s, 'I', now_ms);
			return;
		}
		view->sort = view->shown[i];
		state_rebuild(s);
		state_update_query(s, false);
		return;
	}
}

static void click_bar(struct live_state *s, int x, uint64_t now_ms)
{
	int end = 0;

	for (size_t i = 0; i < key_bindings_n; i++) {
		const struct key_binding *binding = &key_bindings[i];
		char name[KEY_NAME_SIZE];

		if (!binding->label || !state_has_action(s, binding->action))
			continue;
		end += width_of(key_label(binding->keys[0], name)) + width_of(_(binding->label)) + 1;
		if (x < end) {
			live_state_key(s, binding->keys[0], now_ms);
			return;
		}
	}
}

void live_state_click(struct live_state *s, int y, int x, uint64_t now_ms)
{
	struct live_layout l = state_layout(s);
	size_t index = state_view(s)->top + (size_t)(y - l.rows_y);
	bool had_message = s->message.len;

	s->now_ms = now_ms;
	if (!is_in_table(s))
		return;
	/* Read, as with a key; what was below it was not to be seen. */
	buf_clear(&s->message);
	if (y == l.bar_y && !l.is_compact && !had_message)
		click_bar(s, x, now_ms);
	else if (y == l.tabs_y)
		click_tab(s, x, now_ms);
	else if (y == l.filter_y)
		live_state_key(s, '/', now_ms);
	else if (y == l.head_y)
		click_head(s, x, now_ms);
	else if (y >= l.rows_y && y < l.rows_y + l.n_rows && index < s->n_items) {
		/* On the row where the cursor is already, or on its fold: as Enter. */
		bool is_again = index == state_view(s)->index || x == 2;

		state_move_to(s, index);
		if (is_again)
			live_state_key(s, KEY_CODE_ENTER, now_ms);
	}
	state_settle(s);
}

void live_state_wheel(struct live_state *s, int lines, uint64_t now_ms)
{
	s->now_ms = now_ms;
	if (!is_in_table(s))
		return;
	state_move(s, lines);
	state_settle(s);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines that are typed: the filter, applied letter by letter, and the search. */
#include <config.h>

#include "live/state_parts.h"

#include "base/i18n.h"
#include "base/text.h"

static void set_text(struct live_prompt *prompt, const char *text, size_t len)
{
	buf_clear(&prompt->text);
	buf_add(&prompt->text, text, len);
	prompt->cursor = len;
	prompt->is_chosen = false;
}

void state_open_filter(struct live_state *s)
{
	s->mode = MODE_FILTER;
	set_text(&s->prompt, s->filter_text.data, s->filter_text.len);
	buf_clear(&s->filter_before_text);
	buf_add(&s->filter_before_text, s->filter_text.data, s->filter_text.len);
	s->filter_error.message = NULL;
	s->cursor_before = state_view(s)->cursor;
	s->top_before = state_view(s)->top;
}

void state_open_search(struct live_state *s)
{
	s->mode = MODE_SEARCH;
	set_text(&s->prompt, s->search.data, s->search.len);
	s->prompt.is_chosen = s->search.len;
	state_search(s, false);
}

static size_t previous(const struct live_prompt *prompt)
{
	size_t at = prompt->cursor;

	/* Bytes of UTF-8 that continue a character: 10xxxxxx. */
	while (at && ((unsigned char)prompt->text.data[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t next(const struct live_prompt *prompt)
{
	size_t at = prompt->cursor;

	if (at < prompt->text.len)
		at++;
	while (at < prompt->text.len && ((unsigned char)prompt->text.data[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static void remove_bytes(struct live_prompt *prompt, size_t from, size_t to)
{
	memmove(prompt->text.data + from, prompt->text.data + to, prompt->text.len - to);
	prompt->text.len -= to - from;
	prompt->cursor = from;
}

/* Longer than any screen; what is pasted by mistake ends here. */
#define PROMPT_MAX 4096

static bool insert(struct live_prompt *prompt, uint32_t cp)
{
	char bytes[4];
	uint32_t decoded;
	size_t len;

	if (cp < ' ' || cp == 0x7f || cp > 0x10ffff || prompt->text.len > PROMPT_MAX)
		return false;
	len = text_encode(cp, bytes);
	if (!text_decode(bytes, len, &decoded) || !text_is_plain(bytes, len, false))
		return false;
	if (prompt->is_chosen)
		set_text(prompt, NULL, 0);
	buf_reserve(&prompt->text, len);
	memmove(prompt->text.data + prompt->cursor + len, prompt->text.data + prompt->cursor,
		prompt->text.len - prompt->cursor);
	memcpy(prompt->text.data + prompt->cursor, bytes, len);
	prompt->text.len += len;
	prompt->cursor += len;
	return true;
}

/* Returns whether the text changed. */
static bool edit(struct live_prompt *prompt, uint32_t key)
{
	size_t len = prompt->text.len;
	bool was_chosen = prompt->is_chosen;

	prompt->is_chosen = false;
	switch (key) {
	case KEY_CODE_LEFT:
		prompt->cursor = previous(prompt);
		return false;
	case KEY_CODE_RIGHT:
		prompt->cursor = next(prompt);
		return false;
	case KEY_CODE_HOME:
	case KEY_CODE_CTRL('a'):
		prompt->cursor = 0;
		return false;
	case KEY_CODE_END:
	case KEY_CODE_CTRL('e'):
		prompt->cursor = len;
		return false;
	case KEY_CODE_BACKSPACE:
	case KEY_CODE_CTRL('h'):
		if (prompt->cursor)
			remove_bytes(prompt, previous(prompt), prompt->cursor);
		break;
	case KEY_CODE_DELETE:
		if (prompt->cursor < len)
			remove_bytes(prompt, prompt->cursor, next(prompt));
		break;
	case KEY_CODE_CTRL('u'):
		set_text(prompt, NULL, 0);
		break;
	default: /* a character, or a key that means nothing here */
		prompt->is_chosen = was_chosen;
		return insert(prompt, key);
	}
	return prompt->text.len != len;
}

/* Everything as it was, marks as well where nothing else was asked for meanwhile. */
static void leave_filter(struct live_state *s)
{
	const struct buf *before = &s->filter_before_text;

	s->mode = MODE_TABLE;
	s->filter_error.message = NULL;
	if (s->filter_text.len != before->len ||
	    (before->len && memcmp(s->filter_text.data, before->data, before->len) != 0))
		state_set_filter(s, before->data, before->len, true);
	state_return(s);
}

static void filter_key(struct live_state *s, uint32_t key)
{
	if (key == KEY_CODE_ESC) {
		leave_filter(s);
	} else if (key == KEY_CODE_ENTER || key == '\n') {
		s->mode = MODE_TABLE;
		s->cursor_before = 0;
		/* The last one that parsed is in force already. */
		if (s->filter_error.message &&
		    !state_set_filter(s, s->prompt.text.data, s->prompt.text.len, true))
			live_state_say(s, true, _("The last filter without a mistake stays in force."));
		s->filter_error.message = NULL;
	} else if (edit(&s->prompt, key)) {
		state_set_filter(s, s->prompt.text.data, s->prompt.text.len, false);
	}
}

static void search_key(struct live_state *s, uint32_t key)
{
	bool is_next = key_action(key) == ACTION_SEARCH;

	if (key == KEY_CODE_ESC || key == KEY_CODE_ENTER || key == '\n') {
		s->mode = MODE_TABLE;
		return;
	}
	if (!is_next && !edit(&s->prompt, key))
		return;
	buf_clear(&s->search);
	buf_add(&s->search, s->prompt.text.data, s->prompt.text.len);
	state_search(s, !is_next);
}

void state_prompt_key(struct live_state *s, uint32_t key)
{
	ptrdiff_t page = state_layout(s).n_rows;

	/* What is typed shows in the table, so one may look around there. */
	if (key == KEY_CODE_UP || key == KEY_CODE_DOWN)
		state_move(s, key == KEY_CODE_UP ? -1 : 1);
	else if (key == KEY_CODE_PAGE_UP || key == KEY_CODE_PAGE_DOWN)
		state_move(s, key == KEY_CODE_PAGE_UP ? -page : page);
	else if (s->mode == MODE_FILTER)
		filter_key(s, key);
	else
		search_key(s, key);
}

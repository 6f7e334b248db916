/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line editor of prompts. */
#include <config.h>

#include "live/prompt.h"

#include <string.h>

#include "base/text.h"
#include "live/input.h"

void prompt_fini(struct prompt *prompt)
{
	buf_fini(&prompt->text);
}

void prompt_set(struct prompt *prompt, const char *text, size_t len)
{
	buf_clear(&prompt->text);
	buf_add(&prompt->text, text, len);
	prompt->cursor = len;
	prompt->is_chosen = false;
}

static size_t previous(const struct prompt *prompt)
{
	size_t at = prompt->cursor;

	/* 10xxxxxx: a byte that continues a UTF-8 character. */
	while (at && ((unsigned char)prompt->text.data[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t next(const struct prompt *prompt)
{
	size_t at = prompt->cursor;

	if (at < prompt->text.len)
		at++;
	while (at < prompt->text.len && ((unsigned char)prompt->text.data[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static void remove_bytes(struct prompt *prompt, size_t from, size_t to)
{
	memmove(prompt->text.data + from, prompt->text.data + to, prompt->text.len - to);
	prompt->text.len -= to - from;
	prompt->cursor = from;
}

/* Longer than any screen; limits an accidental paste. */
#define PROMPT_MAX 4096

static bool insert(struct prompt *prompt, uint32_t cp)
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
		prompt_set(prompt, NULL, 0);
	buf_reserve(&prompt->text, len);
	memmove(prompt->text.data + prompt->cursor + len, prompt->text.data + prompt->cursor,
		prompt->text.len - prompt->cursor);
	memcpy(prompt->text.data + prompt->cursor, bytes, len);
	prompt->text.len += len;
	prompt->cursor += len;
	return true;
}

/* Returns whether the text changed. */
static bool edit(struct prompt *prompt, uint32_t key)
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
		prompt_set(prompt, NULL, 0);
		break;
	default: /* a character, or a key without a meaning here */
		prompt->is_chosen = was_chosen;
		return insert(prompt, key);
	}
	return prompt->text.len != len;
}

enum prompt_result prompt_key(struct prompt *prompt, uint32_t key)
{
	if (key == KEY_CODE_ESC)
		return PROMPT_CANCELLED;
	if (key == KEY_CODE_ENTER || key == '\n')
		return PROMPT_ACCEPTED;
	return edit(prompt, key) ? PROMPT_EDITED : PROMPT_SAME;
}

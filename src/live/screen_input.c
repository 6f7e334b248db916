/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the terminal sends: keys, clicks and what no description has, to events. */
#include <config.h>

#include "live/screen_input.h"

#include <curses.h>

#include "live/keys.h"

void screen_input_define_keys(void)
{
	static const struct {
		const char *bytes;
		int key;
	} keys[] = {
		{ "\033[H", KEY_HOME },	 { "\033[F", KEY_END },   { "\033[1~", KEY_HOME },
		{ "\033[4~", KEY_END }, { "\033[7~", KEY_HOME }, { "\033[8~", KEY_END },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!key_defined(keys[i].bytes))
			define_key(keys[i].bytes, keys[i].key);
}

static const struct {
	int curses;
	uint32_t key;
} special_keys[] = {
	{ KEY_UP, KEY_CODE_UP },	    { KEY_DOWN, KEY_CODE_DOWN },
	{ KEY_LEFT, KEY_CODE_LEFT },	    { KEY_RIGHT, KEY_CODE_RIGHT },
	{ KEY_PPAGE, KEY_CODE_PAGE_UP },    { KEY_NPAGE, KEY_CODE_PAGE_DOWN },
	{ KEY_HOME, KEY_CODE_HOME },	    { KEY_END, KEY_CODE_END },
	{ KEY_DC, KEY_CODE_DELETE },	    { KEY_BTAB, KEY_CODE_BACKTAB },
	{ KEY_ENTER, KEY_CODE_ENTER },	    { KEY_BACKSPACE, KEY_CODE_BACKSPACE },
	/* Where Home and End are on a VT220; and what the Linux console calls Ctrl-Z. */
	{ KEY_FIND, KEY_CODE_HOME },	    { KEY_SELECT, KEY_CODE_END },
	{ KEY_SUSPEND, KEY_CODE_CTRL('z') },
};

static uint32_t special_key(int code)
{
	for (size_t i = 0; i < sizeof(special_keys) / sizeof(*special_keys); i++)
		if (special_keys[i].curses == code)
			return special_keys[i].key;
	if (code > KEY_F0 && code <= KEY_F(12))
		return KEY_CODE_F + (uint32_t)(code - KEY_F0);
	return KEY_CODE_NONE;
}

#define WHEEL_LINES 3

static struct screen_event mouse_event(void)
{
	struct screen_event event = { SCREEN_NOTHING, 0, 0, 0, 0 };
	MEVENT mouse;

	if (getmouse(&mouse) != OK)
		return event;
	event.y = mouse.y;
	event.x = mouse.x;
	if (mouse.bstate & BUTTON1_PRESSED) {
		event.kind = SCREEN_CLICK;
	} else if (mouse.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		event.kind = SCREEN_WHEEL;
		event.lines = mouse.bstate & BUTTON4_PRESSED ? -WHEEL_LINES : WHEEL_LINES;
	}
	return event;
}

static int read_input(struct screen_input *in, wint_t *input)
{
	if (!in->has_next)
		return get_wch(input);
	in->has_next = false;
	*input = in->next;
	return in->kind;
}

/* What was read too far comes again. */
static void put_back(struct screen_input *in, int kind, wint_t input)
{
	in->has_next = kind != ERR;
	in->kind = kind;
	in->next = input;
}

/*
 * Behind an escape: the rest of a key that ncurses does not know (ECMA-48: CSI or SS3, parameters, a
 * final byte) would be taken for letters.  An [ or O with nothing behind it was typed.
 */
static bool skip_sequence(struct screen_input *in)
{
	wint_t first = 0, input = 0;
	int kind = read_input(in, &first), behind;

	if (kind != OK || (first != '[' && first != 'O')) {
		put_back(in, kind, first);
		return false;
	}
	behind = read_input(in, &input);
	if (behind == ERR) {
		put_back(in, kind, first);
		return false;
	}
	while (behind == OK && input >= ' ' && input < '@')
		behind = read_input(in, &input);
	/* What cannot end it is the next key. */
	if (behind != OK || input < '@' || input > '~')
		put_back(in, behind, input);
	return true;
}

struct screen_event screen_input_read(struct screen_input *in)
{
	struct screen_event event = { SCREEN_NOTHING, 0, 0, 0, 0 };
	wint_t input;
	int kind;

	do
		kind = read_input(in, &input);
	while (kind == OK && input == KEY_CODE_ESC && skip_sequence(in));
	if (kind == ERR)
		return event;
	if (kind == KEY_CODE_YES && input == KEY_MOUSE)
		return mouse_event();
	if (kind == KEY_CODE_YES && input == KEY_RESIZE) {
		event.kind = SCREEN_RESIZED;
		return event;
	}
	event.kind = SCREEN_KEY;
	event.key = kind == KEY_CODE_YES ? special_key((int)input) : (uint32_t)input;
	return event;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes terminal input to events, including sequences that are in no terminal description. */
#include <config.h>

#include "live/screen_input.h"

#include <curses.h>
#include <stdint.h>

#include "live/keys.h"

void screen_input_define_keys(void)
{
	static const struct {
		const char *bytes;
		int key;
	} keys[] = {
		{ "\033[H", KEY_HOME }, { "\033[F", KEY_END },	 { "\033[1~", KEY_HOME },
		{ "\033[4~", KEY_END }, { "\033[7~", KEY_HOME }, { "\033[8~", KEY_END },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!key_defined(keys[i].bytes))
			define_key(keys[i].bytes, keys[i].key);
}

/* clang-format off */
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
	/* Home and End of a VT220; and Ctrl-Z as the Linux console's description calls it. */
	{ KEY_FIND, KEY_CODE_HOME },	    { KEY_SELECT, KEY_CODE_END },
	{ KEY_SUSPEND, KEY_CODE_CTRL('z') },
};
/* clang-format on */

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

/* How long to wait for the rest of a sequence, which a network connection can split. */
#define REST_MS 100

/* The button codes of mouse reports (xterm's ctlseqs, Mouse Tracking). */
enum {
	BUTTON_LEFT = 0,
	BUTTON_NONE = 3, /* X10's release of any button */
	BUTTON_MODIFIERS = 4 | 8 | 16,
	BUTTON_WHEEL_UP = 64,
	BUTTON_WHEEL_DOWN = 65,
};

static struct screen_event pressed(unsigned int button, int y, int x)
{
	struct screen_event event = { SCREEN_NOTHING, 0, 0, 0, 0 };

	event.y = y;
	event.x = x;
	switch (button & ~(unsigned int)BUTTON_MODIFIERS) {
	case BUTTON_LEFT:
		event.kind = SCREEN_CLICK;
		break;
	case BUTTON_WHEEL_UP:
		event.kind = SCREEN_WHEEL;
		event.lines = -WHEEL_LINES;
		break;
	case BUTTON_WHEEL_DOWN:
		event.kind = SCREEN_WHEEL;
		event.lines = WHEEL_LINES;
		break;
	}
	return event;
}

/* A mouse event that does not come as a sequence: the console's, from gpm. */
static struct screen_event curses_mouse(void)
{
	struct screen_event event = { SCREEN_NOTHING, 0, 0, 0, 0 };
	MEVENT mouse;

	if (getmouse(&mouse) != OK)
		return event;
	if (mouse.bstate & BUTTON1_PRESSED)
		return pressed(BUTTON_LEFT, mouse.y, mouse.x);
	if (mouse.bstate & BUTTON4_PRESSED)
		return pressed(BUTTON_WHEEL_UP, mouse.y, mouse.x);
	if (mouse.bstate & BUTTON5_PRESSED)
		return pressed(BUTTON_WHEEL_DOWN, mouse.y, mouse.x);
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

/* Pushes back input that belongs to the next event. */
static void put_back(struct screen_input *in, int kind, wint_t input)
{
	in->has_next = kind != ERR;
	in->kind = kind;
	in->next = input;
}

/* Reads the next part of a sequence, and waits for it if needed. */
static int read_rest(struct screen_input *in, wint_t *input)
{
	int kind;

	timeout(REST_MS);
	kind = read_input(in, input);
	nodelay(stdscr, TRUE);
	return kind;
}

/* After CSI M: three bytes, each with an offset of 32; they are not characters. */
static struct screen_event read_x10_mouse(struct screen_input *in)
{
	static const int least[] = { ' ', ' ' + 1, ' ' + 1 };
	struct screen_event event = { SCREEN_NOTHING, 0, 0, 0, 0 };
	int bytes[3], input = 0;
	size_t n = 0;

	timeout(REST_MS);
	while (n < 3) {
		input = getch();
		if (input == KEY_BACKSPACE)
			input = 0x7f;
		if (input < least[n] || input > UINT8_MAX)
			break;
		bytes[n] = input - least[n];
		n++;
	}
	nodelay(stdscr, TRUE);
	if (n == 3)
		return pressed((unsigned int)bytes[0], bytes[2], bytes[1]);
	/* Not part of the report, for example a change of the window's size. */
	if (input != ERR)
		put_back(in, input > UINT8_MAX ? KEY_CODE_YES : OK, (wint_t)input);
	return event;
}

/* After CSI <: button ; column ; line, then M for a press or m for a release. */
static struct screen_event read_sgr_mouse(struct screen_input *in)
{
	struct screen_event event = { SCREEN_NOTHING, 0, 0, 0, 0 };
	unsigned int numbers[3] = { 0 };
	size_t n = 0;
	wint_t input;
	int kind;

	for (;;) {
		kind = read_rest(in, &input);
		if (kind == OK && input >= '0' && input <= '9') {
			if (n < 3 && numbers[n] < UINT16_MAX)
				numbers[n] = numbers[n] * 10 + (unsigned int)(input - '0');
		} else if (kind == OK && input == ';') {
			n++;
		} else {
			break;
		}
	}
	if (kind != OK || (input != 'M' && input != 'm')) {
		put_back(in, kind, input);
		return event;
	}
	if (input == 'm' || n != 2 || !numbers[1] || !numbers[2])
		return event;
	return pressed(numbers[0], (int)numbers[2] - 1, (int)numbers[1] - 1);
}

enum sequence {
	SEQUENCE_NONE, /* the Esc key */
	SEQUENCE_KEY, /* a key unknown to ncurses: skipped */
	SEQUENCE_MOUSE, /* a mouse report, decoded to *event */
};

/*
 * After an escape: the rest of a key that ncurses does not know (ECMA-48: CSI or SS3, parameters, a
 * final byte) would be taken for letters.  An [ or O with nothing after it was typed.
 */
static enum sequence read_sequence(struct screen_input *in, struct screen_event *event)
{
	wint_t first = 0, input = 0;
	int kind = read_input(in, &first), behind;

	if (kind != OK || (first != '[' && first != 'O')) {
		put_back(in, kind, first);
		return SEQUENCE_NONE;
	}
	behind = read_input(in, &input);
	if (behind == ERR) {
		put_back(in, kind, first);
		return SEQUENCE_NONE;
	}
	if (first == '[' && behind == OK && (input == '<' || input == 'M')) {
		*event = input == '<' ? read_sgr_mouse(in) : read_x10_mouse(in);
		return SEQUENCE_MOUSE;
	}
	while (behind == OK && input >= ' ' && input < '@')
		behind = read_rest(in, &input);
	/* A character that cannot end the sequence is the next key. */
	if (behind != OK || input < '@' || input > '~')
		put_back(in, behind, input);
	return SEQUENCE_KEY;
}

/*
 * ncurses merges mouse events that arrive together and, depending on its version, drops some of
 * them; so mouse reports are decoded here.  ncurses takes the key back when the screen continues
 * after a stop.
 */
static void take_mouse(void)
{
	keyok(KEY_MOUSE, FALSE);
}

struct screen_event screen_input_read(struct screen_input *in)
{
	struct screen_event event = { SCREEN_NOTHING, 0, 0, 0, 0 };
	enum sequence sequence;
	wint_t input;
	int kind;

	take_mouse();
	do {
		kind = read_input(in, &input);
		sequence = kind == OK && input == KEY_CODE_ESC ? read_sequence(in, &event)
							       : SEQUENCE_NONE;
		if (event.kind != SCREEN_NOTHING)
			return event;
	} while (sequence != SEQUENCE_NONE);
	if (kind == ERR)
		return event;
	if (kind == KEY_CODE_YES && input == KEY_MOUSE)
		return curses_mouse();
	if (kind == KEY_CODE_YES && input == KEY_RESIZE) {
		event.kind = SCREEN_RESIZED;
		return event;
	}
	event.kind = SCREEN_KEY;
	event.key = kind == KEY_CODE_YES ? special_key((int)input) : (uint32_t)input;
	return event;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What comes in from keyboard and mouse, decoded: an action, and the key for what is typed. */
#ifndef PORTSTAT_LIVE_INPUT_H
#define PORTSTAT_LIVE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;

/* A key is a character (Unicode, control characters as they are) or one of these. */
enum live_key {
	KEY_CODE_NONE = 0x110000, /* above every character */
	KEY_CODE_UP,
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_PAGE_UP,
	KEY_CODE_PAGE_DOWN,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_DELETE,
	KEY_CODE_BACKTAB,
	KEY_CODE_F, /* F1 is KEY_CODE_F + 1 */
};
#define KEY_CODE_CTRL(letter) ((letter)&0x1f)
#define KEY_CODE_TAB '\t'
#define KEY_CODE_ENTER '\r'
#define KEY_CODE_ESC 0x1b
#define KEY_CODE_BACKSPACE 0x7f

/*
 * What somebody other than the table knows by name: a panel or a line that is typed, to which the same
 * key means something of its own; the mouse; or the app itself.  Any other key is its row alone.
 */
enum live_action {
	ACTION_NONE,
	ACTION_HELP,
	ACTION_SEARCH,
	ACTION_FILTER,
	ACTION_QUIT,
	ACTION_UP,
	ACTION_DOWN, /* what: so many rows */
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_FOLD,
	ACTION_UNFOLD,
	ACTION_ENTER,
	ACTION_DETAILS_UP,
	ACTION_DETAILS_DOWN,
	ACTION_TAG,
	ACTION_NEXT_VIEW,
	ACTION_PREVIOUS_VIEW,
	ACTION_SORT_LEFT,
	ACTION_SORT_RIGHT,
	ACTION_SORT_INVERT,
	ACTION_REDRAW,
	ACTION_SUSPEND,
	ACTION_CANCEL,
	/* By the mouse alone. */
	ACTION_SELECT, /* what: which row of the table */
	ACTION_OPEN, /* the same, and ENTER on it */
	ACTION_VIEW, /* what: enum live_view */
	ACTION_SORT_COLUMN, /* what: which of those shown */
};

/* What a key or a click means.  The table does what the row says; others take the action, or the key. */
struct live_input {
	const struct key_binding *binding; /* NULL: it means nothing in the table */
	enum live_action action; /* the binding's */
	int what; /* for the binding's act_on */
	uint32_t key; /* KEY_CODE_NONE from the mouse */
};

#define KEYS_PER_BINDING 5

/* A row of the table of keys. */
struct key_binding {
	uint32_t keys[KEYS_PER_BINDING]; /* 0 ends them; none: it is the mouse's */
	const char *label; /* N_(): in the key bar; NULL: not there */
	const char *help; /* N_(): a line of the help screen; NULL: on the line of the one before */
	/* One of both does it, in the table. */
	void (*act)(struct app *a);
	void (*act_on)(struct app *a, int what);
	int what; /* for act_on, where a key asks for it */
	bool changes_host; /* not where it is read-only */
	enum live_action action; /* ACTION_NONE: nobody but the table knows it */
};

/* The table.  What is read-only has no key that does something to the host. */
struct key_list {
	const struct key_binding *bindings;
	size_t n;
	const struct key_binding *clicks; /* those without a key */
	size_t n_clicks;
	bool is_read_only;
};

/* Is there this binding here? */
bool key_is_bound(const struct key_list *keys, const struct key_binding *binding);

/* What a row of the table stands for; NULL: nothing. */
struct live_input binding_input(const struct key_binding *binding, uint32_t key);

/* What a key means, which is asked once. */
struct live_input key_input(const struct key_list *keys, uint32_t key);

/* What the mouse means by an action that is not ACTION_NONE: no key, and what it says itself. */
struct live_input action_input(const struct key_list *keys, enum live_action action, int what);

#define KEY_NAME_SIZE 16

/* F1, Ctrl-D, Space, k ...: as help screen and manual write it. */
const char *key_label(uint32_t key, char name[static KEY_NAME_SIZE]);

#endif

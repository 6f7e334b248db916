/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keyboard and mouse input, decoded: an action, and the key itself for prompts. */
#ifndef PORTSTAT_LIVE_INPUT_H
#define PORTSTAT_LIVE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;

/* A key is a Unicode character (including control characters) or one of these. */
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
	ACTION_DOWN, /* what: the number of rows */
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
	/* Mouse only. */
	ACTION_SELECT, /* what: index of a row of the table */
	ACTION_OPEN, /* what: the same; also does ENTER */
	ACTION_VIEW, /* what: enum live_view */
	ACTION_SORT_COLUMN, /* what: index among the shown columns */
};

/*
 * The meaning of a key or a click.  The table runs the binding; panels use the action, prompts the
 * key.
 */
struct live_input {
	const struct key_binding *binding; /* NULL: it means nothing in the table */
	enum live_action action; /* the binding's */
	int what; /* the argument of act_on: an index or a count */
	uint32_t key; /* KEY_CODE_NONE for the mouse */
};

#define KEYS_PER_BINDING 5

/* A row of the table of keys, key_bindings[]. */
struct key_binding {
	uint32_t keys[KEYS_PER_BINDING]; /* ends with 0; none: mouse only */
	const char *label; /* N_(): for the key bar; NULL: not in it */
	const char *help; /* N_(): for the help screen; NULL: its keys are on the previous line */
	/* Exactly one of these two runs it in the table. */
	void (*act)(struct app *a);
	void (*act_on)(struct app *a, int what);
	int what; /* the argument of act_on for a key */
	bool changes_host; /* not bound in read-only mode */
	enum live_action action; /* for panels and the mouse; ACTION_NONE: only the table has it */
};

/* The keys of this view.  A read-only view has none that changes the host. */
struct key_list {
	const struct key_binding *bindings;
	size_t n;
	const struct key_binding *clicks; /* mouse only */
	size_t n_clicks;
	bool is_read_only;
};

/* Does the view have this key?  Kill and Close are missing if it is read-only. */
bool key_is_bound(const struct key_list *keys, const struct key_binding *binding);

/* The input that a binding stands for; NULL stands for nothing. */
struct live_input binding_input(const struct key_binding *binding, uint32_t key);

/* Decodes a key.  Called once for each key. */
struct live_input key_input(const struct key_list *keys, uint32_t key);

/* The input for a click: the binding of an action other than ACTION_NONE, with its own argument. */
struct live_input action_input(const struct key_list *keys, enum live_action action, int what);

#define KEY_NAME_SIZE 16

/* The name of a key as in the help screen and the manual: F1, Ctrl-D, Space, k. */
const char *key_label(uint32_t key, char name[static KEY_NAME_SIZE]);

#endif

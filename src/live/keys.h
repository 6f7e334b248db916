/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of keys: what the handler, the help screen, the key bar and the manual know of them. */
#ifndef PORTSTAT_LIVE_KEYS_H
#define PORTSTAT_LIVE_KEYS_H

#include <stddef.h>
#include <stdint.h>

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
#define KEY_CODE_CTRL(letter) ((letter) & 0x1f)
#define KEY_CODE_TAB '\t'
#define KEY_CODE_ENTER '\r'
#define KEY_CODE_ESC 0x1b
#define KEY_CODE_BACKSPACE 0x7f

enum live_action {
	ACTION_NONE,
	ACTION_HELP,
	ACTION_COLUMNS,
	ACTION_SEARCH,
	ACTION_FILTER,
	ACTION_FOLD_ALL,
	ACTION_SORT,
	ACTION_PAUSE,
	ACTION_CLOSE,
	ACTION_KILL,
	ACTION_QUIT,
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_HALF_UP,
	ACTION_HALF_DOWN,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_FOLD,
	ACTION_UNFOLD,
	ACTION_ENTER,
	ACTION_DETAILS,
	ACTION_DETAILS_UP,
	ACTION_DETAILS_DOWN,
	ACTION_TAG,
	ACTION_UNTAG_ALL,
	ACTION_VIEW_PORTS,
	ACTION_VIEW_CONNECTIONS,
	ACTION_VIEW_PROCESSES,
	ACTION_VIEW_PEERS,
	ACTION_NEXT_VIEW,
	ACTION_PREVIOUS_VIEW,
	ACTION_SORT_LEFT,
	ACTION_SORT_RIGHT,
	ACTION_SORT_INVERT,
	ACTION_TCP,
	ACTION_UDP,
	ACTION_LISTENING,
	ACTION_ESTABLISHED,
	ACTION_NAMES,
	ACTION_HOSTS,
	ACTION_COPY,
	ACTION_REFRESH,
	ACTION_REDRAW,
	ACTION_SUSPEND,
	ACTION_CANCEL,
};

#define KEYS_PER_BINDING 5

struct key_binding {
	enum live_action action;
	uint32_t keys[KEYS_PER_BINDING]; /* 0 ends them */
	const char *label; /* N_(): in the key bar; NULL: not there */
	const char *help; /* N_(): a line of the help screen; NULL: on the line of the one before */
};

extern const struct key_binding key_bindings[];
extern const size_t key_bindings_n;

/* What the key does in the table; ACTION_NONE where nothing. */
enum live_action key_action(uint32_t key);

#define KEY_NAME_SIZE 16

/* F1, Ctrl-D, Space, k ...: as help screen and manual write it. */
const char *key_label(uint32_t key, char name[static KEY_NAME_SIZE]);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of keys: what the handler, the help screen, the key bar and the manual know of them. */
#include <config.h>

#include "live/keys.h"

#include <stdio.h>

#include "base/i18n.h"

#define F(n) (KEY_CODE_F + (n))
#define CTRL(letter) KEY_CODE_CTRL(letter)

/* A binding without help stands on the line of the one before it. */
const struct key_binding key_bindings[] = {
	{ ACTION_HELP, { F(1), '?', 'h' }, N_("Help"), N_("this help") },
	{ ACTION_COLUMNS, { F(2), 'C' }, N_("Columns"), N_("columns: choose and keep") },
	{ ACTION_SEARCH, { F(3) }, N_("Search"), N_("search, then next match") },
	{ ACTION_FILTER, { F(4), '/' }, N_("Filter"), N_("filter (as in listings)") },
	{ ACTION_FOLD_ALL, { F(5) }, N_("Tree"), N_("fold or unfold the tree") },
	{ ACTION_SORT, { F(6) }, N_("Sort"), N_("choose the sort column") },
	{ ACTION_PAUSE, { F(7), 'p' }, N_("Pause"), N_("stand still, or go on") },
	{ ACTION_CLOSE, { F(8), 'x' }, N_("Close"), N_("close socket or tagged") },
	{ ACTION_KILL, { F(9), 'K' }, N_("Kill"), N_("send the owner a signal") },
	{ ACTION_QUIT, { F(10), 'q', CTRL('c') }, N_("Quit"), N_("leave") },
	{ ACTION_UP, { KEY_CODE_UP, 'k' }, NULL, N_("one row up, down") },
	{ ACTION_DOWN, { KEY_CODE_DOWN, 'j' }, NULL, NULL },
	{ ACTION_PAGE_UP, { KEY_CODE_PAGE_UP }, NULL, N_("one screen up, down") },
	{ ACTION_PAGE_DOWN, { KEY_CODE_PAGE_DOWN }, NULL, NULL },
	{ ACTION_HALF_UP, { CTRL('u') }, NULL, N_("half a screen up, down") },
	{ ACTION_HALF_DOWN, { CTRL('d') }, NULL, NULL },
	{ ACTION_FIRST, { KEY_CODE_HOME, 'g' }, NULL, N_("to the first, last row") },
	{ ACTION_LAST, { KEY_CODE_END, 'G' }, NULL, NULL },
	{ ACTION_ENTER, { KEY_CODE_ENTER, '\n' }, NULL, N_("unfold, or show details") },
	{ ACTION_FOLD, { KEY_CODE_LEFT }, NULL, N_("fold, unfold the row") },
	{ ACTION_UNFOLD, { KEY_CODE_RIGHT }, NULL, NULL },
	{ ACTION_DETAILS, { 'd' }, NULL, N_("details of the row") },
	{ ACTION_DETAILS_UP, { '[' }, NULL, N_("scroll the details") },
	{ ACTION_DETAILS_DOWN, { ']' }, NULL, NULL },
	{ ACTION_TAG, { ' ' }, NULL, N_("tag for Close and Kill") },
	{ ACTION_UNTAG_ALL, { 'U' }, NULL, N_("take all tags away") },
	{ ACTION_VIEW_PORTS, { '1' }, NULL, N_("choose the view") },
	{ ACTION_VIEW_CONNECTIONS, { '2' }, NULL, NULL },
	{ ACTION_VIEW_PROCESSES, { '3' }, NULL, NULL },
	{ ACTION_VIEW_PEERS, { '4' }, NULL, NULL },
	{ ACTION_NEXT_VIEW, { KEY_CODE_TAB }, NULL, N_("next view, one before") },
	{ ACTION_PREVIOUS_VIEW, { KEY_CODE_BACKTAB }, NULL, NULL },
	{ ACTION_SORT_LEFT, { '<' }, NULL, N_("sort one column aside") },
	{ ACTION_SORT_RIGHT, { '>' }, NULL, NULL },
	{ ACTION_SORT_INVERT, { 'I' }, NULL, N_("turn the order round") },
	{ ACTION_TCP, { 't' }, NULL, N_("show or hide TCP, UDP") },
	{ ACTION_UDP, { 'u' }, NULL, NULL },
	{ ACTION_LISTENING, { 'l' }, NULL, N_("listening, established") },
	{ ACTION_ESTABLISHED, { 'e' }, NULL, NULL },
	{ ACTION_NAMES, { 'n' }, NULL, N_("names or numbers") },
	{ ACTION_HOSTS, { 'r' }, NULL, N_("host names of peers") },
	{ ACTION_COPY, { 'y' }, NULL, N_("copy the row as text") },
	{ ACTION_REFRESH, { 'R' }, NULL, N_("look again now") },
	{ ACTION_REDRAW, { CTRL('l') }, NULL, N_("draw the screen anew") },
	{ ACTION_SUSPEND, { CTRL('z') }, NULL, N_("suspend portstat") },
	{ ACTION_CANCEL, { KEY_CODE_ESC }, NULL, N_("close what is open") },
};
const size_t key_bindings_n = sizeof(key_bindings) / sizeof(*key_bindings);

enum live_action key_action(uint32_t key)
{
	for (size_t i = 0; key && i < key_bindings_n; i++)
		for (size_t j = 0; j < KEYS_PER_BINDING && key_bindings[i].keys[j]; j++)
			if (key_bindings[i].keys[j] == key)
				return key_bindings[i].action;
	return ACTION_NONE;
}

static const struct {
	uint32_t key;
	const char *name;
} names[] = {
	{ KEY_CODE_UP, "Up" },		    { KEY_CODE_DOWN, "Down" },
	{ KEY_CODE_LEFT, "Left" },	    { KEY_CODE_RIGHT, "Right" },
	{ KEY_CODE_PAGE_UP, "PgUp" },	    { KEY_CODE_PAGE_DOWN, "PgDn" },
	{ KEY_CODE_HOME, "Home" },	    { KEY_CODE_END, "End" },
	{ KEY_CODE_DELETE, "Del" },	    { KEY_CODE_BACKTAB, "Shift-Tab" },
	{ KEY_CODE_TAB, "Tab" },	    { KEY_CODE_ENTER, "Enter" },
	{ KEY_CODE_ESC, "Esc" },	    { ' ', "Space" },
	{ KEY_CODE_BACKSPACE, "Backspace" },
};

const char *key_label(uint32_t key, char name[static KEY_NAME_SIZE])
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].key == key)
			return names[i].name;
	if (key > KEY_CODE_F)
		snprintf(name, KEY_NAME_SIZE, "F%u", key - KEY_CODE_F);
	else if (key < ' ')
		snprintf(name, KEY_NAME_SIZE, "Ctrl-%c", (char)(key | 0x40));
	else
		snprintf(name, KEY_NAME_SIZE, "%c", (char)key);
	return name;
}

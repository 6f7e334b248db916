/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only table of keys; the handler, the help screen, the key bar and the manual use it. */
#include <config.h>

#include "live/keys.h"

#include "base/i18n.h"
#include "live/actions.h"
#include "live/dialogs.h"
#include "live/live_columns.h"
#include "live/rows.h"

#define F(n) (KEY_CODE_F + (n))
#define CTRL(letter) KEY_CODE_CTRL(letter)

/* The help screen shows a binding without help on the line of the binding before it. */
/* clang-format off */
const struct key_binding key_bindings[] = {
	{ ACTION_HELP, { F(1), '?', 'h' }, N_("Help"), N_("this help"), .act = act_help },
	{ ACTION_COLUMNS, { F(2), 'C' }, N_("Columns"), N_("choose and save columns"),
	  .act = act_columns },
	{ ACTION_SEARCH, { F(3) }, N_("Search"), N_("search, then next match"), .act = act_search },
	{ ACTION_FILTER, { F(4), '/' }, N_("Filter"), N_("filter (as in listings)"),
	  .act = act_filter },
	{ ACTION_FOLD_ALL, { F(5) }, N_("Tree"), N_("fold or unfold the tree"),
	  .act = act_fold_all },
	{ ACTION_SORT, { F(6) }, N_("Sort"), N_("choose the sort column"), .act = act_sort },
	{ ACTION_PAUSE, { F(7), 'p' }, N_("Pause"), N_("pause or resume"), .act = act_pause },
	{ ACTION_CLOSE, { F(8), 'x' }, N_("Close"), N_("close the socket"),
	  .act = act_close },
	{ ACTION_KILL, { F(9), 'K' }, N_("Kill"), N_("send a signal to owner"), .act = act_kill },
	{ ACTION_QUIT, { F(10), 'q', CTRL('c') }, N_("Quit"), N_("quit"), .act = act_quit },
	{ ACTION_UP, { KEY_CODE_UP, 'k' }, NULL, N_("one row up, down"),
	  .act_on = act_move, .what = -1 },
	{ ACTION_DOWN, { KEY_CODE_DOWN, 'j' }, NULL, NULL, .act_on = act_move, .what = 1 },
	{ ACTION_PAGE_UP, { KEY_CODE_PAGE_UP }, NULL, N_("one screen up, down"),
	  .act_on = act_move_screens, .what = -1 },
	{ ACTION_PAGE_DOWN, { KEY_CODE_PAGE_DOWN }, NULL, NULL,
	  .act_on = act_move_screens, .what = 1 },
	{ ACTION_HALF_UP, { CTRL('u') }, NULL, N_("half a screen up, down"),
	  .act_on = act_move_half, .what = -1 },
	{ ACTION_HALF_DOWN, { CTRL('d') }, NULL, NULL, .act_on = act_move_half, .what = 1 },
	{ ACTION_FIRST, { KEY_CODE_HOME, 'g' }, NULL, N_("first, last row"),
	  .act = act_first },
	{ ACTION_LAST, { KEY_CODE_END, 'G' }, NULL, NULL, .act = act_last },
	{ ACTION_ENTER, { KEY_CODE_ENTER, '\n' }, NULL, N_("unfold, or show details"),
	  .act = act_enter },
	{ ACTION_FOLD, { KEY_CODE_LEFT }, NULL, N_("fold, unfold the row"),
	  .act_on = act_fold, .what = false },
	{ ACTION_UNFOLD, { KEY_CODE_RIGHT }, NULL, NULL, .act_on = act_fold, .what = true },
	{ ACTION_DETAILS, { 'd' }, NULL, N_("details of the row"), .act = act_details },
	{ ACTION_DETAILS_UP, { '[' }, NULL, N_("scroll the details"),
	  .act_on = act_scroll_details, .what = -1 },
	{ ACTION_DETAILS_DOWN, { ']' }, NULL, NULL, .act_on = act_scroll_details, .what = 1 },
	{ ACTION_TAG, { ' ' }, NULL, N_("tag for Close and Kill"), .act = act_tag },
	{ ACTION_UNTAG_ALL, { 'U' }, NULL, N_("remove all tags"), .act = act_untag },
	{ ACTION_VIEW_PORTS, { '1' }, NULL, N_("select a view"),
	  .act_on = act_view, .what = VIEW_PORTS },
	{ ACTION_VIEW_CONNECTIONS, { '2' }, NULL, NULL,
	  .act_on = act_view, .what = VIEW_CONNECTIONS },
	{ ACTION_VIEW_PROCESSES, { '3' }, NULL, NULL, .act_on = act_view, .what = VIEW_PROCESSES },
	{ ACTION_VIEW_PEERS, { '4' }, NULL, NULL, .act_on = act_view, .what = VIEW_PEERS },
	{ ACTION_NEXT_VIEW, { KEY_CODE_TAB }, NULL, N_("next, previous view"),
	  .act_on = act_turn_view, .what = 1 },
	{ ACTION_PREVIOUS_VIEW, { KEY_CODE_BACKTAB }, NULL, NULL,
	  .act_on = act_turn_view, .what = -1 },
	{ ACTION_SORT_LEFT, { '<' }, NULL, N_("sort by adjacent column"),
	  .act_on = act_sort_beside, .what = -1 },
	{ ACTION_SORT_RIGHT, { '>' }, NULL, NULL, .act_on = act_sort_beside, .what = 1 },
	{ ACTION_SORT_INVERT, { 'I' }, NULL, N_("reverse the sort order"), .act = act_sort_invert },
	{ ACTION_TCP, { 't' }, NULL, N_("toggle TCP, UDP"),
	  .act_on = act_toggle_shown, .what = SHOW_TCP },
	{ ACTION_UDP, { 'u' }, NULL, NULL, .act_on = act_toggle_shown, .what = SHOW_UDP },
	{ ACTION_LISTENING, { 'l' }, NULL, N_("toggle LISTEN, ESTAB"),
	  .act_on = act_toggle_shown, .what = SHOW_LISTENING },
	{ ACTION_ESTABLISHED, { 'e' }, NULL, NULL,
	  .act_on = act_toggle_shown, .what = SHOW_ESTABLISHED },
	{ ACTION_NAMES, { 'n' }, NULL, N_("show names or numbers"), .act = act_names },
	{ ACTION_HOSTS, { 'r' }, NULL, N_("show peers' host names"), .act = act_hosts },
	{ ACTION_COPY, { 'y' }, NULL, N_("copy the row as text"), .act = act_copy },
	{ ACTION_REFRESH, { 'R' }, NULL, N_("refresh now"), .act = act_refresh },
	{ ACTION_REDRAW, { CTRL('l') }, NULL, N_("redraw the screen"), .act = act_redraw },
	{ ACTION_SUSPEND, { CTRL('z') }, NULL, N_("suspend portstat"), .act = act_suspend },
	{ ACTION_CANCEL, { KEY_CODE_ESC }, NULL, N_("close dialog or details"), .act = act_cancel },
};
/* clang-format on */
const size_t key_bindings_n = sizeof(key_bindings) / sizeof(*key_bindings);

const struct key_binding click_bindings[] = {
	{ .action = ACTION_SELECT, .act_on = act_select },
	{ .action = ACTION_OPEN, .act_on = act_open },
	{ .action = ACTION_SORT_COLUMN, .act_on = act_sort_column },
};
const size_t click_bindings_n = sizeof(click_bindings) / sizeof(*click_bindings);

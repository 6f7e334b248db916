/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of keys: what the handler, the help screen, the key bar and the manual know of them. */
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
	{ { F(1), '?', 'h' }, N_("Help"), N_("this help"),
	  .act = act_help, .action = ACTION_HELP },
	{ { F(2), 'C' }, N_("Columns"), N_("choose and save columns"), .act = act_columns },
	{ { F(3) }, N_("Search"), N_("search, then next match"),
	  .act = act_search, .action = ACTION_SEARCH },
	{ { F(4), '/' }, N_("Filter"), N_("filter (as in listings)"),
	  .act = act_filter, .action = ACTION_FILTER },
	{ { '=' }, NULL, N_("filter by cell; clear"), .act = act_filter_by },
	{ { '\\' }, NULL, NULL, .act = act_clear_filter },
	{ { F(5) }, N_("Tree"), N_("fold or unfold the tree"), .act = act_fold_all },
	{ { F(6) }, N_("Sort"), N_("choose the sort column"), .act = act_sort },
	{ { F(7), 'p' }, N_("Pause"), N_("pause or resume"), .act = act_pause },
	{ { F(8), 'x' }, N_("Close"), N_("close the socket"),
	  .act = act_close, .changes_host = true },
	{ { F(9), 'K' }, N_("Kill"), N_("send a signal to owner"),
	  .act = act_kill, .changes_host = true },
	{ { 'W' }, NULL, N_("why its port is taken"), .act = act_why },
	{ { F(10), 'q', CTRL('c') }, N_("Quit"), N_("quit"),
	  .act = act_quit, .action = ACTION_QUIT },
	{ { KEY_CODE_UP, 'k' }, NULL, N_("one row up, down"),
	  .act_on = act_move, .what = -1, .action = ACTION_UP },
	{ { KEY_CODE_DOWN, 'j' }, NULL, NULL,
	  .act_on = act_move, .what = 1, .action = ACTION_DOWN },
	{ { KEY_CODE_PAGE_UP }, NULL, N_("one screen up, down"),
	  .act_on = act_move_screens, .what = -1, .action = ACTION_PAGE_UP },
	{ { KEY_CODE_PAGE_DOWN }, NULL, NULL,
	  .act_on = act_move_screens, .what = 1, .action = ACTION_PAGE_DOWN },
	{ { CTRL('u') }, NULL, N_("half a screen up, down"),
	  .act_on = act_move_half, .what = -1 },
	{ { CTRL('d') }, NULL, NULL, .act_on = act_move_half, .what = 1 },
	{ { KEY_CODE_HOME, 'g' }, NULL, N_("first, last row"),
	  .act = act_first, .action = ACTION_FIRST },
	{ { KEY_CODE_END, 'G' }, NULL, NULL, .act = act_last, .action = ACTION_LAST },
	{ { KEY_CODE_ENTER, '\n' }, NULL, N_("unfold, or show details"),
	  .act = act_enter, .action = ACTION_ENTER },
	{ { KEY_CODE_LEFT }, NULL, N_("fold, unfold the row"),
	  .act_on = act_fold, .what = false, .action = ACTION_FOLD },
	{ { KEY_CODE_RIGHT }, NULL, NULL,
	  .act_on = act_fold, .what = true, .action = ACTION_UNFOLD },
	{ { 'd' }, NULL, N_("details, raw details"), .act = act_details },
	{ { 'D' }, NULL, NULL, .act = act_raw_details },
	{ { '[' }, NULL, N_("scroll the details"),
	  .act_on = act_scroll_details, .what = -1, .action = ACTION_DETAILS_UP },
	{ { ']' }, NULL, NULL,
	  .act_on = act_scroll_details, .what = 1, .action = ACTION_DETAILS_DOWN },
	{ { ' ' }, NULL, N_("tag for Close and Kill"), .act = act_tag, .action = ACTION_TAG },
	{ { 'U' }, NULL, N_("remove all tags"), .act = act_untag },
	{ { '1' }, NULL, N_("select a view"), .act_on = act_view, .what = VIEW_PORTS },
	{ { '2' }, NULL, NULL, .act_on = act_view, .what = VIEW_CONNECTIONS },
	{ { '3' }, NULL, NULL, .act_on = act_view, .what = VIEW_PROCESSES },
	{ { '4' }, NULL, NULL, .act_on = act_view, .what = VIEW_PEERS },
	{ { '5' }, NULL, NULL, .act_on = act_view, .what = VIEW_CHANGES },
	{ { KEY_CODE_TAB }, NULL, N_("next, previous view"),
	  .act_on = act_turn_view, .what = 1, .action = ACTION_NEXT_VIEW },
	{ { KEY_CODE_BACKTAB }, NULL, NULL,
	  .act_on = act_turn_view, .what = -1, .action = ACTION_PREVIOUS_VIEW },
	{ { '<' }, NULL, N_("sort by adjacent column"),
	  .act_on = act_sort_beside, .what = -1, .action = ACTION_SORT_LEFT },
	{ { '>' }, NULL, NULL,
	  .act_on = act_sort_beside, .what = 1, .action = ACTION_SORT_RIGHT },
	{ { 'T' }, NULL, N_("top talkers: by RX+TX"), .act = act_sort_traffic },
	{ { 'I' }, NULL, N_("reverse the sort order"),
	  .act = act_sort_invert, .action = ACTION_SORT_INVERT },
	{ { 't' }, NULL, N_("toggle TCP, UDP"),
	  .act_on = act_toggle_shown, .what = SHOW_TCP },
	{ { 'u' }, NULL, NULL, .act_on = act_toggle_shown, .what = SHOW_UDP },
	{ { 'l' }, NULL, N_("toggle LISTEN, ESTAB"),
	  .act_on = act_toggle_shown, .what = SHOW_LISTENING },
	{ { 'e' }, NULL, NULL, .act_on = act_toggle_shown, .what = SHOW_ESTABLISHED },
	{ { '!' }, NULL, N_("only what needs a look"), .act = act_trouble },
	{ { 'B' }, NULL, N_("bell when a row appears"), .act = act_bell },
	{ { 'b' }, NULL, N_("group by unit, user, ..."), .act = act_group },
	{ { 'n' }, NULL, N_("show names or numbers"), .act = act_names },
	{ { 'r' }, NULL, N_("show peers' host names"), .act = act_hosts },
	{ { 'N' }, NULL, N_("all network namespaces"), .act = act_netns },
	{ { 'y' }, NULL, N_("copy the row, the cell"), .act = act_copy },
	{ { 'c' }, NULL, NULL, .act = act_copy_cell },
	{ { 'Y' }, NULL, N_("select text by mouse"), .act = act_free_mouse },
	{ { 'R' }, NULL, N_("refresh now"), .act = act_refresh },
	{ { '(' }, NULL, N_("earlier, later moment"), .act_on = act_step_moment, .what = -1 },
	{ { ')' }, NULL, NULL, .act_on = act_step_moment, .what = 1 },
	{ { '{' }, NULL, N_("by ten moments"), .act_on = act_step_moment, .what = -10 },
	{ { '}' }, NULL, NULL, .act_on = act_step_moment, .what = 10 },
	{ { CTRL('l') }, NULL, N_("redraw the screen"),
	  .act = act_redraw, .action = ACTION_REDRAW },
	{ { CTRL('z') }, NULL, N_("suspend portstat"),
	  .act = act_suspend, .action = ACTION_SUSPEND },
	{ { KEY_CODE_ESC }, NULL, N_("close dialog or details"),
	  .act = act_cancel, .action = ACTION_CANCEL },
};
/* clang-format on */
const size_t key_bindings_n = sizeof(key_bindings) / sizeof(*key_bindings);

const struct key_binding click_bindings[] = {
	{ .action = ACTION_SELECT, .act_on = act_select },
	{ .action = ACTION_OPEN, .act_on = act_open },
	{ .action = ACTION_VIEW, .act_on = act_view },
	{ .action = ACTION_SORT_COLUMN, .act_on = act_sort_column },
};
const size_t click_bindings_n = sizeof(click_bindings) / sizeof(*click_bindings);

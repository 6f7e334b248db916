/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a key does in the table. */
#include <config.h>

#include "live/state_parts.h"

#include <string.h>

#include "base/i18n.h"

/* ---- views and order ---- */

static void show_view(struct live_state *s, int view)
{
	if ((int)s->view == view)
		return;
	s->view = (enum live_view)view;
	s->cursor_before = 0;
	s->details_top = 0;
	state_rebuild(s);
	state_update_query(s, false);
}

static void turn_view(struct live_state *s, int by)
{
	show_view(s, ((int)s->view + by + LIVE_VIEWS) % LIVE_VIEWS);
}

static void sort_by(struct live_state *s, const struct live_column *column, bool is_descending)
{
	struct view_state *view = state_view(s);

	view->sort = column;
	view->is_descending = is_descending;
	state_rebuild(s);
	state_update_query(s, false);
}

static void sort_beside(struct live_state *s, int by)
{
	struct view_state *view = state_view(s);
	size_t at = 0;

	while (at < view->n_shown && view->shown[at] != view->sort)
		at++;
	if (at == view->n_shown)
		at = 0;
	else if (by > 0 && at + 1 < view->n_shown)
		at++;
	else if (by < 0 && at)
		at--;
	sort_by(s, view->shown[at], view->is_descending);
}

static void invert_sort(struct live_state *s)
{
	const struct view_state *view = state_view(s);

	sort_by(s, view->sort, !view->is_descending);
}

static void toggle_shown(struct live_state *s, int bit)
{
	s->shown ^= (unsigned int)bit;
	state_rebuild(s);
}

/* ---- the cursor and its row ---- */

static void move_screens(struct live_state *s, int screens)
{
	int rows = state_layout(s).n_rows;

	state_move(s, (ptrdiff_t)screens * (rows > 1 ? rows : 1));
}

static void move_half(struct live_state *s, int halves)
{
	int rows = state_layout(s).n_rows;

	state_move(s, (ptrdiff_t)halves * (rows > 1 ? (rows + 1) / 2 : 1));
}

static void move_rows(struct live_state *s, int rows)
{
	state_move(s, rows);
}

static void move_to_first(struct live_state *s)
{
	state_move_to(s, 0);
}

static void move_to_last(struct live_state *s)
{
	state_move_to(s, SIZE_MAX);
}

static void fold(struct live_state *s, int is_to_open)
{
	state_fold(s, is_to_open);
}

static void enter(struct live_state *s)
{
	const struct live_item *item = state_current(s);
	const struct live_group *group = item ? item_group(s, item) : NULL;

	if (group && group->n_all) {
		state_toggle_fold(s);
		return;
	}
	s->has_details = !s->has_details;
	state_update_query(s, false);
}

/* The row's cells divided by tabs. */
static void copy_row(struct live_state *s)
{
	const struct view_state *view = state_view(s);
	const struct live_item *item = state_current(s);

	buf_clear(&s->out.copies);
	for (size_t i = 0; item && i < view->n_shown; i++) {
		if (i)
			buf_char(&s->out.copies, '\t');
		state_whole_cell(s, item, view->shown[i], &s->out.copies);
	}
	if (item)
		live_state_say(s, false, _("The row was sent to the terminal's clipboard."));
}

/* ---- what is shown of it ---- */

static void toggle(struct live_state *s, bool *what)
{
	*what = !*what;
	state_update_query(s, false);
	/* Widths that names made are of no use to numbers. */
	memset(state_view(s)->widest, 0, sizeof(state_view(s)->widest));
}

static void toggle_details(struct live_state *s)
{
	toggle(s, &s->has_details);
}

static void toggle_names(struct live_state *s)
{
	toggle(s, &s->is_numeric);
}

static void toggle_hosts(struct live_state *s)
{
	toggle(s, &s->has_hosts);
}

static void scroll_details(struct live_state *s, int by)
{
	struct live_layout l = state_layout(s);
	size_t last = s->details_height > l.panel_n ? (size_t)(s->details_height - l.panel_n) : 0;

	/* A panel that grew may show more by now than where it was scrolled to. */
	if (s->details_top > last)
		s->details_top = last;
	if (by < 0)
		s->details_top -= s->details_top > 0;
	else
		s->details_top += s->details_top < last;
}

static void cancel(struct live_state *s)
{
	if (s->n_tags)
		state_untag(s);
	else if (s->has_details)
		s->has_details = false;
}

/* ---- the loop's part ---- */

static void pause_or_go_on(struct live_state *s)
{
	s->is_paused = !s->is_paused;
}

static void quit(struct live_state *s)
{
	s->out.quits = true;
}

static void refresh(struct live_state *s)
{
	s->out.refreshes = true;
}

static void redraw(struct live_state *s)
{
	s->out.redraws = true;
}

static void suspend(struct live_state *s)
{
	s->out.suspends = true;
}

/* One of both functions. */
static const struct {
	void (*act)(struct live_state *s);
	void (*act_on)(struct live_state *s, int what);
	int what;
} acts[] = {
	[ACTION_HELP] = { .act = dialog_open_help },
	[ACTION_COLUMNS] = { .act = dialog_open_columns },
	[ACTION_SEARCH] = { .act = state_open_search },
	[ACTION_FILTER] = { .act = state_open_filter },
	[ACTION_FOLD_ALL] = { .act = state_toggle_all },
	[ACTION_SORT] = { .act = dialog_open_sort },
	[ACTION_PAUSE] = { .act = pause_or_go_on },
	[ACTION_CLOSE] = { .act = dialog_open_close },
	[ACTION_KILL] = { .act = dialog_open_kill },
	[ACTION_QUIT] = { .act = quit },
	[ACTION_UP] = { .act_on = move_rows, .what = -1 },
	[ACTION_DOWN] = { .act_on = move_rows, .what = 1 },
	[ACTION_PAGE_UP] = { .act_on = move_screens, .what = -1 },
	[ACTION_PAGE_DOWN] = { .act_on = move_screens, .what = 1 },
	[ACTION_HALF_UP] = { .act_on = move_half, .what = -1 },
	[ACTION_HALF_DOWN] = { .act_on = move_half, .what = 1 },
	[ACTION_FIRST] = { .act = move_to_first },
	[ACTION_LAST] = { .act = move_to_last },
	[ACTION_FOLD] = { .act_on = fold, .what = false },
	[ACTION_UNFOLD] = { .act_on = fold, .what = true },
	[ACTION_ENTER] = { .act = enter },
	[ACTION_DETAILS] = { .act = toggle_details },
	[ACTION_DETAILS_UP] = { .act_on = scroll_details, .what = -1 },
	[ACTION_DETAILS_DOWN] = { .act_on = scroll_details, .what = 1 },
	[ACTION_TAG] = { .act = state_toggle_tag },
	[ACTION_UNTAG_ALL] = { .act = state_untag },
	[ACTION_VIEW_PORTS] = { .act_on = show_view, .what = VIEW_PORTS },
	[ACTION_VIEW_CONNECTIONS] = { .act_on = show_view, .what = VIEW_CONNECTIONS },
	[ACTION_VIEW_PROCESSES] = { .act_on = show_view, .what = VIEW_PROCESSES },
	[ACTION_VIEW_PEERS] = { .act_on = show_view, .what = VIEW_PEERS },
	[ACTION_NEXT_VIEW] = { .act_on = turn_view, .what = 1 },
	[ACTION_PREVIOUS_VIEW] = { .act_on = turn_view, .what = -1 },
	[ACTION_SORT_LEFT] = { .act_on = sort_beside, .what = -1 },
	[ACTION_SORT_RIGHT] = { .act_on = sort_beside, .what = 1 },
	[ACTION_SORT_INVERT] = { .act = invert_sort },
	[ACTION_TCP] = { .act_on = toggle_shown, .what = SHOW_TCP },
	[ACTION_UDP] = { .act_on = toggle_shown, .what = SHOW_UDP },
	[ACTION_LISTENING] = { .act_on = toggle_shown, .what = SHOW_LISTENING },
	[ACTION_ESTABLISHED] = { .act_on = toggle_shown, .what = SHOW_ESTABLISHED },
	[ACTION_NAMES] = { .act = toggle_names },
	[ACTION_HOSTS] = { .act = toggle_hosts },
	[ACTION_COPY] = { .act = copy_row },
	[ACTION_REFRESH] = { .act = refresh },
	[ACTION_REDRAW] = { .act = redraw },
	[ACTION_SUSPEND] = { .act = suspend },
	[ACTION_CANCEL] = { .act = cancel },
};

bool state_has_action(const struct live_state *s, enum live_action action)
{
	return !s->setup.is_read_only || (action != ACTION_KILL && action != ACTION_CLOSE);
}

void state_act(struct live_state *s, enum live_action action)
{
	if (action == ACTION_NONE)
		return;
	if (acts[action].act)
		acts[action].act(s);
	else
		acts[action].act_on(s, acts[action].what);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the live view's state share with each other and with nobody else. */
#ifndef PORTSTAT_LIVE_STATE_PARTS_H
#define PORTSTAT_LIVE_STATE_PARTS_H

#include "live/canvas.h"
#include "live/frame.h"
#include "live/state.h"

/* ---- state_rows.c, state_groups.c: the frame's rows, grouped as the view says ---- */

/* Builds rows, groups and items anew after a frame, a filter, a sort key or a view. */
void state_rebuild(struct live_state *s);

/* Builds the items alone anew, after folding. */
void state_unfold(struct live_state *s);

/* Groups s->rows for the view that shows; none for connections. */
void state_group(struct live_state *s);

/* The row of an item; for a group the one that heads or stands for it.  NULL for none. */
const struct row *item_row(const struct live_state *s, const struct live_item *item);

/* The group of an ITEM_GROUP, else NULL. */
const struct live_group *item_group(const struct live_state *s, const struct live_item *item);

/* The identities of groups. */
uint64_t group_process_id(int32_t pid, uint64_t start_time);
uint64_t group_peer_id(const struct sock *sk);

bool group_is_open(const struct view_state *view, uint64_t id);

/* Is a look on its way that may show more than this one does? */
bool state_is_looking(const struct live_state *s);

/* Adds what a rate says to a sum; either may be RATE_UNKNOWN. */
uint64_t rate_sum(uint64_t a, uint64_t b);

/* ---- state_act.c: keys of the table ---- */

void state_act(struct live_state *s, enum live_action action);

/* Is there such an action here?  What is read-only has none that does something to the host. */
bool state_has_action(const struct live_state *s, enum live_action action);

/* ---- state_cursor.c: where the cursor is ---- */

static inline struct view_state *state_view(struct live_state *s)
{
	return &s->views[s->view];
}

static inline const struct view_state *state_view_const(const struct live_state *s)
{
	return &s->views[s->view];
}

/* The item under the cursor; NULL where there is none. */
const struct live_item *state_current(const struct live_state *s);

/* Finds the cursor's item again after the items changed, or its neighbour where it went. */
void state_find_cursor(struct live_state *s);

/* Back to where the cursor was before the filter was typed: now, or as soon as a look has that row. */
void state_return(struct live_state *s);

void state_move_to(struct live_state *s, size_t index);
void state_move(struct live_state *s, ptrdiff_t by);
bool state_fold(struct live_state *s, bool is_to_open);
void state_toggle_fold(struct live_state *s);
void state_toggle_all(struct live_state *s);
/*
 * Moves to the next row (from the cursor on, itself counted with_current) that holds the text, or says
 * that there is none; where there are many rows live_state_search_on() goes on.
 */
void state_search(struct live_state *s, bool with_current);

/* ---- state_tags.c: what is tagged ---- */

void state_toggle_tag(struct live_state *s);
bool state_is_tagged(const struct live_state *s, uint64_t id);
void state_untag(struct live_state *s);

/* Is something tagged among the rows that the view is made of, folded or not? */
bool state_has_tagged(const struct live_state *s);

/* After a new look: what is gone is not tagged any more, what has a new identity still is. */
void state_update_tags(struct live_state *s, const struct frame *before);

/* ---- state_layout.c: what is where on the screen ---- */

struct live_layout {
	bool is_too_small;
	bool is_compact; /* the table and one line */
	int title_y; /* -1 each: not there */
	int tabs_y;
	int filter_y;
	int head_y;
	int rows_y;
	int n_rows;
	int panel_y; /* details or a dialog */
	int panel_n;
	int bar_y;
};

struct live_layout state_layout(const struct live_state *s);

/* Keeps the cursor on the screen and widths up to date; after every change. */
void state_settle(struct live_state *s);

/* ---- state_cells.c: the text of a cell ---- */

/* Adds the visible text of the item in this column. */
void state_cell(const struct live_state *s, const struct live_item *item,
		const struct live_column *column, struct buf *out);

/* The same for a text of its own: nothing drawn, and what the row above would say as well. */
void state_whole_cell(const struct live_state *s, const struct live_item *item,
		      const struct live_column *column, struct buf *out);

/* Adds bytes from outside so that a terminal can be given them. */
void state_visible(const struct live_state *s, const char *text, size_t n, struct buf *out);

/* 4.1M: a number of bytes in at most five columns; - where unknown. */
void bytes_text(uint64_t bytes, struct buf *out);

/* 2h14m, 4s: at most two units. */
void age_text(uint64_t ms, struct buf *out);

/* Lines and marks: as drawn, or in ASCII. */
struct glyphs {
	const char *rule;
	const char *branch;
	const char *last_branch;
	const char *cut;
	const char *ascending;
	const char *descending;
};
const struct glyphs *state_glyphs(const struct live_state *s);

/* ---- state_top.c: the lines above the table ---- */

void state_draw_title(const struct live_state *s, struct canvas *out, int y);
void state_draw_tabs(const struct live_state *s, struct canvas *out, int y);
void state_draw_filter(const struct live_state *s, struct canvas *out, int y);
/*
 * A caret below the place where the typed filter goes wrong, and what was expected: beside it, or
 * in the place of the first rows.  Returns of how many.
 */
int state_draw_mistake(const struct live_state *s, struct canvas *out, const struct live_layout *l);

/* Whether it looks, or is paused, or fails. */
const char *state_liveness(const struct live_state *s, bool *is_alert);

/* Adds how many rows show of how many, or why there are none; shorter where room is less. */
void state_rows_text(const struct live_state *s, size_t room, struct buf *out);

/* ---- state_query.c: filter and query ---- */

/*
 * Takes a filter text, entered or still being typed; on a mistake the filter stays and filter_error says
 * where.  True when it parsed.
 */
bool state_set_filter(struct live_state *s, const char *text, size_t len, bool is_entered);

/* The query follows columns, filter and names; asks for a new look where it changed. */
void state_update_query(struct live_state *s, bool are_rows_changed);

/* ---- state_prompt.c: lines that are typed ---- */

void state_open_filter(struct live_state *s);
/* The text before is searched for again, until one is typed in its place. */
void state_open_search(struct live_state *s);
void state_prompt_key(struct live_state *s, uint32_t key);

/* ---- details.c and the dialogs ---- */

/* Each draws its lines at y, at most n of them; its height is how many it would like to have. */
void details_draw(const struct live_state *s, struct canvas *out, int y, int n);
int details_height(const struct live_state *s);

int dialog_height(const struct live_state *s);
void dialog_draw(const struct live_state *s, struct canvas *out, int y, int n);

void dialog_open_help(struct live_state *s);
void dialog_help_key(struct live_state *s, uint32_t key);
int dialog_help_height(const struct live_state *s);
void dialog_help_draw(const struct live_state *s, struct canvas *out, int y, int n);

void dialog_open_sort(struct live_state *s);
void dialog_open_columns(struct live_state *s);
int dialog_columns_height(const struct live_state *s);
void dialog_columns_key(struct live_state *s, uint32_t key);
void dialog_columns_draw(const struct live_state *s, struct canvas *out, int y, int n);

void dialog_open_kill(struct live_state *s);
void dialog_kill_key(struct live_state *s, uint32_t key);
int dialog_kill_height(const struct live_state *s);
void dialog_kill_draw(const struct live_state *s, struct canvas *out, int y, int n);

void dialog_open_close(struct live_state *s);
void dialog_close_key(struct live_state *s, uint32_t key);
int dialog_close_height(const struct live_state *s);
void dialog_close_draw(const struct live_state *s, struct canvas *out, int y, int n);

void dialog_close(struct live_state *s);

/* A line that heads a panel: -- text -----. */
void panel_rule(const struct live_state *s, struct canvas *out, int y, const char *text);

/*
 * Draws text from line y on, wrapped between words, each line indented as the first is.  Returns
 * how many lines it takes, at most n; the last of them is cut.  Without out it is only measured.
 */
int panel_text(const struct live_state *s, struct canvas *out, int y, int n, enum style style,
	       const char *text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole state of the live view, for app*.c, actions.c, dialogs.c and the main loop.  Every
 * other part is passed what it reads.
 */
#ifndef PORTSTAT_LIVE_APP_STATE_H
#define PORTSTAT_LIVE_APP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "live/cells.h"
#include "live/changes.h"
#include "live/event_log.h"
#include "live/input.h"
#include "live/layout.h"
#include "live/live_columns.h"
#include "live/live_filter.h"
#include "live/live_query.h"
#include "live/panel.h"
#include "live/prompt.h"
#include "live/search.h"
#include "live/setup.h"
#include "live/table.h"
#include "live/tags.h"
#include "live/tree.h"

struct frame;
struct job;
struct why_job;

/* The prompt that receives the keys. */
enum typing {
	TYPING_NOTHING,
	TYPING_FILTER,
	TYPING_SEARCH,
};

/* What Esc restores when it leaves the filter prompt. */
struct filter_undo {
	struct buf filter; /* the previous filter, as it was typed */
	struct buf canonical; /* its canonical form: host names in it need no second lookup */
	uint64_t cursor; /* id of the item; 0: stays where it is */
	size_t top;
	bool is_pending; /* Esc was pressed: go there once a refresh has that row */
};

/* The result of the last action; shown until the next key or click. */
struct message {
	struct buf text;
	bool is_error;
};

/* Requests to the main loop, which clears each when it is done. */
struct live_output {
	bool quits;
	bool suspends;
	bool redraws;
	bool mouse_changed; /* use or free it, as is_mouse_free says */
	bool rings; /* the terminal's bell */
	bool refreshes; /* refresh now */
	bool moment_changed; /* from the next refresh on that of app.moment is shown */
	bool query_changed; /* pass the new query to the collector, which refreshes if it must */
	bool save_config; /* write the configuration file */
	struct buf clipboard; /* text to copy; empty: none */
	struct job *job; /* to run; owned by the loop from then on */
	struct why_job *why; /* to answer; the same */
};

/* No more columns are shown for words of a filter. */
#define APP_NAMED_MAX 2

struct app {
	struct live_setup setup;
	struct key_list keys;
	struct live_columns columns;
	int width;
	int height;
	uint64_t now_ms; /* on the clock of the frames */

	/* What the user chose to see. */
	enum live_view view;
	struct table tables[LIVE_VIEWS];
	struct live_filter filter;
	unsigned int shown; /* SHOW_ bits: kinds of rows that the user has not hidden */
	bool is_troubled; /* only rows that need a look are shown */
	unsigned int grouping; /* of the view of processes: index in grouping_words */
	size_t moment; /* index of the one shown in setup.moments */
	struct changes changes;
	struct event_log heard; /* since the frame before; filled by the main loop */
	bool rings; /* when something that the filter matches appears */
	struct tags tags;
	bool is_paused;
	bool is_numeric;
	bool has_hosts;
	bool has_all_netns; /* of all network namespaces */
	bool has_details;
	bool is_mouse_free; /* for selecting text: until the next key, and the picture stands */

	/* What is open or running. */
	enum typing typing;
	struct prompt prompt;
	struct filter_undo undo;
	struct search search;
	struct panel *details;
	struct panel *panel; /* a dialog, which takes all keys; NULL: none is open */
	struct message message;
	struct buf missing; /* what the last frame lacks, already reported */
	struct frame *frame; /* borrowed from the collector until the next one; NULL: none yet */
	int error; /* -errno if the last refresh failed */

	/* What app_settle() derives from the above. */
	uint64_t opened_alone; /* id of the group that was unfolded for a filter; 0: none */
	const struct column *named[APP_NAMED_MAX]; /* by which words of the filter name rows */
	size_t n_named;
	bool is_stale; /* rebuild the tree even if its inputs are the same */
	struct live_tree tree;
	struct live_layout layout;
	struct live_query query;

	struct live_output out;
};

static inline struct table *app_table(struct app *a)
{
	return &a->tables[a->view];
}

/* The inputs of cells, as they are now. */
struct cells app_cells(const struct app *a);

/* The inputs of a panel; cells is from app_cells() and must live as long. */
struct panel_scene app_scene(const struct app *a, const struct cells *cells);

/* The item under the cursor; NULL if there is none. */
const struct live_item *app_current(const struct app *a);

/* Is a refresh under way that may have rows which the current frame lacks? */
bool app_is_refreshing(const struct app *a);

/* Do keys go to the table, that is, is no dialog or prompt open? */
bool app_is_in_table(const struct app *a);

/* Moves the cursor; details of another row start at their first line. */
void app_move_to(struct app *a, size_t index);
void app_move(struct app *a, ptrdiff_t by);

/* Sorts the view by a column; if that is an amount, goes to the first row. */
void app_sort(struct app *a, const struct live_column *column, bool is_descending);

/* Opens a panel and closes the one that is open; NULL: only closes it. */
void app_open(struct app *a, struct panel *panel);

/* Shows a sentence until the next key or click. */
void app_say(struct app *a, bool is_error, const char *sentence);

#endif

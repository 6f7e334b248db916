/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that the live view consists of.  For app_*.c alone: each part is given what it reads. */
#ifndef PORTSTAT_LIVE_APP_STATE_H
#define PORTSTAT_LIVE_APP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "live/cells.h"
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

/* What the keys are typed for. */
enum typing {
	TYPING_NOTHING,
	TYPING_FILTER,
	TYPING_SEARCH,
};

/* Where Esc in the filter leads. */
struct way_back {
	struct buf filter; /* in force before, as it was typed */
	struct buf canonical; /* the same: host names in it are not looked up again */
	uint64_t cursor; /* 0: nowhere any more */
	size_t top;
	bool is_due; /* go there now, or as soon as a look has that row */
};

/* What happened; shown until the next key or click. */
struct message {
	struct buf text;
	bool is_error;
};

/* What the outer loop has to do; it clears what it has done. */
struct live_output {
	bool quits;
	bool suspends;
	bool redraws;
	bool refreshes; /* a new look is wanted now */
	bool query_changed; /* the query changed */
	bool save_config; /* the configuration is to be written */
	struct buf clipboard; /* text for the clipboard; empty: none */
	struct job *job; /* taken over by the loop */
};

struct app {
	struct live_setup setup;
	struct key_list keys;
	struct live_columns columns;
	int width;
	int height;
	uint64_t now_ms; /* the frames' clock */

	/* What is shown, as it was chosen. */
	enum live_view view;
	struct table tables[LIVE_VIEWS];
	struct live_filter filter;
	unsigned int shown; /* SHOW_ bits: kinds of rows that are not hidden by key */
	struct tags tags;
	bool is_paused;
	bool is_numeric;
	bool has_hosts;
	bool has_details;

	/* What is going on. */
	enum typing typing;
	struct prompt prompt;
	struct way_back back;
	struct search search;
	struct panel *details;
	struct panel *panel; /* a dialog, which takes all keys; NULL: none is open */
	struct message message;
	struct buf missing; /* what the last frame lacks: said once, until that changes */
	struct frame *frame; /* borrowed from the collector until the next; NULL: none yet */
	int error; /* -errno of the last look, where it failed */

	/* What app_settle() makes of it. */
	bool is_stale; /* the tree is to be built anew, whatever it is made from */
	struct live_tree tree;
	struct live_layout layout;
	struct live_query query;

	struct live_output out;
};

static inline struct table *app_table(struct app *a)
{
	return &a->tables[a->view];
}

/* What cells are made from now. */
struct cells app_cells(const struct app *a);

/* What a panel may look at; cells: those of app_cells(), which have to stay as long. */
struct panel_scene app_scene(const struct app *a, const struct cells *cells);

/* The item under the cursor; NULL where there is none. */
const struct live_item *app_current(const struct app *a);

/* Is a look on its way that may show more than this one does? */
bool app_is_looking(const struct app *a);

/* Do keys go to the table, and to nothing that is open? */
bool app_is_in_table(const struct app *a);

/* Moves the cursor; what goes by the row under it begins anew. */
void app_move_to(struct app *a, size_t index);
void app_move(struct app *a, ptrdiff_t by);

/* Opens a panel in place of the one that is open; NULL: closes that one. */
void app_open(struct app *a, struct panel *panel);

/* Says one sentence until the next key. */
void app_say(struct app *a, bool is_error, const char *sentence);

#endif

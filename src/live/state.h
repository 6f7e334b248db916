/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view without a screen: keys and frames change it, it gives lines of text. */
#ifndef PORTSTAT_LIVE_STATE_H
#define PORTSTAT_LIVE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "live/keys.h"
#include "live/live_columns.h"
#include "query/filter.h"
#include "query/snapshot.h"

struct canvas;
struct frame;
struct job;
struct live_config;

/* The smallest screen that shows a table, and the one that shows everything. */
#define LIVE_LEAST_WIDTH 60
#define LIVE_LEAST_HEIGHT 15
#define LIVE_FULL_WIDTH 80
#define LIVE_FULL_HEIGHT 24

/* What does not change while the live view runs.  All pointers are borrowed. */
struct live_setup {
	const char *host; /* or what else the sockets are of: a recording */
	const char *user; /* who runs it */
	const char *filter; /* to start with, in its text form; NULL: none */
	const char *sort; /* by what each view sorts at first, as in the configuration; NULL, "": as there */
	unsigned int protos; /* what the command line restricts all of it to: PROTO_BIT()s, 0 for nothing */
	unsigned int families; /* FAMILY_BIT()s, 0 for nothing */
	bool is_listening;
	const struct resolver *names; /* for the names in filters */
	uint64_t interval_ms; /* 0: time passes by ACTION_REFRESH */
	bool is_ascii;
	bool is_read_only;
	bool is_replay; /* of a recording: there is nothing to kill or close */
	bool is_numeric; /* starts with numbers instead of names */
	bool has_hosts; /* starts with host names */
	bool may_keep; /* the configuration may be written */
	const struct live_config *config; /* NULL: as built in */
};

/* What the collector is asked for.  Owned by the state; valid until the next input. */
struct live_query {
	unsigned int version; /* counts up with every change of the rows that are asked for */
	const char *filter; /* a text that parses */
	const struct column *columns[LIVE_COLUMNS_MAX + 8];
	size_t n_columns;
	unsigned int hidden; /* enum need bits: names that are not wanted */
};

enum live_item_kind {
	ITEM_ROW, /* a socket */
	ITEM_GROUP, /* what sockets have in common; in the view by port it is a socket, too */
};

/* A line of the table. */
struct live_item {
	uint64_t id;
	uint32_t at; /* index of rows or groups */
	uint32_t group; /* the group it stands under; MAP_NONE */
	uint8_t kind; /* enum live_item_kind */
	bool is_last; /* of its group */
};

enum live_group_kind {
	GROUP_LISTENER, /* head: its row */
	GROUP_ELSEWHERE, /* connections that belong to no listener shown */
	GROUP_PROCESS, /* process: index for owners_process(), or what a ghost knew */
	GROUP_NOTE, /* rows without an owner, for the same reason */
	GROUP_PEER, /* head: a row with this peer */
};

struct live_group {
	uint64_t id;
	uint64_t rx; /* sums of what is known; RATE_UNKNOWN where nothing is */
	uint64_t tx;
	uint64_t new_ms; /* when the first of its new children came */
	uint32_t head; /* index of a row: the listener, or one that stands for the group */
	uint32_t process;
	uint32_t first; /* first of its children, MAP_NONE; the others by their next */
	uint32_t last;
	uint32_t n; /* children alive */
	uint32_t n_all; /* with those that are gone */
	uint32_t n_new; /* children that are marked so */
	uint8_t kind; /* enum live_group_kind */
	uint8_t note; /* enum owner_note */
	bool is_gone; /* the listener is closed */
	bool is_uncounted; /* nobody asked for connections that may be there */
};

struct live_child {
	uint32_t row;
	uint32_t next;
};

/* What each view remembers. */
struct view_state {
	const struct live_column *shown[LIVE_COLUMNS_MAX];
	size_t n_shown;
	const struct live_column *sort; /* NULL: as a listing */
	bool is_descending;
	uint64_t cursor; /* id of the item */
	size_t index; /* where it is */
	size_t top; /* the first item on the screen */
	struct map flipped; /* groups that are not folded as the others are */
	bool is_open; /* how the others are */
	unsigned char widths[LIVE_COLUMNS_MAX]; /* as drawn; 0: no room for the column */
	unsigned char widest[LIVE_COLUMNS_MAX]; /* what they would like to have */
};

/* A line that is typed. */
struct live_prompt {
	struct buf text;
	size_t cursor; /* byte */
	bool is_chosen; /* the next character takes the place of all of it */
};

enum live_mode {
	MODE_TABLE,
	MODE_FILTER,
	MODE_SEARCH,
	MODE_HELP,
	MODE_SORT,
	MODE_COLUMNS,
	MODE_KILL,
	MODE_CLOSE,
};

/* Numbers over all rows, for the title. */
struct live_totals {
	uint32_t listening;
	uint32_t established;
	uint32_t time_wait;
	uint32_t close_wait;
	uint32_t other;
	uint32_t udp;
	uint32_t rows; /* alive */
	uint32_t with_owner;
	uint32_t could_have_owner;
	uint64_t rx;
	uint64_t tx;
};

/* What the outer loop has to do; it clears what it has done. */
struct live_output {
	bool quits;
	bool suspends;
	bool redraws;
	bool refreshes; /* a new look is wanted now */
	bool asks; /* the query changed */
	bool keeps; /* the configuration is to be written */
	struct buf copies; /* text for the clipboard; empty: none */
	struct job *job; /* taken over by the loop */
};

struct live_dialog {
	size_t chosen;
	size_t top;
	size_t target; /* kill: which owner; as many as there are: all */
	struct job *job; /* kill, close: whom it is about */
	const struct live_column **columns; /* all, those that are shown first */
	size_t n_columns;
	size_t n_on; /* the first of them are shown */
};

struct live_state {
	struct live_setup setup;
	struct live_columns columns;
	int width;
	int height;
	uint64_t now_ms; /* the frames' clock */

	enum live_view view;
	struct view_state views[LIVE_VIEWS];
	enum live_mode mode;
	struct live_prompt prompt;
	struct live_dialog dialog;
	bool is_paused;
	bool has_details;
	size_t details_top;
	bool is_numeric;
	bool has_hosts;
	unsigned int shown; /* SHOW_ bits: kinds of rows that are not hidden by key */

	struct buf filter_text; /* in force, as it was typed */
	struct buf query_text; /* the same as the collector is given it: in canonical form */
	struct filter *filter;
	struct buf filter_before_text;
	uint64_t cursor_before; /* Esc in the filter: back there; 0: nowhere any more */
	size_t top_before;
	struct filter_error filter_error; /* message NULL: the typed text parses */
	struct buf search;
	size_t search_at; /* the item to look at next, counted on past the last one */
	size_t search_left; /* items that are still to be looked at; 0: no search goes on */
	struct map tags; /* id of an item to 1, or 0 */
	size_t n_tags;
	struct buf message; /* what happened; shown until the next key or click */
	bool is_message_error;
	struct buf missing; /* the sentences about what the last frame lacks, each said once */

	struct frame *frame; /* borrowed from the collector until the next; NULL: none yet */
	int error; /* -errno of the last look, where it failed */
	struct row *rows; /* the frame's that pass, ghosts among them, in order */
	size_t n_rows;
	size_t rows_cap;
	struct live_group *groups;
	size_t n_groups;
	size_t groups_cap;
	struct live_child *children;
	size_t n_children;
	size_t children_cap;
	struct live_item *items;
	size_t n_items;
	size_t items_cap;
	size_t n_alive; /* items that are a socket which is open */
	struct live_totals totals;
	uint64_t fades_ms; /* the last mark is gone then */
	uint64_t expires_ms; /* the first closed row goes then; UINT64_MAX: none lingers */
	int details_height; /* lines that the details would like to have */

	struct live_query query;
	struct live_output out;
};

#define SHOW_TCP (1U << 0)
#define SHOW_UDP (1U << 1)
#define SHOW_LISTENING (1U << 2)
#define SHOW_ESTABLISHED (1U << 3)
#define SHOW_ALL 0xfU

void live_state_init(struct live_state *s, const struct live_setup *setup);
void live_state_fini(struct live_state *s);

/* Each takes the time on the frames' clock. */
void live_state_resize(struct live_state *s, int width, int height, uint64_t now_ms);
void live_state_key(struct live_state *s, uint32_t key, uint64_t now_ms);
/* A click on a cell of the screen; or the wheel, lines down (negative: up). */
void live_state_click(struct live_state *s, int y, int x, uint64_t now_ms);
void live_state_wheel(struct live_state *s, int lines, uint64_t now_ms);
/* Time went by: marks fade, closed rows go.  Returns whether there is something left to fade. */
bool live_state_tick(struct live_state *s, uint64_t now_ms);

/* Goes on with a search that has many rows to look at.  Returns whether there is more to do. */
bool live_state_search_on(struct live_state *s);

/* Would the state take a frame of this query's version now?  Not while paused or in a dialog. */
bool live_state_wants(const struct live_state *s, unsigned int version);

/*
 * Shows a new frame.  Returns the one that is not needed any more (for the collector to fill
 * again): the frame before, or this one where it holds an error; NULL the first time.
 */
struct frame *live_state_take(struct live_state *s, struct frame *f, uint64_t now_ms);

/* A job is done: says what happened.  The job stays the caller's. */
void live_state_job_done(struct live_state *s, const struct job *job, uint64_t now_ms);

/* Says one sentence until the next key. */
void live_state_say(struct live_state *s, bool is_error, const char *sentence);

/* What is kept of the state: view, columns, order, names, details. */
void live_state_config(const struct live_state *s, struct live_config *config);

/* Draws the picture. */
void live_state_draw(const struct live_state *s, struct canvas *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of the live view: those of a listing, and a few that only a tree over time has. */
#ifndef PORTSTAT_LIVE_LIVE_COLUMNS_H
#define PORTSTAT_LIVE_LIVE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct column;

enum live_view {
	VIEW_PORTS,
	VIEW_CONNECTIONS,
	VIEW_PROCESSES,
	VIEW_PEERS,
};
#define LIVE_VIEWS 4

/* ports, connections, processes, peers: in the configuration; never translated. */
const char *live_view_name(enum live_view view);
/* As shown. */
const char *live_view_title(enum live_view view);

/* The most columns that a view shows. */
#define LIVE_COLUMNS_MAX 32

enum live_special {
	SPECIAL_NONE, /* a column of listings */
	SPECIAL_TREE, /* what the group is; below it, the socket */
	SPECIAL_END, /* a listener's address; below it, the peer */
	SPECIAL_CONN, /* sockets below the row */
	SPECIAL_RX,
	SPECIAL_TX,
};

struct live_column {
	const char *key; /* in the configuration; never translated */
	const char *title; /* N_() */
	const char *help; /* N_() */
	const struct column
		*column; /* SPECIAL_NONE; for the others what they need of the plan, or NULL */
	enum live_special special;
	bool is_right;
	bool is_flexible; /* may be cut to make room for others */
	bool is_listeners; /* what a listener says, its connections do not repeat below it */
	unsigned char weight; /* columns of less weight give way first */
};

/* By what a view is sorted. */
struct live_order {
	const struct live_column *column;
	bool is_descending;
};

struct live_columns {
	struct live_column *list;
	size_t n;
	/* Listing columns that cells are put together from: found once, not for each cell. */
	const struct column *local;
	const struct column *peer;
	const struct column *peer_addr;
	const struct column *peer_host;
	const struct column *process;
	const struct column *state;
	const struct column *user;
	const struct column *owner_user;
};

void live_columns_init(struct live_columns *columns);
void live_columns_fini(struct live_columns *columns);

/* NULL where there is none; listing columns also by their short names. */
const struct live_column *live_columns_find(const struct live_columns *columns, const char *key,
					    size_t len);

/* Adds the heading, in the user's language. */
void live_column_title(const struct live_column *column, struct buf *out);

/*
 * Reads a list of names divided by commas into out (room for LIVE_COLUMNS_MAX).  Returns how many;
 * 0 where a name is none, none is there or one is there twice, and *bad and *bad_len then say which.
 */
size_t live_columns_parse(const struct live_columns *columns, const char *text, size_t len,
			  const struct live_column **out, const char **bad, size_t *bad_len);

/* The columns and the sort key (descending with a - in front) that a view has unless told otherwise. */
const char *live_view_columns(enum live_view view);
const char *live_view_sort(enum live_view view);

#endif

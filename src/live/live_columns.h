/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of the live view: those of the list, and some for groups and rates. */
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
	VIEW_CHANGES,
};
#define LIVE_VIEWS 5

/* The name for the configuration, never translated: ports, connections, processes, peers, changes. */
const char *live_view_name(enum live_view view);
/* The name on the screen, translated. */
const char *live_view_title(enum live_view view);

/* The maximum number of columns of a view. */
#define LIVE_COLUMNS_MAX 32

enum live_special {
	SPECIAL_NONE, /* a column of the list */
	SPECIAL_TREE, /* the name of a group; below it, the socket */
	SPECIAL_END, /* a listener's address; below it, the peer */
	SPECIAL_CONN, /* number of connections below the row that live */
	SPECIAL_RX,
	SPECIAL_TX,
	SPECIAL_TRAFFIC, /* both rates */
	SPECIAL_TIME, /* of a change, as the following ones */
	SPECIAL_CHANGE,
	SPECIAL_LIVED,
	SPECIAL_BYTES,
	SPECIAL_HISTORY, /* the last of them as a line */
};

struct live_column {
	const char *key; /* for the configuration; never translated */
	const char *title; /* N_() */
	const char *help; /* N_() */
	const struct column
		*column; /* for SPECIAL_NONE; for others the column whose data they need, or NULL */
	enum live_special special;
	bool is_right;
	bool is_flexible; /* may be shortened to make room for others */
	bool is_listeners; /* a connection does not repeat the cell of its listener */
	bool is_address; /* gets room before names */
	bool is_amount; /* how much or how many: sorting by it starts with the largest */
	unsigned char weight; /* columns with less weight are dropped first */
	unsigned char least; /* if is_flexible: the width that it keeps */
};

/* The column by which a view is sorted. */
struct live_order {
	const struct live_column *column;
	bool is_descending;
};

struct live_columns {
	struct live_column *list;
	size_t n;
	/* Columns of the list that cells use, looked up only once. */
	const struct column *local;
	const struct column *peer;
	const struct column *peer_addr;
	const struct column *peer_host;
	const struct column *peer_owners;
	const struct column *process;
	const struct column *reach;
	const struct column *state;
	const struct column *host;
	const struct column *user;
	const struct column *owner_user;
	const struct column *owner_name;
	const struct column *owner_pid;
};

/* Collects all columns.  Call live_columns_fini() afterwards. */
void live_columns_init(struct live_columns *columns);
void live_columns_fini(struct live_columns *columns);

/* NULL if there is none.  Columns of the list are also found by their short names. */
const struct live_column *live_columns_find(const struct live_columns *columns, const char *key,
					    size_t len);

/* Adds the translated heading. */
void live_column_title(const struct live_column *column, struct buf *out);

/*
 * Parses a comma-separated list of keys into out (room for LIVE_COLUMNS_MAX).  Returns their
 * number; or 0 if a key is unknown or repeated, or if the list is empty: then *bad and *bad_len are
 * the wrong part.
 */
size_t live_columns_parse(const struct live_columns *columns, const char *text, size_t len,
			  const struct live_column **out, const char **bad, size_t *bad_len);

/* A view's default columns and sort key (with a leading - for descending). */
const char *live_view_columns(enum live_view view);
const char *live_view_sort(enum live_view view);

#endif

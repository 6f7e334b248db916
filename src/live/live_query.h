/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the collector is asked for: rows, and all that columns, order and details need of them. */
#ifndef PORTSTAT_LIVE_LIVE_QUERY_H
#define PORTSTAT_LIVE_LIVE_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "live/live_columns.h"

struct table;

/* What the collector is asked for.  Valid until the next input. */
struct live_query {
	unsigned int version; /* counts up with every change of the rows that are asked for */
	const char *filter; /* borrowed: a text that parses */
	const struct column *columns[LIVE_COLUMNS_MAX + 8];
	size_t n_columns;
	unsigned int hidden; /* enum need bits: names that are not wanted */
};

/* What it is made from. */
struct live_query_wants {
	const char *filter; /* in canonical form */
	unsigned int version; /* another number: other rows */
	const struct table *table;
	bool has_details;
	bool has_hosts;
	bool is_numeric;
	bool is_replay;
};

/* Brings it up to date.  Returns whether a new look is to be asked for. */
bool live_query_update(struct live_query *query, const struct live_query_wants *wants);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query for the collector: the filter, and the columns that the table and details need. */
#ifndef PORTSTAT_LIVE_LIVE_QUERY_H
#define PORTSTAT_LIVE_LIVE_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "live/live_columns.h"

struct frame_scope;
struct table;

/* The query for the collector.  Valid until the next input. */
struct live_query {
	unsigned int version; /* incremented with every new filter */
	const char *filter; /* borrowed; canonical form */
	const struct column *columns[LIVE_COLUMNS_MAX + 10];
	size_t n_columns;
	bool has_all_netns; /* of all network namespaces */
	unsigned int hidden; /* enum need bits: names that are not to be resolved */
	unsigned int also; /* enum need bits of the filter, and of what is remembered of each row */
	unsigned int needs; /* all that is to be resolved: also, and what the columns need */
};

/* What a query is derived from. */
struct live_query_wants {
	const char *filter; /* in canonical form */
	unsigned int version; /* of the filter */
	unsigned int filter_needs; /* enum need bits of the filter */
	const struct table *table;
	bool has_all_netns;
	bool has_details;
	bool has_hosts;
	bool is_numeric;
	bool is_replay;
	bool is_paused; /* no later frame has what somebody may filter or sort by then */
};

/* Updates the query.  Returns whether the filter is another one, or other data is needed. */
bool live_query_update(struct live_query *query, const struct live_query_wants *wants);

/* Does a frame of this scope have all that the query is about? */
bool live_query_is_answered(const struct live_query *query, const struct frame_scope *scope);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query for the collector: the filter, and the columns that the table and details need. */
#include <config.h>

#include "live/live_query.h"

#include <string.h>

#include "live/frame.h"
#include "live/table.h"
#include "query/columns.h"

static void add_column(struct live_query *query, const char *key)
{
	const struct column *column = column_find(key, strlen(key));

	for (size_t i = 0; i < query->n_columns; i++)
		if (query->columns[i] == column)
			return;
	if (column && query->n_columns < sizeof(query->columns) / sizeof(*query->columns))
		query->columns[query->n_columns++] = column;
}

static void add_columns(struct live_query *query, const struct live_query_wants *wants)
{
	static const char *const details[] = { "owners", "owners.ancestors", "owners.exe",
					       "tcp",	 "memory",	     "cgroup" };
	const struct table *table = wants->table;

	query->n_columns = 0;
	/* Groups and the counts in the title need the owners. */
	add_column(query, "process");
	/* A peer's cell names the processes at the other end. */
	add_column(query, "peer_owners");
	for (size_t i = 0; i < table->n_shown; i++)
		if (table->shown[i]->column)
			add_column(query, table->shown[i]->column->key);
	if (table->order.column && table->order.column->column)
		add_column(query, table->order.column->column->key);
	if (wants->has_hosts)
		add_column(query, "peer_host");
	/*
	 * A recording always gets all columns: a column requested later would need the next dump.
	 */
	if (!wants->has_details && !wants->is_replay)
		return;
	for (size_t i = 0; i < sizeof(details) / sizeof(*details); i++)
		add_column(query, details[i]);
}

/*
 * What most words of a filter test, so that typing one does not wait for the next refresh; and the
 * totals of bytes and what tells trouble, whose history must not depend on what is shown.
 */
#define NEEDS_ALWAYS                                                                         \
	(NEED_OWNERS | NEED_UNITS | NEED_CGROUPS | NEED_USERS | NEED_SERVICES | NEED_NETNS | \
	 NEED_IFACES | NEED_TRAFFIC | NEED_DROPS | NEED_ADDRS)

static unsigned int needs_of(const struct live_query *query)
{
	unsigned int needs = 0;

	for (size_t i = 0; i < query->n_columns; i++)
		needs |= query->columns[i]->needs;
	return needs & ~query->hidden;
}

bool live_query_update(struct live_query *query, const struct live_query_wants *wants)
{
	const struct live_query before = *query;

	add_columns(query, wants);
	/* In a recording names stay resolved: switching them on later cannot repeat a dump. */
	query->hidden = wants->is_numeric && !wants->is_replay ? NEED_SERVICES | NEED_USERS : 0;
	query->filter = wants->filter;
	query->version = wants->version;
	query->also = (NEEDS_ALWAYS & ~query->hidden) | wants->filter_needs;
	if (wants->is_paused)
		query->also |= NEED_TCP_INFO | NEED_MEMORY | NEED_MPTCP;
	query->needs = needs_of(query) | query->also;
	query->has_all_netns = wants->has_all_netns;
	return query->version != before.version || query->needs & ~before.needs ||
	       query->has_all_netns != before.has_all_netns;
}

bool live_query_is_answered(const struct live_query *query, const struct frame_scope *scope)
{
	return !(query->needs & ~scope->needs) && query->has_all_netns == scope->has_all_netns &&
	       (!scope->is_partial || scope->version == query->version);
}

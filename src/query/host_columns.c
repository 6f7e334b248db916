/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which columns a host's document has. */
#include <config.h>

#include "query/host_columns.h"

#include <string.h>

#include "query/columns.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"

bool host_has_column(const struct snapshot_host *host, const struct column *c)
{
	size_t at = (size_t)(c - columns);

	return host->columns[at / 64] >> at % 64 & 1;
}

static void set(struct snapshot_host *host, const struct column *c, bool has)
{
	size_t at = (size_t)(c - columns);

	if (has)
		host->columns[at / 64] |= 1ULL << at % 64;
	else
		host->columns[at / 64] &= ~(1ULL << at % 64);
}

/* Is it a member of this group? */
static bool is_of_group(const struct column *c, const struct column *group)
{
	size_t len = strlen(group->key);

	return group->shape == COLUMN_GROUP && !strncmp(c->key, group->key, len) &&
	       c->key[len] == '.';
}

void host_set_column(struct snapshot_host *host, const struct column *named, bool has)
{
	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];

		if (c == named || (is_of_group(c, named) && !(has && c->is_chosen_alone)))
			set(host, c, has);
	}
}

void host_add_columns(struct snapshot_host *host)
{
	for (size_t i = 0; i < columns_n; i++)
		set(host, &columns[i], !columns[i].is_chosen_alone);
}

static const struct column *column_of(const char *key)
{
	size_t i = 0;

	while (strcmp(columns[i].key, key) != 0)
		i++;
	return &columns[i];
}

/* Has the document a member of the group? */
static bool has_member(const struct snapshot_host *host, const struct column *group)
{
	for (size_t i = 0; i < columns_n; i++)
		if (is_of_group(&columns[i], group) && host_has_column(host, &columns[i]))
			return true;
	return false;
}

void host_finish_columns(struct snapshot_host *host)
{
	set(host, column_of("host"), true);
	set(host, column_of("port_class"), host_has_column(host, column_of("local_port")));
	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];

		if (c->shape == COLUMN_GROUP)
			set(host, c, has_member(host, c));
	}
	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];

		if (!c->parts)
			continue;
		/* An address without its port is not what the cell shows. */
		set(host, c,
		    host_has_column(host, column_of(c->parts[0])) &&
			    (!c->keeps_port || host_has_column(host, column_of(c->parts[1]))));
	}
	host->has_kinds = host_has_column(host, column_of("proto")) &&
			  host_has_column(host, column_of("state")) &&
			  host_has_column(host, column_of("local_addr"));
	host->has_protos = host_has_column(host, column_of("proto"));
	host->has_ports = host_has_column(host, column_of("local_port"));
	host->has_cookies = host_has_column(host, column_of("cookie"));
	host->has_timers = host_has_column(host, column_of("timer.kind"));
	host->has_links = host_has_column(host, column_of("owners.exe"));
}

bool told_lacks(const struct column *c, const struct snapshot *snap, const struct sock *sk)
{
	const struct snapshot_host *host = snapshot_host_of(snap, sk);

	return host && !host_has_column(host, c);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Services that have their home on the loopback: databases, caches, debuggers. */
#include <config.h>

#include "live/home_services.h"

#include <string.h>

#include "query/snapshot.h"

/* clang-format off */
static const struct {
	uint16_t port; /* its usual one */
	const char *process; /* NULL: any that has this port */
} services[] = {
	{ 1433, "sqlservr" },     { 1521, "tnslsnr" },        { 2345, "dlv" },
	{ 2375, "dockerd" },      { 2379, "etcd" },           { 3306, "mysqld" },
	{ 3306, "mariadbd" },     { 5005, NULL /* JDWP */ },  { 5432, "postgres" },
	{ 5678, NULL /* debugpy */ }, { 5984, "beam.smp" },   { 6379, "redis-server" },
	{ 6379, "valkey-server" }, { 7687, NULL /* Neo4j */ }, { 8123, "clickhouse-serv" },
	{ 9042, NULL /* Cassandra */ }, { 9200, NULL /* Elasticsearch */ },
	{ 9222, NULL /* Chrome's DevTools */ }, { 9229, NULL /* Node's inspector */ },
	{ 11211, "memcached" },   { 27017, "mongod" },
};
/* clang-format on */

static bool is_owned_by(const struct snapshot *snap, const struct row *row, const char *name)
{
	struct owner_span owners = row_owners(snap, row);

	for (size_t i = 0; i < owners.n; i++) {
		const struct process *p = snapshot_process(snap, owners.list[i].process);

		if (p->name_len == strlen(name) && !memcmp(p->name, name, p->name_len))
			return true;
	}
	return false;
}

bool home_services_has(const struct snapshot *snap, const struct row *row)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++) {
		const char *process = services[i].process;

		/* Who listens at its port may be hidden. */
		if (row->sk->local.port == services[i].port && row->sk->proto == PROTO_TCP)
			return true;
		if (process && is_owned_by(snap, row, process))
			return true;
	}
	return false;
}

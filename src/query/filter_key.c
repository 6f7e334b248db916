/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the filter language that are more than a column, or another name for one. */
#include <config.h>

#include "query/filter_key.h"

#include "base/nearest.h"
#include "base/text.h"
#include "query/columns.h"

/* The first of a kind is canonical. */
static const struct filter_key keys[] = {
	{ "port", "port", TEST_PORTS, END_EITHER, NULL },
	{ "lport", "lport", TEST_PORTS, END_LOCAL, NULL },
	{ "sport", "lport", TEST_PORTS, END_LOCAL, NULL },
	{ "local_port", "lport", TEST_PORTS, END_LOCAL, NULL },
	{ "rport", "rport", TEST_PORTS, END_REMOTE, NULL },
	{ "dport", "rport", TEST_PORTS, END_REMOTE, NULL },
	{ "peer_port", "rport", TEST_PORTS, END_REMOTE, NULL },
	{ "addr", "addr", TEST_ADDRS, END_EITHER, NULL },
	{ "laddr", "laddr", TEST_ADDRS, END_LOCAL, NULL },
	{ "src", "laddr", TEST_ADDRS, END_LOCAL, NULL },
	{ "local_addr", "laddr", TEST_ADDRS, END_LOCAL, NULL },
	{ "local", "laddr", TEST_ADDRS, END_LOCAL, NULL },
	{ "raddr", "raddr", TEST_ADDRS, END_REMOTE, NULL },
	{ "dst", "raddr", TEST_ADDRS, END_REMOTE, NULL },
	{ "peer_addr", "raddr", TEST_ADDRS, END_REMOTE, NULL },
	{ "peer", "raddr", TEST_ADDRS, END_REMOTE, NULL },
	{ "proto", "proto", TEST_PROTO, 0, NULL },
	{ "family", "family", TEST_FAMILY, 0, NULL },
	{ "state", "state", TEST_STATE, 0, NULL },
	{ "exclude", "state", TEST_STATE, 0, NULL }, /* ss: exclude STATE */
	{ "name", "name", TEST_NAME, 0, NULL }, /* what a bare word is that is nothing else */
	{ "pid", "pid", TEST_NUMBERS, 0, "owners.pid" },
	{ "proc", "proc", TEST_TEXTS, 0, "owners.name" },
	{ "process", "proc", TEST_TEXTS, 0, "owners.name" },
	{ "fwmark", "mark", TEST_NUMBERS, 0, "mark" }, /* ss's name for it */
};

const struct filter_key *filter_key_find(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (text_is(name, len, keys[i].name))
			return &keys[i];
	return NULL;
}

const char *filter_key_nearest(const char *word, size_t len)
{
	struct nearest nearest;

	nearest_start(&nearest, word, len);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		nearest_try(&nearest, keys[i].name);
	for (size_t i = 0; i < columns_n; i++)
		nearest_try(&nearest, columns[i].key);
	return nearest.found;
}

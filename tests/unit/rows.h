/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots made by hand, and what is written of them: for the tests of columns, sort and views. */
#ifndef PORTSTAT_TESTS_UNIT_ROWS_H
#define PORTSTAT_TESTS_UNIT_ROWS_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "proc_tree.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"
#include "resolve/services.h"
#include "resolve/users.h"
#include "test.h"

struct rows {
	struct snapshot snap;
	struct resolver names;
	struct tree tree; /* of the processes that hold the sockets */
};

#define NEED_ALL UINT_MAX

static inline int rows_set_up(void **state)
{
	struct rows *r = calloc(1, sizeof(*r));

	if (!r || !tree_init(&r->tree))
		return -1;
	r->names.services = services_new(NULL);
	r->names.users = users_new(true);
	r->names.ifaces = ifaces_new(true);
	r->names.ephemeral = (struct port_range){ 32768, 60999 };
	r->snap.names = &r->names;
	r->snap.resolved = NEED_ALL;
	*state = r;
	return 0;
}

static inline int rows_tear_down(void **state)
{
	struct rows *r = *state;

	snapshot_fini(&r->snap);
	owners_free(r->names.owners);
	services_free(r->names.services);
	users_free(r->names.users);
	ifaces_free(r->names.ifaces);
	tree_fini(&r->tree);
	free(r);
	return 0;
}

/* peer NULL: it has none. */
static inline struct sock rows_sock(enum sock_proto proto, enum sock_state state, const char *local,
				    uint16_t local_port, const char *peer, uint16_t peer_port)
{
	struct sock sk = { .proto = (uint8_t)proto, .state = (uint8_t)state };
	enum addr_family family;

	assert_int_equal(addr_parse(local, strlen(local), &family, &sk.local.addr), 0);
	sk.family = (uint8_t)family;
	sk.local.port = local_port;
	if (peer) {
		assert_int_equal(addr_parse(peer, strlen(peer), &family, &sk.remote.addr), 0);
		assert_int_equal(family, sk.family);
		sk.remote.port = peer_port;
		sk.known = SOCK_HAS_PEER;
	}
	return sk;
}

/* Adds a socket to the table; a cookie of its own keeps it from being taken for another. */
static inline struct sock *rows_add(struct rows *r, const struct sock *sk)
{
	struct sock copy = *sk;

	if (!sock_has(&copy, SOCK_HAS_COOKIE)) {
		copy.cookie = 0x100 + r->snap.table.n;
		copy.known |= SOCK_HAS_COOKIE;
	}
	return sock_table_add(&r->snap.table, &copy);
}

/* Makes a row of every socket in the table, in its order. */
static inline void rows_make(struct rows *r)
{
	struct snapshot *snap = &r->snap;

	free(snap->rows);
	snap->rows = calloc(snap->table.n + 1, sizeof(*snap->rows));
	assert_non_null(snap->rows);
	snap->n_rows = snap->rows_cap = snap->table.n;
	for (size_t i = 0; i < snap->n_rows; i++) {
		const struct sock *sk = &snap->table.socks[i];

		snap->rows[i] = (struct row){ .sk = sk,
					      .held = sk->inode ? ROW_HELD_ITSELF : ROW_HELD_NONE };
	}
}

/* Looks in the tree for who holds the sockets of all rows. */
static inline void rows_find_owners(struct rows *r)
{
	struct owner_key *keys = mem_resize(NULL, r->snap.n_rows, sizeof(*keys));

	for (size_t i = 0; i < r->snap.n_rows; i++)
		keys[i] = (struct owner_key){ .inode = r->snap.rows[i].sk->inode };
	owners_free(r->names.owners);
	r->names.owners = owners_new(r->tree.root, OWNERS_PROC);
	assert_int_equal(owners_scan(r->names.owners, keys, r->snap.n_rows,
				     OWNERS_WITH_CMDLINES | OWNERS_WITH_STARTS | OWNERS_WITH_LINKS |
					     OWNERS_WITH_PARENTS | OWNERS_WITH_ANCESTORS),
			 0);
	free(keys);
}

static inline const struct column *rows_column(const char *key)
{
	const struct column *c = column_find(key, strlen(key));

	if (!c)
		fail_msg("there is no column %s", key);
	return c;
}

/* The cell of a row: as tables have it, and as CSV has it. */
static inline void rows_expect_text(const struct rows *r, size_t row, const char *key,
				    const char *want)
{
	struct buf out = { 0 };

	column_text(rows_column(key), &r->snap, &r->snap.rows[row], &out);
	if (strcmp(buf_cstr(&out), want) != 0)
		fail_msg("%s of row %zu: %s instead of %s", key, row, buf_cstr(&out), want);
	buf_fini(&out);
}

static inline void rows_expect_plain(const struct rows *r, size_t row, const char *key,
				     const char *want)
{
	struct buf out = { 0 };

	column_plain(rows_column(key), &r->snap, &r->snap.rows[row], &out);
	if (strcmp(buf_cstr(&out), want) != 0)
		fail_msg("%s of row %zu in CSV: %s instead of %s", key, row, buf_cstr(&out), want);
	buf_fini(&out);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets with a peer by what they send, so that those that answer it are found. */
#ifndef PORTSTAT_QUERY_ENDS_CANDIDATES_H
#define PORTSTAT_QUERY_ENDS_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"
#include "model/sock_table.h"
#include "resolve/flow.h"

struct candidate;
struct place;

/* Zero-initialised is empty and ready. */
struct candidates {
	struct candidate *list;
	size_t n;
	size_t cap;
	struct map by_flow; /* the first of those that send a flow */
};

void candidates_fini(struct candidates *c);

/*
 * Adds those of a table, which is borrowed.  is_again: sockets of an earlier table may be in it, too.
 */
void candidates_add(struct candidates *c, const struct sock_table *table, bool is_again);

/* May there be a socket that answers what is sent from this place, wherever that arrives? */
bool candidates_may_answer(const struct candidates *c, const struct place *from);

/*
 * The socket that answers what another one sends, where that arrives.  NULL if there is none, or if
 * several could.
 */
const struct sock *candidates_answer(const struct candidates *c, const struct sock *from,
				     const struct place *at);

/* Does the socket have a peer and ports, so that there is an other end? */
static inline bool sock_has_other_end(const struct sock *sk)
{
	return sock_has(sk, SOCK_HAS_PEER) && proto_has_ports((enum sock_proto)sk->proto);
}

#endif

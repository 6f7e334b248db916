/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets with a peer by what they send, so that those that answer it are found. */
#ifndef PORTSTAT_QUERY_ENDS_CANDIDATES_H
#define PORTSTAT_QUERY_ENDS_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sock_table.h"
#include "resolve/flow.h"

struct place;

/* The snapshot's own sockets, and those that are requested twice. */
#define CANDIDATE_TABLES 3

/*
 * Zero-initialised is empty and ready.  A hash table of chains: it takes a few bytes for each socket, since
 * it is made anew in each refresh, and what a socket sends is compared with the socket itself.
 */
struct candidates {
	const struct sock_table *tables[CANDIDATE_TABLES];
	size_t n_tables;
	/* Sockets are numbered from 1, through all tables; 0: there is none. */
	uint32_t *first; /* of each hash the first one; so many bits of it count: */
	unsigned int bits;
	uint32_t *next; /* of each socket the next one with the same hash */
	size_t n; /* so many sockets the tables have */
};

void candidates_fini(struct candidates *c);

/* Adds those of a table, which is borrowed; in all but the first one those that an earlier one lacks. */
void candidates_add(struct candidates *c, const struct sock_table *table);

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

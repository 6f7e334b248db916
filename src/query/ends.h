/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket at the other end of a connection, where that is on this machine and certain. */
#ifndef PORTSTAT_QUERY_ENDS_H
#define PORTSTAT_QUERY_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sock_table.h"

struct row;
struct snapshot;

/*
 * Zero-initialised is empty and ready.  Where all rows stay, as in the live view, most other ends are rows,
 * too, and need no more than a reference: that saves memory and a look for their owners.
 */
struct ends {
	struct row *list; /* what is at the other ends and no row */
	size_t n;
	size_t cap;
	/*
	 * For each of n_socks sockets of the snapshot's table what is at its other end: 0 nothing known,
	 * up to n_socks that socket of the table, from 1, which has a row, beyond that a place in list.
	 */
	uint32_t *by_sock;
	size_t n_socks;
	/* The snapshot's rows, borrowed; NULL: they are not referred to. */
	const struct row *rows;
	/* For each socket the place of its row in these, from 1; 0: it has none. */
	uint32_t *row_of;
	/* Sockets that the snapshot's table may lack: those for all rows, and those behind NAT. */
	struct sock_table asked[2];
};

void ends_fini(struct ends *ends);
/* Empties it and keeps its memory. */
void ends_clear(struct ends *ends);

/* Makes room for the other ends of all sockets of the table, none of which is known. */
void ends_begin(struct snapshot *snap);

/* Refers to the snapshot's rows from now on; again when they were moved. */
void ends_refer_to_rows(struct snapshot *snap);

/* Sets what is at the other end of a socket of the table; ends_begin() comes first. */
void ends_add(struct snapshot *snap, const struct sock *sk, const struct sock *other);

/* Is it known what is at the other end of a socket of the table? */
bool ends_has(const struct snapshot *snap, const struct sock *sk);

/*
 * The other end of a row's connection as a row, with its owners, listed or not.  NULL if it is not
 * known.  Borrowed from the snapshot.
 */
const struct row *ends_other(const struct snapshot *snap, const struct row *row);

#endif

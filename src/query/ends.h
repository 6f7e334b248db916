/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket at the other end of a connection, where that is on this machine and certain. */
#ifndef PORTSTAT_QUERY_ENDS_H
#define PORTSTAT_QUERY_ENDS_H

#include <stddef.h>
#include <stdint.h>

#include "model/sock_table.h"

struct row;
struct snapshot;

/* Zero-initialised is empty and ready. */
struct ends {
	struct row *list; /* what is at the other ends */
	size_t n;
	size_t cap;
	uint32_t *
		by_sock; /* for each socket of the snapshot's table its place in list, plus 1; 0: none */
	size_t n_socks;
	/* Sockets that the snapshot's table may lack: those for all rows, and those behind NAT. */
	struct sock_table asked[2];
};

void ends_fini(struct ends *ends);
/* Empties it and keeps its memory. */
void ends_clear(struct ends *ends);

/* Adds what is at the other end of a row, whose socket is in the table of the snapshot. */
void ends_add(struct snapshot *snap, const struct row *row, const struct sock *other);

/*
 * The other end of a row's connection as a row of its own, with its owners, listed or not.  NULL if
 * it is not known.  Borrowed from the snapshot.
 */
const struct row *ends_other(const struct snapshot *snap, const struct row *row);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket at the other end of a connection, where that is on this machine and certain. */
#ifndef PORTSTAT_QUERY_ENDS_H
#define PORTSTAT_QUERY_ENDS_H

#include <stddef.h>

#include "model/sock_table.h"

struct end;
struct row;
struct snapshot;

/* Zero-initialised is empty and ready. */
struct ends {
	struct end *list; /* by the socket of the row */
	size_t n;
	size_t cap;
	/* Sockets that the snapshot's table may lack: those for all rows, and those behind NAT. */
	struct sock_table asked[2];
};

void ends_fini(struct ends *ends);
/* Empties it and keeps its memory. */
void ends_clear(struct ends *ends);

/* Adds what is at the other end of a row; rows come in the order of the snapshot's table. */
void ends_add(struct ends *ends, const struct row *row, const struct sock *other);

/*
 * The other end of a row's connection as a row of its own, with its owners, listed or not.  NULL if
 * it is not known.  Borrowed from the snapshot.
 */
const struct row *ends_other(const struct snapshot *snap, const struct row *row);

/* One of the n rows that ends_other() returns, in no order that matters. */
struct row *ends_row(const struct ends *ends, size_t i);

#endif

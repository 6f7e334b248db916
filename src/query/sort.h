/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts rows: by columns, or in the default order. */
#ifndef PORTSTAT_QUERY_SORT_H
#define PORTSTAT_QUERY_SORT_H

#include <stdbool.h>
#include <stddef.h>

struct column;
struct snapshot;
struct sock;

struct sort_key {
	const struct column *column;
	bool is_descending;
};

/*
 * Sorts the snapshot's rows by n keys, the most significant one first; without keys by protocol,
 * local port, local address and peer.  The sort is stable.  Unknown values come last, even in
 * descending order.
 */
void sort_rows(struct snapshot *snap, const struct sort_key *keys, size_t n);

/* The default order of two sockets, as strcmp(3).  snap: that of both; NULL: they are of several. */
int sort_compare(const struct snapshot *snap, const struct sock *a, const struct sock *b);

#endif

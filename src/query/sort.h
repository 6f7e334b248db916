/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts rows: by columns, or in the default order. */
#ifndef PORTSTAT_QUERY_SORT_H
#define PORTSTAT_QUERY_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct column;
struct row;
struct snapshot;
struct sock;
struct sock_table;

/*
 * Memory for who sorts again and again: to get it from the kernel can take as long as to sort.
 * Zero-initialised is none.
 */
struct sort_room {
	void *items; /* what one sort leaves to the next; to be freed with free(3) */
	size_t cap;
	struct row *spare; /* as large as the rows, and may change places with them; NULL: none */
};

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

/* The same, in less time, for rows that are in the default order.  room may be NULL. */
void sort_rows_again(struct snapshot *snap, const struct sort_key *keys, size_t n,
		     struct sort_room *room);

/* Sorts them by the number that each has, from the least; equal ones keep their order. */
void sort_rows_by_number(struct snapshot *snap,
			 uint64_t (*number)(const void *data, const struct row *row),
			 const void *data, struct sort_room *room);

/* Brings the sockets of a table into the default order: who goes over its rows finds them in a row. */
void sort_table(struct sock_table *t);

/* The default order of two sockets, as strcmp(3).  snap: that of both; NULL: they are of several. */
int sort_compare(const struct snapshot *snap, const struct sock *a, const struct sock *b);

#endif

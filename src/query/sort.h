/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of rows: by columns, or the one that every listing has without being asked. */
#ifndef PORTSTAT_QUERY_SORT_H
#define PORTSTAT_QUERY_SORT_H

#include <stdbool.h>
#include <stddef.h>

struct column;
struct snapshot;

struct sort_key {
	const struct column *column;
	bool is_descending;
};

/*
 * Sorts the snapshot's rows by n keys, the first one weighing most; without keys by protocol, local
 * port, local address and peer.  Stable; unknown values stand last, in descending order, too.
 */
void sort_rows(struct snapshot *snap, const struct sort_key *keys, size_t n);

#endif

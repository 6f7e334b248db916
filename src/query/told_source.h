/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where snapshots come from that were taken elsewhere, at another time or on other hosts. */
#ifndef PORTSTAT_QUERY_TOLD_SOURCE_H
#define PORTSTAT_QUERY_TOLD_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct snapshot;

struct told_source {
	/*
	 * Adds all that is to be listed now to an empty snapshot, by snapshot_append(), and what is
	 * missing to its problems.  Called by snapshot_take(), by one thread at a time.  Returns 0,
	 * or -errno where nothing at all is known.
	 */
	int (*tell)(void *data, struct snapshot *snap);
	void *data;
};

/*
 * Adds a host of a snapshot that was told, with its sockets, namespaces and problems, to another
 * one.  Both stay whole on their own.  What one host said stays together: rows, sorted alike, come in
 * the order of the calls.  False, and nothing is added, where there would be too many namespaces or
 * texts.
 */
bool snapshot_append(struct snapshot *to, const struct snapshot *from, size_t host);

#endif

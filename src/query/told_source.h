/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where snapshots come from that were taken elsewhere, at another time or on other hosts. */
#ifndef PORTSTAT_QUERY_TOLD_SOURCE_H
#define PORTSTAT_QUERY_TOLD_SOURCE_H

#include <stdatomic.h>
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

/* How much there is of what a snapshot has most of. */
struct told_size {
	size_t sockets;
	size_t cells;
	size_t owners;
};

/* Adds what a snapshot has that was told. */
void told_size_add(struct told_size *size, const struct snapshot *from);

/* Makes room for so much more at once: with a hundred hosts all is done a tenth faster than if each makes its own. */
void snapshot_reserve(struct snapshot *to, const struct told_size *size);

/*
 * Adds a host of a snapshot that was told, with its sockets, namespaces and problems, to another
 * one.  Both stay whole on their own.  What one host said stays together: rows, sorted alike, come in
 * the order of the calls.  False, and nothing is added, where there would be too many namespaces or
 * texts.
 */
bool snapshot_append(struct snapshot *to, const struct snapshot *from, size_t host);

struct told_join;

/* Several hosts that are added at once.  Ready with to set and the rest zero. */
struct told_joins {
	struct snapshot *to;
	struct told_join *list;
	size_t n;
	size_t cap;
	atomic_size_t next;
};

/*
 * The same for one of them; its sockets follow with told_joins_end(), by several threads, until when from
 * is borrowed.  is_last: from is not needed any more, so that its sockets are freed then.
 */
bool told_joins_add(struct told_joins *joins, struct snapshot *from, size_t host, bool is_last);

void told_joins_end(struct told_joins *joins);

#endif

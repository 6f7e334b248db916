/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers the owners of a socket for when it closes or its processes are no longer found. */
#ifndef PORTSTAT_LIVE_KNOWN_OWNER_H
#define PORTSTAT_LIVE_KNOWN_OWNER_H

struct frame;
struct known_owner;
struct row;
struct row_history;

/* The owners of a row of the frame before; their texts are copied to f. */
struct known_owner known_owner_of(struct frame *f, const struct frame *before,
				  const struct row *row);

/* Copies a known owner, and its texts, from the frame before. */
struct known_owner known_owner_inherit(struct frame *f, const struct frame *before,
				       const struct known_owner *old);

/*
 * While a process exits, its files can no longer be read, but its sockets are still open.  If this
 * row of f lost its owners recently, keeps the known ones for when it closes; those of a connection
 * that is finishing as long as it lives.  old: the row's history in the frame before.
 */
void known_owner_keep(struct frame *f, struct row_history *history, const struct frame *before,
		      const struct row_history *old);

#endif

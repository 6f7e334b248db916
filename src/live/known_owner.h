/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who held a socket, for when it closed or its process cannot be seen any more. */
#ifndef PORTSTAT_LIVE_KNOWN_OWNER_H
#define PORTSTAT_LIVE_KNOWN_OWNER_H

struct frame;
struct known_owner;
struct row;
struct row_history;

/* What the frame before knew of the owners of one of its rows; its texts go to f. */
struct known_owner known_owner_of(struct frame *f, const struct frame *before,
				  const struct row *row);

/* The same from what the frame before had kept. */
struct known_owner known_owner_inherit(struct frame *f, const struct frame *before,
				       const struct known_owner *old);

/*
 * A process that ends cannot be looked into while the kernel takes it down, and its sockets are
 * still there.  Where this row of f has lost its owners a short while ago (old: its note in the
 * frame before), they are kept for when it closes.
 */
void known_owner_keep(struct frame *f, struct row_history *history, const struct frame *before,
		      const struct row_history *old);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares two refreshes: changed rows, rates, and rows that closed. */
#ifndef PORTSTAT_LIVE_COMPARE_H
#define PORTSTAT_LIVE_COMPARE_H

#include <stdint.h>

#include "live/packets.h"

struct expected;
struct filter;
struct frame;

/* How frames are compared. */
struct comparison {
	const struct filter *filter; /* of the view: closed rows remember whether it passed them */
	const struct expected *expected; /* what is expected is in no trouble; NULL: nothing is */
	struct packet_counter counter; /* of datagram sockets */
	uint64_t interval_ms; /* between refreshes: no rate is computed over less than half of it */
};

/*
 * Fills in the row history, the totals and the ghosts of f, whose snapshot was just taken at
 * f->clock_ms, by comparison with the frame before (NULL: there was none).  If the two do not have
 * the same kind of sockets, no row counts as new or closed.
 */
void frame_compare(struct frame *f, const struct frame *before, const struct comparison *by);

#endif

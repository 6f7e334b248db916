/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One look at the sockets, as a frame. */
#ifndef PORTSTAT_LIVE_REFRESH_H
#define PORTSTAT_LIVE_REFRESH_H

#include <stdint.h>
#include <time.h>

#include "live/live_query.h"

struct collector_setup;
struct frame;
struct resolver;
struct sock_table;

/* What is looked for: a copy, so that the next query may come meanwhile. */
struct refresh {
	struct live_query query;
	char *filter;
	const struct resolver *names;
	uint64_t clock_ms; /* the frames' */
};

/*
 * Fills the frame, against the one that is shown (NULL: none is).  closed is for its use alone, from one look
 * to the next.
 */
void refresh_run(const struct collector_setup *setup, const struct refresh *look,
		 struct sock_table *closed, struct frame *frame, const struct frame *before);

uint64_t refresh_clock_ms(clockid_t clock);

#endif

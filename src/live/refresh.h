/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One refresh: takes a snapshot and compares it with the frame shown. */
#ifndef PORTSTAT_LIVE_REFRESH_H
#define PORTSTAT_LIVE_REFRESH_H

#include <stdint.h>
#include <time.h>

#include "live/live_query.h"

struct collector_setup;
struct frame;
struct resolver;

/* The request: a copy, so that the query may change meanwhile. */
struct refresh {
	struct live_query query;
	char *filter;
	const struct resolver *names;
	uint64_t clock_ms; /* the time, on the clock of the frames */
};

/* Fills frame, with history from the frame before (NULL: none is shown). */
void refresh_run(const struct collector_setup *setup, const struct refresh *refresh,
		 struct frame *frame, const struct frame *before);

/* The current time of a clock, in ms. */
uint64_t refresh_clock_ms(clockid_t clock);

#endif

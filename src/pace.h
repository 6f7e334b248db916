/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often to look at something that costs CPU time: never more often than every 20 ms, and so
 * seldom that the looks take no more than their share of a core.
 */
#ifndef PORTSTAT_PACE_H
#define PORTSTAT_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Times are in microseconds, by a clock that does not jump. */
struct pace {
	uint64_t due; /* when the next look may be taken */
	uint64_t pause; /* between the last two looks */
	unsigned int pauses; /* how many times as long as a look the pause after it is */
};

/*
 * The next look is due in 20 ms: what the first one cost is not held against it, since it opens
 * files.  With 100 pauses looks take up to 1 % of a core.
 */
void pace_start(struct pace *pace, uint64_t now, unsigned int pauses);

/* A look that took this much CPU time has ended. */
void pace_spend(struct pace *pace, uint64_t now, uint64_t cost);

/* How long until the next look; 0: it is due. */
uint64_t pace_left(const struct pace *pace, uint64_t now);

/*
 * May a look be taken in advance, because something happened?  One may; the pause after it is that
 * much longer.
 */
bool pace_may_hurry(const struct pace *pace, uint64_t now);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many lines a second others can make us write: under 20, whoever sends whatever. */
#ifndef PORTSTAT_EVENTS_LINE_CAP_H
#define PORTSTAT_EVENTS_LINE_CAP_H

#include <stdbool.h>
#include <stdint.h>

#define LINE_CAP_PER_SECOND 10
#define LINE_CAP_BURST 9

/* Zero-initialised: a burst is allowed. */
struct line_cap {
	uint64_t filled_at; /* when spent was last reduced, in ms */
	uint32_t spent; /* in thousandths of a line */
};

/*
 * May a line be written now (in ms), so that reserve more of the burst are left?  If so, it counts
 * as written.
 */
static inline bool line_cap_take(struct line_cap *cap, uint64_t now, unsigned int reserve)
{
	uint64_t passed = now - cap->filled_at, filled = passed * LINE_CAP_PER_SECOND;

	cap->filled_at = now;
	cap->spent = filled < cap->spent ? cap->spent - (uint32_t)filled : 0;
	if (cap->spent + 1000 * (1 + reserve) > 1000 * LINE_CAP_BURST)
		return false;
	cap->spent += 1000;
	return true;
}

#endif

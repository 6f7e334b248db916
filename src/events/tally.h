/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts what is told in summaries: one line soon after the first occurrence, then a line when it
 * pauses, ever more seldom, at the latest every minute.
 */
#ifndef PORTSTAT_EVENTS_TALLY_H
#define PORTSTAT_EVENTS_TALLY_H

#include <stdbool.h>
#include <stdint.h>

/* Zero-initialised: nothing happened yet.  Times are milliseconds of a clock that does not jump. */
struct tally {
	uint64_t since; /* the first occurrence */
	uint64_t last;
	uint64_t count; /* since then */
	uint64_t told; /* of these, how many the last line covers */
	uint64_t told_at; /* when that was; 0: there was no line yet */
	uint32_t pause; /* how long to wait after it at least */
};

/* It happened n times more. */
void tally_add(struct tally *t, uint64_t now, uint64_t n);

/* Is it time for a line?  hold: how long the first line waits for more. */
bool tally_is_due(const struct tally *t, uint64_t now, uint64_t hold);

/* A line was written that covers all of count. */
void tally_told(struct tally *t, uint64_t now);

/* What no line covers is counted elsewhere: later lines begin anew. */
void tally_drop(struct tally *t, uint64_t now);

/* Occurrences that no line covers. */
static inline uint64_t tally_untold(const struct tally *t)
{
	return t->count - t->told;
}

/* Occurrences a second, from the first one to the last; 0 if they took less than a second. */
static inline uint64_t tally_per_second(const struct tally *t)
{
	uint64_t ms = t->last - t->since;

	return ms < 1000 ? 0 : t->count * 1000 / ms;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells attempts.c which ports have listeners, every ten seconds: when such a server restarts, its
 * clients and health checks are no scan.
 */
#ifndef PORTSTAT_EVENTS_EXEMPT_H
#define PORTSTAT_EVENTS_EXEMPT_H

#include <stdint.h>

struct attempts;
struct event_table;
struct exempt;

/* All are borrowed.  netns is the inode of the network namespace that we run in. */
struct exempt *exempt_new(struct attempts *attempts, const struct event_table *table,
			  uint64_t netns);
void exempt_free(struct exempt *x);

/*
 * Reads the table, and lists the listeners of our own namespace, if it is time: now is in
 * milliseconds of CLOCK_MONOTONIC.
 */
void exempt_tick(struct exempt *x, uint64_t now);

#endif

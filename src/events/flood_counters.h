/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counters of a network namespace that grow when its listeners are overrun. */
#ifndef PORTSTAT_EVENTS_FLOOD_COUNTERS_H
#define PORTSTAT_EVENTS_FLOOD_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

struct flood_counters {
	uint64_t syn_cookies; /* SyncookiesSent: answered without keeping anything */
	uint64_t drops; /* ListenDrops: a queue of a listener was full */
};

/*
 * Reads the text of /proc/net/netstat (net/ipv4/proc.c): pairs of lines, names and then values.
 * Counters that it lacks are 0.
 */
void flood_counters_parse(struct flood_counters *out, const char *text, size_t len);

#endif

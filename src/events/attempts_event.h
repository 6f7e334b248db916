/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The events that attempts.c writes, from what it has counted. */
#ifndef PORTSTAT_EVENTS_ATTEMPTS_EVENT_H
#define PORTSTAT_EVENTS_ATTEMPTS_EVENT_H

#include <stdint.h>

#include "events/event.h"
#include "events/tally.h"

/* What counts as one source: an IPv4 address, an IPv6 /64.  No padding: it is compared as bytes. */
struct source_key {
	uint32_t netns;
	uint8_t family;
	uint8_t protocol;
	uint8_t zero[2];
	uint8_t prefix[8];
};

/*
 * An event of what a source did, from the first time to the last; from is an address of it.  Both
 * are NULL for an event of many sources, which has no addresses.
 */
struct event attempts_event(enum event_kind kind, const struct source_key *source,
			    const struct addr *from, const struct tally *tally);

/* Adds the first of these n ports. */
void attempts_event_add_ports(struct event *event, const uint16_t *ports, unsigned int n);

#endif

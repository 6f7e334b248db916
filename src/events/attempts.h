/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns packets to closed ports into events: many tries at one port are one `refused`, tries at many
 * ports one `scan`, a sequence of ports a `knock`.  Each is one line, and a summary when it pauses.
 * Everybody may send packets, from any address: memory and lines are limited, and what gets no line
 * of its own is counted in an event without addresses.  No try is counted twice or not at all, but
 * those of which the sink wants nothing take nothing from the limits, and are not counted.
 */
#ifndef PORTSTAT_EVENTS_ATTEMPTS_H
#define PORTSTAT_EVENTS_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "events/event.h"
#include "events/scanner.h"
#include "events/way.h"

struct attempt;
struct attempts;

struct attempts_options {
	unsigned int kinds; /* EVENT_BIT()s to tell of; others take nothing from the limit */
	/* Gets the events, with times as those that go in here, and not those of Unix. */
	struct event_sink sink;
	struct knock_sequence knock;
	uint64_t seed; /* a number that nobody else knows */
};

/* Never NULL. */
struct attempts *attempts_new(const struct attempts_options *options);
void attempts_free(struct attempts *a);

/*
 * A listener was on this TCP port (or a bound UDP socket) until now, a time in milliseconds of
 * CLOCK_MONOTONIC: for an hour, tries at it are no sign of a scan, since a restarted server's clients
 * and health checks come back.
 */
void attempts_listened(struct attempts *a, uint64_t now, uint32_t netns, uint8_t protocol,
		       uint16_t port);

/* Takes one packet in.  A scan or a knock is written at once. */
void attempts_add(struct attempts *a, const struct attempt *attempt);

/* Writes what is due.  To be called every tenth of a second, and with is_last at the end. */
void attempts_tick(struct attempts *a, uint64_t now, bool is_last);

#endif

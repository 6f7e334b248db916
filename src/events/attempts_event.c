/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills in the events of attempts. */
#include <config.h>

#include "events/attempts_event.h"

#include <netinet/in.h>
#include <string.h>

#define US_PER_MS 1000

struct event attempts_event(enum event_kind kind, const struct source_key *source,
			    const struct addr *from, const struct tally *tally)
{
	struct event event = {
		.kind = kind,
		.known = EVENT_HAS_COUNT,
		.time_ms = tally->last,
		.duration_us = (tally->last - tally->since) * US_PER_MS,
		.count = tally->count,
		.per_second = tally_per_second(tally),
	};

	if (tally->last > tally->since)
		event.known |= EVENT_HAS_DURATION;
	if (event.per_second)
		event.known |= EVENT_HAS_RATE;
	event.sock.proto = PROTO_TCP;
	event.sock.state = SOCK_STATE_CLOSE;
	if (!source)
		return event;
	event.netns = source->netns;
	event.sock.family = source->family;
	event.sock.proto = source->protocol == IPPROTO_TCP ? PROTO_TCP : PROTO_UDP;
	event.sock.remote.addr = *from;
	event.sock.known = SOCK_HAS_PEER;
	return event;
}

void attempts_event_add_ports(struct event *event, const uint16_t *ports, unsigned int n)
{
	event->known |= EVENT_HAS_PORTS;
	event->n_ports = (uint8_t)(n < EVENT_PORTS_MAX ? n : EVENT_PORTS_MAX);
	memcpy(event->ports, ports, event->n_ports * sizeof(*ports));
}

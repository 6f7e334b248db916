/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The listeners that are or were overrun, and the events about them. */
#include <config.h>

#include "events/flood_victims.h"

#include <stdlib.h>

#include "base/mem.h"
#include "events/event.h"
#include "events/event_table.h"
#include "events/listed_owner.h"
#include "events/tally.h"
#include "events/way.h"
#include "resolve/owners.h"

/* What happens to a listener. */
enum trouble {
	TROUBLE_COOKIES,
	TROUBLE_DROPS,
};
#define TROUBLES 2

/* More listeners than are overrun at once; those of old floods go when there are more. */
#define VICTIMS_MAX 1024

struct victim {
	struct sock sock; /* without a cookie: it could not be found */
	struct event_owner owner;
	struct tally tallies[TROUBLES];
	uint64_t half_open;
	uint64_t netns; /* inode */
};

void flood_victims_init(struct flood_victims *v, int proc_root, const struct event_table *table)
{
	*v = (struct flood_victims){ .table = table, .owners = owners_new(proc_root, OWNERS_PROC) };
}

void flood_victims_fini(struct flood_victims *v)
{
	owners_free(v->owners);
	free(v->list);
}

static struct event_owner owner_of(struct flood_victims *v, const struct sock *listener)
{
	const struct event_entry *entry = event_table_get(v->table, listener->cookie);
	struct owner_key key = { .cookie = listener->cookie, .inode = listener->inode };
	struct event_owner owner = { 0 };

	if (entry && entry->owner.via)
		return entry->owner;
	if (sock_has(listener, SOCK_HAS_INODE) && !owners_scan(v->owners, &key, 1, 0))
		listed_owner(v->owners, listener, &owner);
	return owner;
}

static struct victim *victim_of(struct flood_victims *v, uint64_t netns,
				const struct sock *listener)
{
	static const struct sock unknown = { .proto = PROTO_TCP, .state = SOCK_STATE_LISTEN };

	if (!listener)
		listener = &unknown;
	for (size_t i = 0; i < v->n; i++)
		if (v->list[i].netns == netns && v->list[i].sock.cookie == listener->cookie)
			return &v->list[i];
	if (v->n == VICTIMS_MAX)
		v->n = 0;
	v->list = mem_grow(v->list, v->n, &v->cap, sizeof(*v->list));
	v->list[v->n] = (struct victim){ .sock = *listener, .netns = netns };
	if (listener->cookie)
		v->list[v->n].owner = owner_of(v, listener);
	return &v->list[v->n++];
}

void flood_victims_add_drops(struct flood_victims *v, uint64_t netns, const struct sock *listener,
			     uint64_t now, uint64_t n)
{
	tally_add(&victim_of(v, netns, listener)->tallies[TROUBLE_DROPS], now, n);
}

void flood_victims_add_cookies(struct flood_victims *v, uint64_t netns, const struct sock *listener,
			       uint64_t now, uint64_t n, uint64_t half_open)
{
	struct victim *victim = victim_of(v, netns, listener);

	victim->half_open = half_open;
	tally_add(&victim->tallies[TROUBLE_COOKIES], now, n);
}

static void tell(const struct victim *victim, enum trouble trouble, const struct event_sink *sink)
{
	const struct tally *tally = &victim->tallies[trouble];
	struct event event = {
		.kind = EVENT_FLOOD,
		.known = EVENT_HAS_COUNT,
		.time_ms = tally->last,
		.duration_us = (tally->last - tally->since) * 1000,
		.netns = victim->netns,
		.sock = victim->sock,
		.owner = victim->owner,
		.count = tally->count,
	};

	if (tally->last > tally->since)
		event.known |= EVENT_HAS_DURATION;
	if (trouble == TROUBLE_COOKIES) {
		uint64_t seconds = (tally->last - tally->since) / 1000;

		/* The first count is that of one second. */
		event.known |= EVENT_HAS_RATE;
		event.per_second = tally->count / (seconds + 1);
		event.count = victim->half_open;
	}
	sink->add(sink->data, &event);
}

void flood_victims_tell(struct flood_victims *v, uint64_t now, const struct event_sink *sink)
{
	for (size_t i = 0; i < v->n; i++) {
		struct victim *victim = &v->list[i];

		for (unsigned int k = 0; k < TROUBLES; k++) {
			if (!tally_is_due(&victim->tallies[k], now, 0))
				continue;
			tell(victim, k, sink);
			tally_told(&victim->tallies[k], now);
		}
	}
}

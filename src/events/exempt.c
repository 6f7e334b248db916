/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the listeners now and then. */
#include <config.h>

#include "events/exempt.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "base/mem.h"
#include "events/attempts.h"
#include "events/event_table.h"
#include "model/sock_table.h"
#include "source/source.h"

#define PAUSE_MS 10000

struct exempt {
	struct attempts *attempts;
	const struct event_table *table;
	struct source *source; /* NULL: it cannot be opened */
	struct sock_table listeners;
	uint64_t netns;
	uint64_t due; /* when it is time */
};

struct exempt *exempt_new(struct attempts *attempts, const struct event_table *table,
			  uint64_t netns)
{
	struct exempt *x = mem_calloc(1, sizeof(*x));

	x->attempts = attempts;
	x->table = table;
	x->netns = netns;
	if (source_netlink_open(&x->source, NULL))
		x->source = NULL;
	return x;
}

void exempt_free(struct exempt *x)
{
	if (!x)
		return;
	source_free(x->source);
	sock_table_fini(&x->listeners);
	free(x);
}

static void add(const struct exempt *x, uint64_t now, uint64_t netns, const struct sock *sk)
{
	if (sock_is_serving(sk) && (sk->proto == PROTO_TCP || sk->proto == PROTO_UDP))
		attempts_listened(x->attempts, now, (uint32_t)(netns ? netns : x->netns),
				  sk->proto == PROTO_TCP ? IPPROTO_TCP : IPPROTO_UDP,
				  sk->local.port);
}

/* What is in no table of ours: only the ways that tell of listeners keep it up to date. */
static void list(struct exempt *x, uint64_t now)
{
	struct source_query query = {
		.protos = PROTO_BIT(PROTO_TCP),
		.families = FAMILY_ALL,
		.states = STATE_BIT(SOCK_STATE_LISTEN),
	};
	struct source_outcome outcome = { 0 };

	sock_table_clear(&x->listeners);
	source_list(x->source, &query, &x->listeners, &outcome);
	for (size_t i = 0; i < x->listeners.n; i++)
		add(x, now, x->netns, &x->listeners.socks[i]);
}

void exempt_tick(struct exempt *x, uint64_t now)
{
	if (now < x->due)
		return;
	x->due = now + PAUSE_MS;
	for (size_t i = 0; i < event_table_count(x->table); i++) {
		const struct event_entry *entry = event_table_at(x->table, i);

		add(x, now, entry->netns, &entry->sock);
	}
	if (x->source)
		list(x, now);
}

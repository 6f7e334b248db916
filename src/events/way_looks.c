/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way that needs nothing but sock_diag: two listings compared, up to ten times a second.  It
 * sees what is still there at the next look.
 */
#include <config.h>

#include "events/way.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/i18n.h"
#include "base/map.h"
#include "base/mem.h"
#include "events/event.h"
#include "events/event_table.h"
#include "events/inuse.h"
#include "events/listed_owner.h"
#include "model/listener.h"
#include "model/sock_table.h"
#include "resolve/owners.h"
#include "source/source.h"

#define PAUSE_MS 100
/* Nothing has changed for IDLE_MS. */
#define PAUSE_IDLE_MS 250
#define IDLE_MS 10000
/* Where the counts say that nothing has changed: ports that are bound only are not counted. */
#define PAUSE_UNCHANGED_US 2000000U
/* Other namespaces have counts that we do not read. */
#define PAUSE_ELSEWHERE_US 1000000U
/*
 * A look that takes long is followed by a pause that is longer, so many times as long: looks take
 * 5 % of a core at most, and 0.02 % where nothing has changed.
 */
#define SHARE 20
#define SHARE_UNCHANGED 5000
/* A dump may pass over a connection that is there (see source/netlink): it is forgotten later. */
#define FORGET_AFTER 3

#define SERVING_KINDS (EVENT_BIT(EVENT_OPENED) | EVENT_BIT(EVENT_UNBOUND))
#define CONNECTION_KINDS (EVENT_BIT(EVENT_CONNECTED) | EVENT_BIT(EVENT_ACCEPTED))
#define SERVING_STATES (STATE_BIT(SOCK_STATE_LISTEN) | STATE_BIT(SOCK_STATE_BOUND))
#define CONNECTION_STATES (STATE_BIT(SOCK_STATE_ESTABLISHED) | STATE_BIT(SOCK_STATE_CLOSE_WAIT))

/* The listening and bound sockets of one look. */
struct serving {
	struct event_entry *list;
	size_t n;
	size_t cap;
	struct map by_cookie; /* index in list */
};

struct way_looks {
	struct event_way way;
	const struct event_request *request;
	struct source *source;
	struct owners *owners;
	struct inuse *inuse; /* tells whether a look is worthwhile */
	struct source_query query;
	struct sock_table table;
	struct serving serving, before;
	struct map connections; /* cookie to the number of the last look that saw it */
	uint32_t n_looks;
	uint64_t last_ms; /* when the last look was taken */
	uint64_t cost_us; /* what it took */
	uint64_t changed_ms; /* when the counts last changed */
	size_t n_known; /* entries of the request's table after the last look */
};

static uint64_t clock_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* ---- listing ---- */

/* A namespace whose sockets are listed, for open_socket(). */
struct place {
	const struct event_request *request;
	uint16_t netns;
};

static int open_socket(void *data)
{
	const struct place *place = data;
	const struct event_request *r = place->request;

	return r->open_socket(r->data, place->netns, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			      NETLINK_SOCK_DIAG);
}

static bool is_whole(const struct source_outcome *outcome)
{
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++)
			if (outcome->error[proto][family] &&
			    outcome->error[proto][family] != SOURCE_ERROR_UNSUPPORTED)
				return false;
	return true;
}

/* A namespace that has gone has no sockets. */
static bool list_place(struct way_looks *w, uint16_t netns)
{
	struct place place = { .request = w->request, .netns = netns };
	struct source_outcome outcome = { 0 };
	struct source *source = w->source;

	if (netns && source_netlink_open_in(&source, open_socket, &place))
		return true;
	w->query.netns = netns;
	source_list(source, &w->query, &w->table, &outcome);
	if (netns)
		source_free(source);
	return is_whole(&outcome);
}

/* Returns whether no socket is missing: else what is not listed may be there. */
static bool list(struct way_looks *w)
{
	const struct event_request *r = w->request;
	bool is_complete = true;

	sock_table_clear(&w->table);
	for (size_t i = 0; i < r->n_netns; i++)
		is_complete &= list_place(w, r->netns[i].index);
	return r->n_netns ? is_complete : list_place(w, 0);
}

static uint64_t netns_of(const struct event_request *r, const struct sock *sk)
{
	for (size_t i = 0; i < r->n_netns; i++)
		if (r->netns[i].index == sk->netns)
			return r->netns[i].inode;
	return 0;
}

/* Finds the owners of the sockets that were not there at the look before. */
static void find_owners(struct way_looks *w, const struct sock *const *fresh, size_t n)
{
	struct owner_key *keys = mem_calloc(n, sizeof(*keys));
	size_t n_keys = 0;

	for (size_t i = 0; i < n; i++)
		if (sock_has(fresh[i], SOCK_HAS_INODE))
			keys[n_keys++] = (struct owner_key){ .cookie = fresh[i]->cookie,
							     .inode = fresh[i]->inode };
	owners_scan(w->owners, keys, n_keys, 0);
	free(keys);
}

/* ---- comparing ---- */

static void serving_add(struct serving *s, const struct event_entry *entry)
{
	bool is_new;

	map_add(&s->by_cookie, entry->sock.cookie, (uint32_t)s->n, &is_new);
	if (!is_new)
		return;
	s->list = mem_grow(s->list, s->n, &s->cap, sizeof(*s->list));
	s->list[s->n++] = *entry;
}

static void serving_clear(struct serving *s)
{
	s->n = 0;
	map_clear(&s->by_cookie);
}

static void serving_fini(struct serving *s)
{
	free(s->list);
	map_fini(&s->by_cookie);
}

static bool is_accepted(const struct way_looks *w, const struct sock *sk)
{
	for (size_t i = 0; i < w->serving.n; i++) {
		const struct sock *listener = &w->serving.list[i].sock;

		if (listener->state == SOCK_STATE_LISTEN && listener->netns == sk->netns &&
		    listener_fit(listener, sk))
			return true;
	}
	return false;
}

/* Sorts the sockets of a look: what serves into w->serving, and what is new to the end of fresh. */
static size_t sort_sockets(struct way_looks *w, const struct sock **fresh)
{
	size_t n = 0;

	for (size_t i = 0; i < w->table.n; i++) {
		const struct sock *sk = &w->table.socks[i];
		struct event_entry entry = { .sock = *sk, .netns = netns_of(w->request, sk) };
		uint32_t before;

		if (!sock_has(sk, SOCK_HAS_COOKIE))
			continue;
		if (!sock_is_serving(sk)) {
			bool is_new;

			*map_add(&w->connections, sk->cookie, w->n_looks, &is_new) = w->n_looks;
			if (is_new)
				fresh[n++] = sk;
			continue;
		}
		before = map_get(&w->before.by_cookie, sk->cookie);
		/* A bound socket that listens now is another one to its users. */
		if (before != MAP_NONE && w->before.list[before].sock.state == sk->state)
			entry.owner = w->before.list[before].owner;
		else
			fresh[n++] = sk;
		serving_add(&w->serving, &entry);
	}
	return n;
}

/* Forgets connections that some looks in a row did not see. */
static void forget_connections(struct way_looks *w)
{
	struct map kept = { 0 };

	for (size_t i = 0; i < w->connections.cap; i++) {
		const struct map_slot *slot = &w->connections.slots[i];

		if (slot->value != MAP_NONE && w->n_looks - slot->value < FORGET_AFTER)
			map_add(&kept, slot->key, slot->value, NULL);
	}
	map_fini(&w->connections);
	w->connections = kept;
}

/* ---- events ---- */

static void tell_fresh(struct way_looks *w, const struct sock *sk, const struct event_sink *sink)
{
	struct event_entry entry = { .sock = *sk, .netns = netns_of(w->request, sk) };
	struct event event = { .time_ms = clock_us(CLOCK_REALTIME) / 1000,
			       .netns = entry.netns,
			       .sock = *sk };

	listed_owner(w->owners, sk, &entry.owner);
	event.owner = entry.owner;
	if (sock_is_serving(sk)) {
		event.kind = EVENT_OPENED;
		w->serving.list[map_get(&w->serving.by_cookie, sk->cookie)].owner = entry.owner;
	} else {
		event.kind = is_accepted(w, sk) ? EVENT_ACCEPTED : EVENT_CONNECTED;
		event.sock.state = SOCK_STATE_ESTABLISHED;
	}
	event_table_put(w->request->table, &entry);
	if (w->way.kinds & EVENT_BIT(event.kind))
		sink->add(sink->data, &event);
}

static void tell_gone(struct way_looks *w, const struct event_sink *sink)
{
	for (size_t i = 0; i < w->before.n; i++) {
		const struct event_entry *entry = &w->before.list[i];
		uint32_t now = map_get(&w->serving.by_cookie, entry->sock.cookie);
		struct event event = { .kind = EVENT_UNBOUND,
				       .time_ms = clock_us(CLOCK_REALTIME) / 1000,
				       .netns = entry->netns,
				       .sock = entry->sock,
				       .owner = entry->owner };

		if (now != MAP_NONE)
			continue;
		event_table_remove(w->request->table, entry->sock.cookie);
		if (w->way.kinds & EVENT_BIT(EVENT_UNBOUND))
			sink->add(sink->data, &event);
	}
}

/* With sink NULL only notes what is there. */
static void look(struct way_looks *w, const struct event_sink *sink)
{
	struct serving old = w->before;
	const struct sock **fresh;
	size_t n_fresh;

	if (!list(w))
		return;
	w->before = w->serving;
	w->serving = old;
	serving_clear(&w->serving);
	w->n_looks++;
	fresh = mem_calloc(w->table.n, sizeof(*fresh));
	n_fresh = sort_sockets(w, fresh);
	if (sink && n_fresh)
		find_owners(w, fresh, n_fresh);
	if (sink)
		tell_gone(w, sink);
	for (size_t i = 0; sink && i < n_fresh; i++)
		tell_fresh(w, fresh[i], sink);
	free(fresh);
	forget_connections(w);
}

static bool is_own_only(const struct event_request *r)
{
	return !r->n_netns || (r->n_netns == 1 && !r->netns->index);
}

/* Is it time for a look?  Counts that changed too early for one are compared again. */
static bool is_due(struct way_looks *w, uint64_t now)
{
	uint64_t passed_us = (now - w->last_ms) * 1000;

	if (passed_us < w->cost_us * SHARE)
		return false;
	if (!is_own_only(w->request))
		return passed_us >= PAUSE_ELSEWHERE_US;
	/* A listener that was replaced changes no count, but its end was announced. */
	if (inuse_has_changed(w->inuse) || event_table_count(w->request->table) != w->n_known) {
		w->changed_ms = now;
		return true;
	}
	return passed_us >= PAUSE_UNCHANGED_US && passed_us >= w->cost_us * SHARE_UNCHANGED;
}

static int read_looks(struct event_way *way, const struct event_sink *sink)
{
	struct way_looks *w = (struct way_looks *)way;
	uint64_t now = clock_us(CLOCK_MONOTONIC) / 1000, before;

	if (is_due(w, now)) {
		before = clock_us(CLOCK_PROCESS_CPUTIME_ID);
		look(w, sink);
		w->cost_us = clock_us(CLOCK_PROCESS_CPUTIME_ID) - before;
		w->last_ms = now;
		w->n_known = event_table_count(w->request->table);
	}
	way->pause_ms = now - w->changed_ms < IDLE_MS ? PAUSE_MS : PAUSE_IDLE_MS;
	return 0;
}

/* ---- opening ---- */

static const char *lack(const struct event_way *way, size_t i)
{
	(void)way;
	return i ? NULL : _("what comes and goes within a tenth of a second");
}

static void free_looks(struct event_way *way)
{
	struct way_looks *w = (struct way_looks *)way;

	source_free(w->source);
	owners_free(w->owners);
	inuse_free(w->inuse);
	sock_table_fini(&w->table);
	serving_fini(&w->serving);
	serving_fini(&w->before);
	map_fini(&w->connections);
	free(w);
}

static const struct event_way_ops ops = {
	.name = "looks",
	.read = read_looks,
	.lack = lack,
	.free = free_looks,
};

int way_looks_open(struct event_way **out, const struct event_request *request)
{
	struct way_looks *w;
	unsigned int states = 0;
	int err;

	*out = NULL;
	if (request->kinds & SERVING_KINDS)
		states |= SERVING_STATES;
	/* Only listeners tell which end of a connection is ours. */
	if (request->kinds & CONNECTION_KINDS)
		states |= SERVING_STATES | CONNECTION_STATES;
	if (!states)
		return -EOPNOTSUPP;
	w = mem_calloc(1, sizeof(*w));
	w->way.ops = &ops;
	w->way.kinds = request->kinds & (SERVING_KINDS | CONNECTION_KINDS);
	w->way.fd = -1;
	w->way.pause_ms = PAUSE_MS;
	w->request = request;
	w->query = (struct source_query){
		.protos = request->protos,
		.families = request->families,
		.states = states,
	};
	w->inuse = inuse_new(request->proc_root);
	w->owners = owners_new(request->proc_root, OWNERS_PROC);
	err = source_netlink_open(&w->source, NULL);
	if (err) {
		free_looks(&w->way);
		return err;
	}
	inuse_has_changed(w->inuse);
	look(w, NULL);
	*out = &w->way;
	return 0;
}

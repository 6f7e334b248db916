/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Determines which end of a connection is the server. */
#include <config.h>

#include "query/serving.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/cond.h"
#include "model/listener.h"
#include "model/port_list.h"
#include "model/port_set.h"
#include "model/sock_table.h"
#include "model/vocab.h"
#include "query/collect.h"
#include "query/listening.h"
#include "query/plan.h"
#include "resolve/resolver.h"
#include "resolve/services.h"

/* A condition on more ports costs more in the kernel than it saves here. */
#define PORTS_WORTH_A_CONDITION 16U

struct serving {
	struct sock_table asked; /* listeners that were requested separately */
	struct port_set ports; /* of all listeners: usually decides alone */
	const struct sock **list; /* the listeners by port */
	size_t n;
	size_t cap;
};

static bool is_listener(const struct sock *sk)
{
	return proto_has_ports((enum sock_proto)sk->proto) && is_listening(sk);
}

static void add_listeners(struct serving *s, const struct sock_table *table)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct sock *sk = &table->socks[i];
		uint16_t port = sk->local.port;

		if (!is_listener(sk))
			continue;
		s->list = mem_grow(s->list, s->n, &s->cap, sizeof(*s->list));
		s->list[s->n++] = sk;
		port_set_add(&s->ports, (struct port_range){ port, port });
	}
}

static int by_port(const void *a, const void *b)
{
	const struct sock *const *x = a, *const *y = b;

	return (int)(*x)->local.port - (int)(*y)->local.port;
}

/* Which listeners matter for the connections of a table. */
struct question {
	struct port_set ports; /* ports of either end */
	unsigned int protos; /* PROTO_BIT()s */
};

static void ask_for(struct question *q, const struct sock_table *table)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct sock *sk = &table->socks[i];

		if (!sock_has(sk, SOCK_HAS_PEER) || !proto_has_ports((enum sock_proto)sk->proto))
			continue;
		q->protos |= PROTO_BIT(sk->proto);
		port_set_add(&q->ports, (struct port_range){ sk->local.port, sk->local.port });
		port_set_add(&q->ports, (struct port_range){ sk->remote.port, sk->remote.port });
	}
}

/* Is the local port one of these?  Always true if there are many. */
static uint32_t ports_cond(struct cond *c, const struct port_set *ports)
{
	struct cond_node leaf = { .kind = COND_LOCAL_PORT, .ports = port_list_of(ports) };
	bool is_worth = leaf.ports.n <= PORTS_WORTH_A_CONDITION;
	uint32_t root = is_worth ? cond_leaf(c, &leaf) : COND_TRUE_AT;

	port_list_fini(&leaf.ports);
	return root;
}

static void list_listeners(struct serving *s, const struct sock_table *table,
			   const struct source_query *like, const struct sources *sources)
{
	struct question *q = mem_calloc(1, sizeof(*q));
	struct source_query query = *like;
	struct collected collected;
	struct cond cond;

	ask_for(q, table);
	if (q->protos) {
		cond_init(&cond);
		cond.root = cond_and(&cond, listening_cond(&cond), ports_cond(&cond, &q->ports));
		query.protos = q->protos;
		query.families = FAMILY_ALL;
		query.states = STATE_ALL;
		query.extras = 0;
		query.cond = &cond;
		query.is_aside = true;
		collect(sources, &query, &s->asked, &collected);
		cond_fini(&cond);
	}
	free(q);
}

struct serving *serving_new(const struct sock_table *table, const struct plan *plan,
			    const struct sources *sources)
{
	struct serving *s = mem_calloc(1, sizeof(*s));

	if (plan_brings_listeners(plan) || sources->is_replay) {
		add_listeners(s, table);
	} else {
		list_listeners(s, table, &plan->query, sources);
		add_listeners(s, &s->asked);
	}
	if (s->n)
		qsort(s->list, s->n, sizeof(*s->list), by_port);
	return s;
}

void serving_free(struct serving *s)
{
	if (!s)
		return;
	sock_table_fini(&s->asked);
	free(s->list);
	free(s);
}

/* Is the peer address certainly one of this host? */
static bool is_own(const struct sock *sk, const struct sock *listener)
{
	enum addr_family family = (enum addr_family)sk->family;

	return addr_is_loopback(family, &sk->remote.addr) ||
	       !addr_compare(family, &sk->remote.addr, family, &sk->local.addr) ||
	       !addr_is_any(&listener->local.addr);
}

/* Does this end of the connection belong to a listener? */
static bool is_owned(const struct serving *s, const struct sock *sk, const struct endpoint *end)
{
	bool is_local = end == &sk->local;
	size_t low = 0, high = s->n;

	if (!port_set_has(&s->ports, end->port))
		return false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->list[mid]->local.port < end->port)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = low; i < s->n && s->list[i]->local.port == end->port; i++) {
		const struct sock *listener = s->list[i];

		if (is_local ? listener_fit(listener, sk)
			     : listener_fit_peer(listener, sk) && is_own(sk, listener))
			return true;
	}
	return false;
}

uint16_t serving_port(const struct serving *s, const struct resolver *names, const struct sock *sk)
{
	enum sock_proto proto = (enum sock_proto)sk->proto;
	uint16_t local = sk->local.port, remote = sk->remote.port;
	bool is_local_likely, is_remote_likely, has_local_name, has_remote_name;

	if (sock_is_serving(sk) || !sock_has(sk, SOCK_HAS_PEER))
		return local;
	is_remote_likely = port_in_range(names->ephemeral, local);
	is_local_likely = port_in_range(names->ephemeral, remote);
	if (is_local_likely == is_remote_likely)
		is_local_likely = is_remote_likely = false;
	/* Skip the search for a listener that could only confirm the guess. */
	if (s && !(is_local_likely && !port_set_has(&s->ports, remote)) &&
	    is_owned(s, sk, &sk->local))
		return local;
	if (s && !is_remote_likely && is_owned(s, sk, &sk->remote))
		return remote;
	if (is_local_likely || is_remote_likely)
		return is_local_likely ? local : remote;
	has_local_name = services_name(names->services, proto, local);
	has_remote_name = services_name(names->services, proto, remote);
	if (has_local_name != has_remote_name)
		return has_local_name ? local : remote;
	return local < remote ? local : remote;
}

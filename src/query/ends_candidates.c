/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets with a peer by what they send, so that those that answer it are found. */
#include <config.h>

#include "query/ends_candidates.h"

#include <stdlib.h>

#include "base/mem.h"
#include "resolve/paths.h"

struct candidate {
	const struct sock *sk;
	uint32_t next; /* the next one with the same hash; MAP_NONE: there is none */
};

void candidates_fini(struct candidates *c)
{
	free(c->list);
	map_fini(&c->by_flow);
	*c = (struct candidates){ 0 };
}

static uint32_t first_of(const struct candidates *c, const struct flow *flow)
{
	return map_get(&c->by_flow, flow_hash(flow));
}

bool candidates_may_answer(const struct candidates *c, const struct place *from)
{
	struct flow answer = flow_reverse(&from->flow);

	return first_of(c, &answer) != MAP_NONE;
}

static bool sends(const struct sock *sk, const struct flow *flow)
{
	struct flow own = flow_of(sk);

	return flow_is_equal(&own, flow);
}

/* Only datagram sockets can share all their addresses and ports. */
static bool is_listed(const struct candidates *c, const struct sock *sk, const struct flow *flow)
{
	bool can_share = proto_is_datagram((enum sock_proto)sk->proto);

	for (uint32_t i = first_of(c, flow); i != MAP_NONE; i = c->list[i].next) {
		const struct sock *known = c->list[i].sk;

		if (known->netns == sk->netns && known->proto == sk->proto && sends(known, flow) &&
		    (!can_share || known->cookie == sk->cookie))
			return true;
	}
	return false;
}

void candidates_add(struct candidates *c, const struct sock_table *table, bool is_again)
{
	size_t n = c->n;

	for (size_t i = 0; i < table->n; i++)
		n += sock_has_other_end(&table->socks[i]);
	if (n > c->cap) {
		c->list = mem_resize(c->list, n, sizeof(*c->list));
		c->cap = n;
	}
	map_reserve(&c->by_flow, n);
	for (size_t i = 0; i < table->n; i++) {
		const struct sock *sk = &table->socks[i];
		struct flow flow;
		uint32_t *first;
		bool is_new;

		if (!sock_has_other_end(sk))
			continue;
		flow = flow_of(sk);
		if (is_again && is_listed(c, sk, &flow))
			continue;
		first = map_add(&c->by_flow, flow_hash(&flow), (uint32_t)c->n, &is_new);
		c->list[c->n] = (struct candidate){ sk, is_new ? MAP_NONE : *first };
		*first = (uint32_t)c->n++;
	}
}

/* Interfaces tell link-local addresses apart. */
static bool is_at_interface(const struct sock *sk, const struct place *at)
{
	uint32_t ifindex = at->in ? at->in : at->bound;

	return !addr_is_link_local((enum addr_family)at->flow.family, &at->flow.to.addr) ||
	       (ifindex && sk->ifindex == ifindex);
}

const struct sock *candidates_answer(const struct candidates *c, const struct sock *from,
				     const struct place *at)
{
	struct flow answer = flow_reverse(&at->flow);
	const struct sock *found = NULL;
	size_t n = 0;

	for (uint32_t i = first_of(c, &answer); i != MAP_NONE; i = c->list[i].next) {
		const struct sock *sk = c->list[i].sk;

		if (sk->netns != at->netns || sk->proto != from->proto || !sends(sk, &answer) ||
		    !is_at_interface(sk, at))
			continue;
		found = sk;
		n++;
	}
	return n == 1 ? found : NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets with a peer by what they send, so that those that answer it are found. */
#include <config.h>

#include "query/ends_candidates.h"

#include <stdlib.h>

#include "base/mem.h"
#include "resolve/paths.h"

void candidates_fini(struct candidates *c)
{
	free(c->first);
	free(c->next);
	*c = (struct candidates){ 0 };
}

static const struct sock *sock_of(const struct candidates *c, uint32_t number)
{
	size_t at = number - 1, table = 0;

	while (at >= c->tables[table]->n)
		at -= c->tables[table++]->n;
	return &c->tables[table]->socks[at];
}

static uint32_t *first_of(const struct candidates *c, const struct flow *flow)
{
	return &c->first[flow_hash(flow) >> (64 - c->bits)];
}

static bool sends(const struct sock *sk, const struct flow *flow)
{
	struct flow own;

	/* Most that have the same hash by chance differ in this. */
	if (sk->local.port != flow->from.port || sk->remote.port != flow->to.port)
		return false;
	own = flow_of(sk);
	return flow_is_equal(&own, flow);
}

bool candidates_may_answer(const struct candidates *c, const struct place *from)
{
	struct flow answer = flow_reverse(&from->flow);

	for (uint32_t i = *first_of(c, &answer); i; i = c->next[i - 1])
		if (sends(sock_of(c, i), &answer))
			return true;
	return false;
}

/* Only datagram sockets can share all their addresses and ports. */
static bool is_listed(const struct candidates *c, const struct sock *sk, const struct flow *flow)
{
	bool can_share = proto_is_datagram((enum sock_proto)sk->proto);

	for (uint32_t i = *first_of(c, flow); i; i = c->next[i - 1]) {
		const struct sock *known = sock_of(c, i);

		if (known->netns == sk->netns && known->proto == sk->proto && sends(known, flow) &&
		    (!can_share || known->cookie == sk->cookie))
			return true;
	}
	return false;
}

/* Adds the sockets of a table.  The first one is of the snapshot, which has none twice. */
static void add_table(struct candidates *c, size_t which)
{
	const struct sock_table *table = c->tables[which];
	uint32_t number = 0;

	for (size_t i = 0; i < which; i++)
		number += (uint32_t)c->tables[i]->n;
	for (size_t i = 0; i < table->n; i++) {
		const struct sock *sk = &table->socks[i];
		struct flow flow;
		uint32_t *first;

		number++;
		if (!sock_has_other_end(sk))
			continue;
		flow = flow_of(sk);
		if (which && is_listed(c, sk, &flow))
			continue;
		first = first_of(c, &flow);
		c->next[number - 1] = *first;
		*first = number;
	}
}

void candidates_add(struct candidates *c, const struct sock_table *table)
{
	c->tables[c->n_tables++] = table;
	c->n += table->n;
	c->next = mem_resize(c->next, c->n, sizeof(*c->next));
	if (c->first && c->n >> c->bits == 0) {
		add_table(c, c->n_tables - 1);
		return;
	}
	/* At least as many hashes as sockets; none would be a shift by 64 bits. */
	do
		c->bits++;
	while (c->n >> c->bits && c->bits < 31);
	free(c->first);
	c->first = mem_calloc((size_t)1 << c->bits, sizeof(*c->first));
	for (size_t i = 0; i < c->n_tables; i++)
		add_table(c, i);
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

	for (uint32_t i = *first_of(c, &answer); i; i = c->next[i - 1]) {
		const struct sock *sk = sock_of(c, i);

		if (sk->netns != at->netns || sk->proto != from->proto || !sends(sk, &answer) ||
		    !is_at_interface(sk, at))
			continue;
		found = sk;
		n++;
	}
	return n == 1 ? found : NULL;
}

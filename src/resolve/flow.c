/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses and ports of a connection's packets, in one direction. */
#include <config.h>

#include "resolve/flow.h"

#include <netinet/in.h>

/* Compared and hashed as bytes. */
_Static_assert(sizeof(struct flow) == 2 * sizeof(struct endpoint) + 2, "struct flow has no gaps");

struct flow flow_of(const struct sock *sk)
{
	enum addr_family family = (enum addr_family)sk->family;
	struct flow flow = {
		.from.port = sk->local.port,
		.to.port = sk->remote.port,
		.proto = (uint8_t)(sk->proto == PROTO_MPTCP ? IPPROTO_TCP
							    : proto_rows[sk->proto].number),
	};

	addr_unmap(family, &sk->local.addr, &flow.from.addr);
	flow.family = (uint8_t)addr_unmap(family, &sk->remote.addr, &flow.to.addr);
	return flow;
}

struct flow flow_reverse(const struct flow *flow)
{
	return (struct flow){
		.from = flow->to, .to = flow->from, .family = flow->family, .proto = flow->proto
	};
}

bool flow_is_equal(const struct flow *a, const struct flow *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* By words: each connection of a listing is hashed several times. */
uint64_t flow_hash(const struct flow *flow)
{
	uint64_t words[(sizeof(*flow) + 7) / 8] = { 0 }, hash = 0;

	memcpy(words, flow, sizeof(*flow));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15U;
		hash ^= hash >> 32;
	}
	return hash;
}

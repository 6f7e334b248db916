/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses and ports of a connection's packets, in one direction. */
#ifndef PORTSTAT_RESOLVE_FLOW_H
#define PORTSTAT_RESOLVE_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "model/sock.h"

struct flow {
	struct endpoint from;
	struct endpoint to;
	uint8_t family; /* enum addr_family; never v4-mapped: those packets are IPv4 */
	uint8_t proto; /* IPPROTO_*, as in the packets: MPTCP's is TCP */
};

/* The flow of what the socket, which has a peer, sends. */
struct flow flow_of(const struct sock *sk);

/* The flow of the answers. */
struct flow flow_reverse(const struct flow *flow);

bool flow_is_equal(const struct flow *a, const struct flow *b);

/* A hash of the whole flow. */
uint64_t flow_hash(const struct flow *flow);

#endif

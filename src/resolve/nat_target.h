/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a rule sends packets on to. */
#ifndef PORTSTAT_RESOLVE_NAT_TARGET_H
#define PORTSTAT_RESOLVE_NAT_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"

enum nat_how {
	NAT_DNAT, /* another address, port or both */
	NAT_REDIRECT, /* this host: the interface's address, or loopback */
	NAT_TPROXY, /* a local socket; the packet keeps its address */
};

struct nat_target {
	enum nat_how how;
	enum addr_family family;
	bool has_addr; /* false: not told, or the same as before */
	bool has_port; /* false: the same as before */
	bool is_prefix; /* NETMAP: the host part of the address stays */
	bool is_unknown; /* the rule gives an address or a port that is computed */
	struct addr addr;
	struct addr addr_last; /* the last one of a range of which the kernel chooses */
	uint16_t port; /* host order */
	uint16_t port_last;
};

/* Is every packet sent to the same address, which is told? */
static inline bool nat_target_has_one_addr(const struct nat_target *to)
{
	return to->has_addr && !to->is_unknown && !to->is_prefix &&
	       !memcmp(&to->addr, &to->addr_last, sizeof(to->addr));
}

/* Do both send packets to the same place? */
static inline bool nat_target_is_same(const struct nat_target *a, const struct nat_target *b)
{
	return a->how == b->how && a->has_addr == b->has_addr && a->has_port == b->has_port &&
	       a->is_unknown == b->is_unknown && a->port == b->port &&
	       a->port_last == b->port_last && !memcmp(&a->addr, &b->addr, sizeof(a->addr)) &&
	       !memcmp(&a->addr_last, &b->addr_last, sizeof(a->addr_last));
}

#endif

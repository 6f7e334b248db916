/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports that are served without a socket of their own: what NAT rules send on, and to where. */
#ifndef PORTSTAT_RESOLVE_FORWARDS_H
#define PORTSTAT_RESOLVE_FORWARDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/map.h"
#include "model/port_set.h"
#include "model/sock.h"
#include "resolve/forward_by.h"
#include "resolve/nat_target.h"

struct proxy;
struct ruleset;

/* More are not kept: is_cut is set. */
#define FORWARDS_MAX 65536

struct forward {
	uint16_t netns; /* of a rule: the index of its namespace; of a proxy 0 */
	uint8_t proto; /* IPPROTO_*; 0 is any */
	uint8_t family; /* enum addr_family */
	uint8_t by; /* enum forward_by */
	bool from_outside; /* for packets that come in */
	bool from_here; /* for packets that this host sends to itself */
	bool depends; /* not for all of them: */
	uint8_t why; /* enum fact */
	uint16_t port_first; /* 0 to 65535 is any */
	uint16_t port_last;
	struct addr addr; /* 0.0.0.0, :: is any */
	struct addr addr_last;
	struct nat_target leads_to;
	uint32_t rule; /* a place in texts: "nat PREROUTING > DOCKER"; of a proxy "" */
	uint32_t name; /* the same: what it depends on where why is FACT_OTHER, or "" */
	uint32_t pid; /* of a proxy, else 0 */
	uint64_t into; /* inode of the network namespace into which a proxy leads; 0: not told */
};

/* Zero-initialised is empty and ready. */
struct forwards {
	struct forward *list;
	size_t n;
	size_t cap;
	struct buf texts;
	struct map seen;
	bool is_cut; /* some are missing */
};

void forwards_fini(struct forwards *f);

/*
 * Adds all that the rules of a namespace, those of the hooks prerouting and output send on, each once whichever hooks it
 * stands in.  A rule that an earlier one leaves nothing for is listed as well.
 */
void forwards_add_rules(struct forwards *f, const struct ruleset *rs, uint16_t netns);

/* What a BPF program (sk_lookup) sends on: packets to these ports, and to this address or any. */
struct chosen_ports {
	uint16_t netns;
	uint8_t proto; /* IPPROTO_* */
	enum addr_family family;
	struct addr addr; /* :: or 0.0.0.0 is any */
	struct port_range ports;
	enum addr_family to_family;
	struct endpoint to; /* the local end of the socket that gets them */
};

void forwards_add_chosen(struct forwards *f, const struct chosen_ports *chosen);

/* Adds what a proxy sends on. */
void forwards_add_proxy(struct forwards *f, const struct proxy *proxy, uint32_t pid);

/* Adds what a proxy sends on that tells no more than the network namespace into which it leads. */
void forwards_add_proxy_into(struct forwards *f, enum forward_by by, uint32_t pid, uint64_t netns);

/* Borrowed until something is added. */
const char *forwards_text(const struct forwards *f, uint32_t at);

#endif

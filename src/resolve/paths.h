/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of a connection's packets through the network namespaces of this machine: routes, veth
 * pairs, bridges and NAT, as the kernel tells them.
 */
#ifndef PORTSTAT_RESOLVE_PATHS_H
#define PORTSTAT_RESOLVE_PATHS_H

#include <stdbool.h>
#include <stdint.h>

#include "resolve/conntrack.h"
#include "resolve/flow.h"

struct netns_list;
struct own_addrs;
struct paths;

/*
 * all: the namespaces of this machine, by their index in struct sock; NULL: only the caller's own is
 * known.  own: the addresses of those that are chosen.  proc_root is a descriptor of /proc.  All is
 * borrowed.  Sockets are opened in namespaces, and stay open, which keeps them alive: so free the
 * paths after one listing.
 */
struct paths *paths_new(const struct netns_list *all, const struct own_addrs *own, int proc_root);
void paths_free(struct paths *p);

/* Where packets are, and how they look there. */
struct place {
	struct flow flow;
	uint32_t in; /* the interface on which they arrived; 0: a socket there sends them */
	uint32_t bound; /* the interface to which that socket is bound; 0: none */
	uint16_t netns;
};

/*
 * Follows packets to the namespace that delivers them to a socket of its own.  has_nat: looks for
 * connections with NAT on the way, where conntrack may be read.  Returns false where the packets
 * leave this machine, or where their way is not certain.
 */
bool paths_follow(struct paths *p, struct place *at, bool has_nat);

/* What the namespace makes of the flow: see conntrack_follow(). */
enum nat_answer paths_nat(struct paths *p, uint16_t netns, const struct flow *in, struct flow *out);

#endif

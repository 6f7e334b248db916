/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connections whose addresses or ports a network namespace rewrites (NAT), as it tracks them. */
#ifndef PORTSTAT_RESOLVE_CONNTRACK_H
#define PORTSTAT_RESOLVE_CONNTRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "resolve/flow.h"

struct nlmsghdr;

/* More are not kept. */
#define CONNTRACK_MAX ((size_t)1 << 20)

/* What goes in as one flow goes out as the other. */
struct nat_flow {
	struct flow in;
	struct flow out;
	bool is_ambiguous; /* another connection goes in as the same, in another zone */
};

/* Zero-initialised is empty and ready. */
struct conntrack {
	struct nat_flow *list; /* two for each connection, one in each direction */
	size_t n;
	size_t cap;
	struct map by_flow;
};

void conntrack_fini(struct conntrack *ct);

/*
 * Asks the kernel for the tracked connections of the namespace to which a socket of the protocol
 * NETLINK_NETFILTER belongs, and adds those with NAT.  Needs CAP_NET_ADMIN there: -EPERM without.
 * Asking may load a module: call it only if nf_conntrack_is_loaded().  Returns 0 or -errno.
 */
int conntrack_read(struct conntrack *ct, int fd);

/* Adds what a message of the dump (IPCTNL_MSG_CT_NEW) says; bytes from outside. */
void conntrack_add(struct conntrack *ct, const struct nlmsghdr *nlh);

enum nat_answer {
	NAT_NONE, /* it stays as it is */
	NAT_REWRITES,
	NAT_UNKNOWN, /* several connections go in as this flow */
};

/* What becomes of a flow; sets *out where it is rewritten. */
enum nat_answer conntrack_follow(const struct conntrack *ct, const struct flow *in,
				 struct flow *out);

#endif

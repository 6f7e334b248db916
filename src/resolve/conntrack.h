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

/*
 * The same from net/nf_conntrack below folder, a descriptor of /proc/PID, which loads nothing; in Linux
 * since 2.6.15, where it is built in (CONFIG_NF_CONNTRACK_PROCFS).  Only root may read it.  Returns 0 or
 * -errno.
 */
int conntrack_read_file(struct conntrack *ct, int folder);

/* Adds what a line of it says; bytes from outside. */
void conntrack_add_line(struct conntrack *ct, const char *line, size_t len);

/* Adds a connection, if it is one with NAT: what its opener sends, and what answers. */
void conntrack_add_flows(struct conntrack *ct, const struct flow *original,
			 const struct flow *reply);

enum nat_answer {
	NAT_NONE, /* it stays as it is */
	NAT_REWRITES,
	NAT_UNKNOWN, /* several connections go in as this flow */
};

/* What becomes of a flow; sets *out where it is rewritten. */
enum nat_answer conntrack_follow(const struct conntrack *ct, const struct flow *in,
				 struct flow *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the kernel sends a packet, asked of the network namespace that it is in. */
#ifndef PORTSTAT_RESOLVE_ROUTES_H
#define PORTSTAT_RESOLVE_ROUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct nlmsghdr;

struct route_question {
	struct addr from; /* any address: not told */
	struct addr to;
	enum addr_family family;
	uint32_t in; /* interface on which the packet arrives; 0: it is sent here */
	uint32_t out; /* interface to which its socket is bound; 0: none */
};

struct route {
	bool is_local; /* the packet is delivered in this namespace */
	uint32_t out; /* else the interface through which it leaves */
	struct addr next; /* and whom it is handed to there: a router or the destination */
};

/*
 * Asks the namespace to which a socket of the protocol NETLINK_ROUTE belongs, by its rules and routes.
 * No privilege is needed.  Returns 0, or -errno: -ENETUNREACH if there is no route, -EOPNOTSUPP if
 * the packet takes one of several ways.
 */
int route_find(int fd, const struct route_question *question, struct route *route);

/* The answer (RTM_NEWROUTE) to a question; -EBADMSG if it is none. */
int route_parse(const struct nlmsghdr *nlh, const struct route_question *question,
		struct route *route);

/*
 * What the namespace of fd calls the namespace that is open as netns: the number of RTM_GETNSID, or
 * -errno.
 */
int route_nsid(int fd, int netns);

#endif

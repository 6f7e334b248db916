/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network interfaces of a namespace, as far as they join it to others: veth pairs and bridges. */
#ifndef PORTSTAT_RESOLVE_LINKS_H
#define PORTSTAT_RESOLVE_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

enum link_kind {
	LINK_OTHER, /* what is behind it is not known here */
	LINK_VETH,
	LINK_BRIDGE, /* which sends every packet to the port that it is for */
};

/* peer_nsid of a veth whose other end is in the same namespace. */
#define LINK_SAME_NETNS (-1)

struct link {
	uint32_t ifindex;
	uint32_t master; /* index of the interface that it is a port of; 0: none */
	uint32_t peer; /* veth: index of the other end, in its namespace; 0: not told */
	int32_t peer_nsid; /* veth: what this namespace calls that of the other end */
	uint8_t kind; /* enum link_kind */
};

/* Zero-initialised is empty and ready. */
struct links {
	struct link *list; /* by ifindex, after links_read() */
	size_t n;
	size_t cap;
};

void links_fini(struct links *links);

/*
 * Reads the interfaces of the namespace to which a socket of the protocol NETLINK_ROUTE belongs, into
 * an empty list.  No privilege is needed.  Returns 0 or -errno.
 */
int links_read(struct links *links, int fd);

/* Adds what a message of the dump (RTM_NEWLINK) says. */
void links_add(struct links *links, const struct nlmsghdr *nlh);

/* NULL if there is none with this index. */
const struct link *links_find(const struct links *links, uint32_t ifindex);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which addresses are this host's own: those of its network namespaces, as far as they are listed. */
#ifndef PORTSTAT_RESOLVE_OWN_ADDRS_H
#define PORTSTAT_RESOLVE_OWN_ADDRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct own_addr {
	enum addr_family family;
	struct addr addr;
	uint16_t netns; /* index of the namespace, as in struct sock */
};

/* Loopback addresses are not in it: every namespace has all of them.  Zero-initialised is empty. */
struct own_addrs {
	struct own_addr *list; /* by address, then by namespace, when sorted; each once */
	size_t n;
	size_t cap;
};

void own_addrs_fini(struct own_addrs *own);
/* Empties it and keeps its memory. */
void own_addrs_clear(struct own_addrs *own);

/* Adds an address of the namespace, unless it is a loopback address. */
void own_addrs_add(struct own_addrs *own, uint16_t netns, enum addr_family family,
		   const struct addr *addr);

/* Replaces the content by a copy of from, in the same order. */
void own_addrs_copy(struct own_addrs *own, const struct own_addrs *from);

/*
 * Adds the addresses of all devices of the namespace to which a socket of the protocol NETLINK_ROUTE
 * belongs (rtnetlink(7)).  Returns 0 or -errno.
 */
int own_addrs_ask(struct own_addrs *own, uint16_t netns, int fd);

/*
 * Adds those of the namespace in which a process lives, from its net/fib_trie and net/if_inet6, which
 * everybody may read; folder is a descriptor of /proc/PID.  Returns 0, or -errno if neither was read.
 */
int own_addrs_read(struct own_addrs *own, uint16_t netns, int folder);

/* After the last one was added, before the first question. */
void own_addrs_sort(struct own_addrs *own);

/* All that are equal to the address, one of each namespace that has it; *n is 0 where none has. */
const struct own_addr *own_addrs_find(const struct own_addrs *own, enum addr_family family,
				      const struct addr *addr, size_t *n);

/* Does the namespace have the address, or is it a loopback address? */
bool own_addrs_has(const struct own_addrs *own, uint16_t netns, enum addr_family family,
		   const struct addr *addr);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves host names to addresses, with a time limit. */
#ifndef PORTSTAT_RESOLVE_HOST_ADDRS_H
#define PORTSTAT_RESOLVE_HOST_ADDRS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

/* Further addresses of a name are ignored. */
#define HOST_ADDRS_MAX 16

struct host_addr {
	enum addr_family family;
	struct addr addr;
};

/*
 * Could this be the name of a host (RFC 1123 section 2.1)?  Letters, digits, dots, hyphens, and the
 * underscore that some have; a letter in its last label, for without it would be an address.
 */
bool host_is_name(const char *name, size_t len);

/* Looks names up, each once, and waits for all of them together no longer than it may. */
struct host_finder {
	unsigned int left_ms;
	struct host_found *found; /* what was looked up, the last one first */
};

/*
 * The addresses of a host name, as getaddrinfo(3) knows them: /etc/hosts, DNS, whatever
 * nsswitch.conf(5) says.  A lookup that hangs is abandoned.  Sets *list, borrowed until
 * host_finder_fini(), and returns how many there are: 0 where there is none or the answer did not come
 * in time.
 */
size_t host_finder_addrs(struct host_finder *f, const char *name, size_t len,
			 const struct host_addr **list);

void host_finder_fini(struct host_finder *f);

#endif

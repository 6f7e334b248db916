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
 * Is this a valid host name (RFC 1123 section 2.1): letters, digits, dots, hyphens, and
 * underscores, which some hosts use?  The last label must have a letter; otherwise the name would
 * be an address.
 */
bool host_is_name(const char *name, size_t len);

/*
 * Resolves names, each once.  Set left_ms to the time in milliseconds that all lookups together may
 * take, and the rest to 0.
 */
struct host_finder {
	unsigned int left_ms;
	struct host_found *found; /* the names resolved so far, most recent first */
};

/*
 * The addresses of a host name according to getaddrinfo(3): /etc/hosts, DNS, or whatever
 * nsswitch.conf(5) configures.  A lookup that exceeds the time is abandoned.  Sets *list, borrowed
 * until host_finder_fini(), and returns its length: 0 if the name has no address or the answer did
 * not arrive in time.
 */
size_t host_finder_addrs(struct host_finder *f, const char *name, size_t len,
			 const struct host_addr **list);

void host_finder_fini(struct host_finder *f);

#endif

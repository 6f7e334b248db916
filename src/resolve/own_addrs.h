/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which addresses are this network namespace's own. */
#ifndef PORTSTAT_RESOLVE_OWN_ADDRS_H
#define PORTSTAT_RESOLVE_OWN_ADDRS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

struct own_addr {
	enum addr_family family;
	struct addr addr;
};

/* Zero-initialised is empty and ready. */
struct own_addrs {
	struct own_addr *list;
	size_t n;
	size_t cap;
};

void own_addrs_fini(struct own_addrs *own);

/* Asks for the addresses of all devices (getifaddrs(3)), anew; where they do not come there are none. */
void own_addrs_read(struct own_addrs *own);

/* Is it one of these, or a loopback address? */
bool own_addrs_has(const struct own_addrs *own, enum addr_family family, const struct addr *addr);

#endif

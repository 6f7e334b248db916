/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which addresses are this network namespace's own. */
#include <config.h>

#include "resolve/own_addrs.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void own_addrs_fini(struct own_addrs *own)
{
	free(own->list);
	*own = (struct own_addrs){ 0 };
}

static bool take(const struct sockaddr *from, struct own_addr *out)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	*out = (struct own_addr){ .family = ADDR_INET };
	if (from && from->sa_family == AF_INET) {
		memcpy(&in, from, sizeof(in));
		memcpy(out->addr.bytes, &in.sin_addr, sizeof(in.sin_addr));
		return true;
	}
	if (!from || from->sa_family != AF_INET6)
		return false;
	out->family = ADDR_INET6;
	memcpy(&in6, from, sizeof(in6));
	memcpy(out->addr.bytes, &in6.sin6_addr, sizeof(in6.sin6_addr));
	return true;
}

void own_addrs_read(struct own_addrs *own)
{
	struct ifaddrs *first;

	own->n = 0;
	if (getifaddrs(&first))
		return;
	for (const struct ifaddrs *at = first; at; at = at->ifa_next) {
		own->list = mem_grow(own->list, own->n, &own->cap, sizeof(*own->list));
		if (take(at->ifa_addr, &own->list[own->n]))
			own->n++;
	}
	freeifaddrs(first);
}

bool own_addrs_has(const struct own_addrs *own, enum addr_family family, const struct addr *addr)
{
	if (addr_is_loopback(family, addr))
		return true;
	for (size_t i = 0; i < own->n; i++)
		if (!addr_compare(own->list[i].family, &own->list[i].addr, family, addr))
			return true;
	return false;
}

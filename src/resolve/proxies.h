/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proxies that container runtimes start for published ports, by their command lines, which
 * everybody may read.
 */
#ifndef PORTSTAT_RESOLVE_PROXIES_H
#define PORTSTAT_RESOLVE_PROXIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "resolve/forward_by.h"
#include "resolve/nat_target.h"

struct proxy_port {
	uint8_t proto; /* IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP */
	enum addr_family family;
	struct addr addr; /* all zero: every address */
	uint16_t first;
	uint16_t last;
	struct nat_target
		leads_to; /* without an address: in the network namespace that the proxy serves */
};

struct proxy {
	enum forward_by by;
	struct proxy_port *list; /* empty where the command line does not tell */
	size_t n;
	size_t cap;
};

/*
 * Is a process of this name (/proc/PID/comm, at most 15 bytes) with these arguments
 * (/proc/PID/cmdline: each ends with a zero byte) such a proxy?  Then *out is what it says of
 * itself, to be freed with proxy_fini(); else it is empty. Anybody can call a process so: believe
 * it of sockets that the process holds.
 */
bool proxy_parse(const char *name, size_t name_len, const char *args, size_t args_len,
		 struct proxy *out);

void proxy_fini(struct proxy *proxy);

#endif

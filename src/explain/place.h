/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program would bind, as it would tell socket(2), setsockopt(2) and bind(2). */
#ifndef PORTSTAT_EXPLAIN_PLACE_H
#define PORTSTAT_EXPLAIN_PLACE_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/protos.h"

struct bind_place {
	enum sock_proto proto; /* PROTO_TCP or PROTO_UDP */
	enum addr_family family;
	struct addr addr; /* all zero: the wildcard */
	uint16_t port;
	bool is_v6only; /* IPV6_V6ONLY; only the IPv6 wildcard differs by it */
	bool reuse_addr; /* SO_REUSEADDR */
	bool reuse_port; /* SO_REUSEPORT */
	char device[IF_NAMESIZE]; /* that it is bound to, or the scope of the address; "": none */
};

struct buf;

/* Adds it as listings write it: "127.0.0.1:80", "*:80" (dual stack), "[fe80::1%eth0]:22". */
void place_text(const struct bind_place *place, struct buf *out);

#endif

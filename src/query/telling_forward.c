/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a rule sends on, put together again: a range of addresses and ports, from its text. */
#include <config.h>

#include <netinet/in.h>
#include <string.h>

#include "base/number.h"
#include "model/port_set.h"
#include "query/telling.h"

/* "10.0.0.1", or "10.0.0.1-10.0.0.9". */
static bool parse_addrs(const char *s, size_t n, struct sock *sk)
{
	const char *dash = memchr(s, '-', n);
	size_t first = dash ? (size_t)(dash - s) : n;
	enum addr_family family, other;

	if (addr_parse(s, first, &family, &sk->local.addr))
		return false;
	sk->remote.addr = sk->local.addr;
	sk->family = (uint8_t)family;
	if (!dash)
		return true;
	return !addr_parse(dash + 1, n - first - 1, &other, &sk->remote.addr) && other == family;
}

/* "80", or "8000-8010". */
static bool parse_ports(const char *s, size_t n, struct sock *sk)
{
	const char *dash = memchr(s, '-', n);
	size_t first = dash ? (size_t)(dash - s) : n;
	uint64_t port, last;

	if (number_parse(s, first, PORT_MAX, &port))
		return false;
	last = port;
	if (dash && number_parse(dash + 1, n - first - 1, PORT_MAX, &last))
		return false;
	sk->local.port = (uint16_t)port;
	sk->remote.port = (uint16_t)last;
	return port <= last;
}

#define RANGE_LENGTH_MAX (2U * INET6_ADDRSTRLEN + 16)

bool telling_parse_range(const char *s, size_t n, struct sock *sk)
{
	/* Two addresses, two ports, and what stands between them. */
	const char *colon = n && n <= RANGE_LENGTH_MAX ? memrchr(s, ':', n) : NULL;
	size_t len = colon ? (size_t)(colon - s) : 0;
	struct sock parsed = *sk;

	if (!colon || !parse_ports(colon + 1, n - len - 1, &parsed))
		return false;
	if (len > 1 && *s == '[' && s[len - 1] == ']') {
		s++;
		len -= 2;
	}
	if (!parse_addrs(s, len, &parsed))
		return false;
	*sk = parsed;
	return true;
}

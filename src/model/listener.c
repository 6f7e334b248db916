/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which listener owns a connection, scored as the kernel scores it. */
#include <config.h>

#include "model/listener.h"

/* LOOPBACK_IFINDEX of include/net/net_namespace.h: the same in every network namespace. */
#define LOOPBACK_INDEX 1U

/* The criteria of a score, least important first; each outweighs all before it together. */
enum {
	FIT = 1,
	FIT_FAMILY = 1 << 1,
	FIT_UNBOUND = 1 << 2,
	FIT_DEVICE = 1 << 3,
	FIT_ADDR = 1 << 4,
	FIT_LISTENING = 1 << 5, /* not merely bound, as a TCP socket before listen(2) is */
};

/* One end of a connection, and the device on which its packets arrive. */
struct end {
	const struct sock *sk;
	const struct endpoint *at;
	uint32_t ifindex; /* 0: none */
	bool is_device_known;
};

/*
 * Packets for a loopback address arrive on lo.  Those for another local address arrive on the
 * device that has the address, even from this host (orig_oif in ip_route_output_key_hash_rcu());
 * which device that is we do not know here.
 */
static struct end end_of(const struct sock *sk, const struct endpoint *at, bool is_device_known)
{
	struct end end = { sk, at, sk->ifindex, is_device_known || sk->ifindex };

	if (end.is_device_known || !addr_is_loopback((enum addr_family)sk->family, &at->addr))
		return end;
	end.ifindex = LOOPBACK_INDEX;
	end.is_device_known = true;
	return end;
}

static unsigned int device_fit(const struct sock *listener, const struct end *end)
{
	if (!listener->ifindex)
		return FIT | FIT_UNBOUND;
	if (!end->is_device_known)
		return FIT;
	return listener->ifindex == end->ifindex ? FIT | FIT_DEVICE : 0;
}

static unsigned int addr_fit(const struct sock *listener, const struct end *end)
{
	enum addr_family family = (enum addr_family)end->sk->family;
	unsigned int same = listener->family == family ? FIT | FIT_FAMILY : FIT;
	struct addr plain;

	if (!addr_is_any(&listener->local.addr)) {
		bool is_same = !addr_compare((enum addr_family)listener->family,
					     &listener->local.addr, family, &end->at->addr);

		return is_same ? same | FIT_ADDR : 0;
	}
	family = addr_unmap(family, &end->at->addr, &plain);
	if (listener->family == ADDR_INET)
		return family == ADDR_INET ? same : 0;
	/* IPv6 raw sockets never serve IPv4 (net/ipv6/raw.c). */
	if (family == ADDR_INET && (listener->proto == PROTO_RAW ||
				    (sock_has(listener, SOCK_HAS_V6ONLY) && listener->v6only)))
		return 0;
	return same;
}

static unsigned int fit(const struct sock *listener, const struct end *end)
{
	unsigned int device, addr;

	if (!sock_is_serving(listener) || listener->proto != end->sk->proto ||
	    listener->netns != end->sk->netns || listener->ip_protocol != end->sk->ip_protocol ||
	    listener->local.port != end->at->port)
		return 0;
	device = device_fit(listener, end);
	addr = addr_fit(listener, end);
	if (!device || !addr)
		return 0;
	return device | addr | (listener->state == SOCK_STATE_LISTEN ? FIT_LISTENING : 0);
}

unsigned int listener_fit(const struct sock *listener, const struct sock *sk)
{
	/*
	 * A connection inherits its listener's device (inet_request_bound_dev_if()), so an unbound
	 * connection was accepted by an unbound listener.  Datagram and raw sockets do not inherit.
	 */
	bool is_inherited = listener->state == SOCK_STATE_LISTEN && sock_has(sk, SOCK_HAS_IFACE);
	struct end end = end_of(sk, &sk->local, is_inherited);

	return fit(listener, &end);
}

unsigned int listener_fit_peer(const struct sock *listener, const struct sock *sk)
{
	struct end end = end_of(sk, &sk->remote, false);

	return fit(listener, &end);
}

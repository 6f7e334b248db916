/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two ends of a socket, column by column: addresses, ports, the interface, who can reach it. */
#include <config.h>

#include "query/column_values.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/vocab.h"
#include "query/snapshot.h"
#include "query/told.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"

static void set_addr(struct value *out, const struct sock *sk, const struct addr *addr)
{
	out->kind = VALUE_ADDR;
	out->addr.addr = addr;
	out->addr.family = (enum addr_family)sk->family;
}

#define UNUSED (void)c, (void)snap, (void)i

GETTER(get_local_addr)
{
	UNUSED;
	if (sock_has_one_addr(row->sk))
		set_addr(out, row->sk, &row->sk->local.addr);
}

GETTER(get_local_port)
{
	UNUSED;
	if (proto_has_ports((enum sock_proto)row->sk->proto) && sock_has_one_port(row->sk))
		value_set_number(out, row->sk->local.port);
}

GETTER(get_peer_addr)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_PEER))
		set_addr(out, row->sk, &row->sk->remote.addr);
}

GETTER(get_peer_port)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_PEER) && proto_has_ports((enum sock_proto)row->sk->proto))
		value_set_number(out, row->sk->remote.port);
}

GETTER(get_dual_stack)
{
	const struct sock *sk = row->sk;

	UNUSED;
	if (sk->family != ADDR_INET6 || !sock_has(sk, SOCK_HAS_V6ONLY) ||
	    !addr_is_any(&sk->local.addr))
		return;
	out->kind = VALUE_BOOL;
	out->truth = sock_is_dual_stack(sk);
}

__attribute__((cold)) static const char *told_iface(const struct snapshot *snap,
						    const struct sock *sk)
{
	return snap->resolved & NEED_IFACES ? told_text(snap, sk, TOLD_IFACE) : NULL;
}

static inline const char *iface_name(const struct snapshot *snap, const struct sock *sk)
{
	if (snap->told)
		return told_iface(snap, sk);
	if (!sock_has(sk, SOCK_HAS_IFACE) || !sk->ifindex || !(snap->resolved & NEED_IFACES))
		return NULL;
	return ifaces_name(snap->names->ifaces, sk->netns, sk->ifindex);
}

GETTER(get_iface)
{
	UNUSED;
	value_set_text(out, iface_name(snap, row->sk));
}

GETTER(get_port_class)
{
	UNUSED;
	if (proto_has_ports((enum sock_proto)row->sk->proto) && sock_has_one_port(row->sk))
		value_set_text(out, port_class_words[port_class_of(row->sk->local.port)]);
}

/* ::ffff:0.0.0.0 accepts on every IPv4 address, as 0.0.0.0 does. */
static bool is_wildcard(const struct addr *addr)
{
	static const uint8_t mapped_any[16] = { [10] = 0xff, [11] = 0xff };

	return addr_is_any(addr) || !memcmp(addr->bytes, mapped_any, sizeof(mapped_any));
}

GETTER(get_reach)
{
	const struct sock *sk = row->sk;

	UNUSED;
	if (!sock_is_serving(sk))
		return;
	if (addr_is_loopback((enum addr_family)sk->family, &sk->local.addr))
		value_set_text(out, "host");
	else if (!is_wildcard(&sk->local.addr))
		value_set_text(out, "net");
	else if (!sock_has(sk, SOCK_HAS_IFACE))
		return; /* it may be bound to the loopback interface */
	else if (sk->ifindex && (snap->resolved & NEED_IFACES) &&
		 ifaces_is_loopback(snap->names->ifaces, sk->netns, sk->ifindex))
		value_set_text(out, "host");
	else
		value_set_text(out, "all");
}

/* 0.0.0.0:80, [::1]:80, [fe80::1%eth0]:22, *:80 for both families, 10.0.0.1 without ports. */
struct endpoint_cell {
	const struct sock *sk;
	const struct endpoint *end;
	const char *iface; /* NULL: do not show one */
	bool is_both_families;
	bool is_exact; /* do not convert a v4-mapped address */
};

/* ":80"; of a rule for several ports ":8000-8010" or ":*". */
static void ports_text(const struct endpoint_cell *cell, struct buf *out)
{
	uint16_t first = cell->end->port, last = cell->sk->remote.port;

	buf_char(out, ':');
	if (sock_has_one_port(cell->sk)) {
		buf_u64(out, first);
	} else if (!first && last == PORT_MAX) {
		buf_char(out, '*');
	} else {
		buf_u64(out, first);
		buf_char(out, '-');
		buf_u64(out, last);
	}
}

static void endpoint_text(const struct endpoint_cell *cell, struct buf *out)
{
	enum addr_family family = (enum addr_family)cell->sk->family;
	const struct addr *addr = &cell->end->addr;
	struct addr plain;
	bool has_brackets;

	if (family == ADDR_INET6 && !cell->is_exact) {
		family = addr_unmap(family, addr, &plain);
		addr = &plain;
	}
	has_brackets = family == ADDR_INET6 && !cell->is_both_families;
	if (has_brackets)
		buf_char(out, '[');
	if (cell->is_both_families)
		buf_char(out, '*');
	else
		addr_text(out, family, addr);
	if (!sock_has_one_addr(cell->sk)) {
		buf_char(out, '-');
		addr_text(out, family, &cell->sk->remote.addr);
	}
	if (cell->iface) {
		buf_char(out, '%');
		buf_str(out, cell->iface);
	}
	if (has_brackets)
		buf_char(out, ']');
	if (proto_has_ports((enum sock_proto)cell->sk->proto))
		ports_text(cell, out);
}

static void local_text(const struct snapshot *snap, const struct row *row, bool is_exact,
		       struct buf *out)
{
	const struct sock *sk = row->sk;
	struct endpoint_cell cell = {
		.sk = sk,
		.end = &sk->local,
		.iface = iface_name(snap, sk),
		.is_both_families = sock_is_dual_stack(sk),
		.is_exact = is_exact,
	};

	endpoint_text(&cell, out);
}

static void peer_text(const struct snapshot *snap, const struct row *row, bool is_exact,
		      struct buf *out)
{
	const struct sock *sk = row->sk;
	bool is_scoped = addr_is_link_local((enum addr_family)sk->family, &sk->remote.addr);
	struct endpoint_cell cell = {
		.sk = sk,
		.end = &sk->remote,
		.iface = is_scoped ? iface_name(snap, sk) : NULL,
		.is_exact = is_exact,
	};

	if (sock_has(sk, SOCK_HAS_PEER))
		endpoint_text(&cell, out);
	else
		buf_char(out, '-');
}

void text_local(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	local_text(snap, row, false, out);
}

void exact_local(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	local_text(snap, row, true, out);
}

void text_peer(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	peer_text(snap, row, false, out);
}

void exact_peer(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	peer_text(snap, row, true, out);
}

/* IPv4 before IPv6, addresses by their bytes, then the port. */
static int compare_endpoint(const struct row *a, const struct endpoint *x, const struct row *b,
			    const struct endpoint *y)
{
	int order = addr_compare((enum addr_family)a->sk->family, &x->addr,
				 (enum addr_family)b->sk->family, &y->addr);

	return order ? order : (int)x->port - (int)y->port;
}

int compare_local(const struct snapshot *snap, const struct row *a, const struct row *b)
{
	(void)snap;
	return compare_endpoint(a, &a->sk->local, b, &b->sk->local);
}

int compare_peer(const struct snapshot *snap, const struct row *a, const struct row *b)
{
	bool has_a = sock_has(a->sk, SOCK_HAS_PEER), has_b = sock_has(b->sk, SOCK_HAS_PEER);

	(void)snap;
	if (!has_a || !has_b)
		return (int)has_b - (int)has_a;
	return compare_endpoint(a, &a->sk->remote, b, &b->sk->remote);
}

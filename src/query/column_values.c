/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of a socket, column by column. */
#include <config.h>

#include "query/column_values.h"

#include <netinet/in.h>
#include <string.h>

#include "base/buf.h"
#include "base/number.h"
#include "base/text.h"
#include "model/ip_protocol.h"
#include "model/vocab.h"
#include "query/snapshot.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"
#include "resolve/users.h"

static void set_text(struct value *out, const char *text)
{
	if (!text)
		return;
	out->kind = VALUE_TEXT;
	out->text.bytes = text;
	out->text.len = strlen(text);
}

static void set_number(struct value *out, uint64_t number)
{
	out->kind = VALUE_NUMBER;
	out->number = number;
}

static void set_addr(struct value *out, const struct sock *sk, const struct addr *addr)
{
	out->kind = VALUE_ADDR;
	out->addr.addr = addr;
	out->addr.family = (enum addr_family)sk->family;
}

#define GETTER(name)                                                                          \
	void name(const struct column *c, const struct snapshot *snap, const struct row *row, \
		  size_t i, struct value *out)
#define UNUSED (void)c, (void)snap, (void)i

GETTER(get_proto)
{
	UNUSED;
	set_text(out, proto_name((enum sock_proto)row->sk->proto));
}

GETTER(get_family)
{
	UNUSED;
	set_text(out, family_name((enum addr_family)row->sk->family));
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

GETTER(get_state)
{
	UNUSED;
	set_text(out, state_name((enum sock_state)row->sk->state));
}

GETTER(get_local_addr)
{
	UNUSED;
	set_addr(out, row->sk, &row->sk->local.addr);
}

GETTER(get_local_port)
{
	UNUSED;
	if (proto_has_ports((enum sock_proto)row->sk->proto))
		set_number(out, row->sk->local.port);
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
		set_number(out, row->sk->remote.port);
}

GETTER(get_ip_protocol)
{
	UNUSED;
	if (row->sk->proto == PROTO_RAW)
		set_number(out, row->sk->ip_protocol);
}

static const char *iface_name(const struct snapshot *snap, const struct sock *sk)
{
	if (!sock_has(sk, SOCK_HAS_IFACE) || !sk->ifindex || !(snap->resolved & NEED_IFACES))
		return NULL;
	return ifaces_name(snap->names->ifaces, sk->ifindex);
}

GETTER(get_iface)
{
	UNUSED;
	set_text(out, iface_name(snap, row->sk));
}

GETTER(get_service)
{
	UNUSED;
	set_text(out, row_service(snap, row));
}

/* A raw socket has no port: what it receives stands in the place of the service. */
static const char *service_word(const struct snapshot *snap, const struct row *row)
{
	if (row->sk->proto != PROTO_RAW)
		return row_service(snap, row);
	return snap->resolved & NEED_SERVICES ? ip_protocol_name(row->sk->ip_protocol) : NULL;
}

void text_service(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const char *word = service_word(snap, row);

	if (word)
		buf_str(out, word);
	else if (row->sk->proto == PROTO_RAW)
		buf_u64(out, row->sk->ip_protocol);
	else
		buf_char(out, '-');
}

/* By name; what has none stands last, raw sockets by their number. */
int compare_service(const struct snapshot *snap, const struct row *a, const struct row *b)
{
	const char *x = service_word(snap, a), *y = service_word(snap, b);

	if (x && y)
		return strcmp(x, y);
	if (x || y)
		return x ? -1 : 1;
	return (int)a->sk->ip_protocol - (int)b->sk->ip_protocol;
}

GETTER(get_host)
{
	UNUSED;
	(void)row;
	set_text(out, snap->host);
}

GETTER(get_port_class)
{
	UNUSED;
	if (proto_has_ports((enum sock_proto)row->sk->proto))
		set_text(out, port_class_words[port_class_of(row->sk->local.port)]);
}

/* ::ffff:0.0.0.0 serves every IPv4 address, as 0.0.0.0 does. */
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
		set_text(out, "host");
	else if (!is_wildcard(&sk->local.addr))
		set_text(out, "net");
	else if (!sock_has(sk, SOCK_HAS_IFACE))
		return; /* a wildcard on the loopback device reaches no further */
	else if (sk->ifindex && (snap->resolved & NEED_IFACES) &&
		 ifaces_is_loopback(snap->names->ifaces, sk->ifindex))
		set_text(out, "host");
	else
		set_text(out, "all");
}

GETTER(get_recv_q)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_QUEUES))
		set_number(out, row->sk->recv_q);
}

GETTER(get_send_q)
{
	UNUSED;
	/* /proc/net does not tell how many connections may wait at a listener. */
	if (sock_has(row->sk, SOCK_HAS_QUEUES) &&
	    !(sock_has(row->sk, SOCK_FROM_PROCFS) && row->sk->state == SOCK_STATE_LISTEN))
		set_number(out, row->sk->send_q);
}

GETTER(get_uid)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_UID))
		set_number(out, row->sk->uid);
}

GETTER(get_user)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_UID) && (snap->resolved & NEED_USERS))
		set_text(out, users_name(snap->names->users, row->sk->uid));
}

GETTER(get_inode)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_INODE))
		set_number(out, row->sk->inode);
}

GETTER(get_mark)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_MARK))
		set_number(out, row->sk->mark);
}

GETTER(get_netns)
{
	UNUSED;
	(void)row;
	if (snap->netns)
		set_number(out, snap->netns);
}

GETTER(get_cookie)
{
	struct buf text = { .data = out->room, .cap = sizeof(out->room) };

	UNUSED;
	if (!sock_has(row->sk, SOCK_HAS_COOKIE))
		return;
	buf_hex(&text, row->sk->cookie, 16);
	out->kind = VALUE_TEXT;
	out->text.bytes = out->room;
	out->text.len = text.len;
}

bool has_timer(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	(void)c, (void)snap;
	return sock_has(row->sk, SOCK_HAS_TIMER) && row->sk->timer != SOCK_TIMER_NONE;
}

GETTER(get_timer_kind)
{
	const char *name = timer_name(row->sk->timer);

	(void)i;
	if (!has_timer(c, snap, row))
		return;
	if (name)
		set_text(out, name);
	else
		set_number(out, row->sk->timer);
}

GETTER(get_timer_expires)
{
	(void)i;
	if (has_timer(c, snap, row))
		set_number(out, row->sk->timer_ms);
}

GETTER(get_timer_retransmits)
{
	(void)i;
	if (has_timer(c, snap, row))
		set_number(out, row->sk->retransmits);
}

void text_state(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	(void)snap;
	buf_str(out, state_title((enum sock_state)row->sk->state));
}

/* 0.0.0.0:80, [::1]:80, [fe80::1%eth0]:22, *:80 for both families, 10.0.0.1 without ports. */
struct endpoint_cell {
	const struct sock *sk;
	const struct endpoint *end;
	const char *iface; /* NULL: none is said */
	bool is_both_families;
	bool is_exact; /* a v4-mapped address stays one */
};

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
	if (cell->iface) {
		buf_char(out, '%');
		buf_str(out, cell->iface);
	}
	if (has_brackets)
		buf_char(out, ']');
	if (proto_has_ports((enum sock_proto)cell->sk->proto)) {
		buf_char(out, ':');
		buf_u64(out, cell->end->port);
	}
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

void text_user(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	struct value value = { .kind = VALUE_NULL };

	get_user(NULL, snap, row, 0, &value);
	if (value.kind == VALUE_TEXT)
		buf_add(out, value.text.bytes, value.text.len);
	else if (sock_has(row->sk, SOCK_HAS_UID))
		buf_u64(out, row->sk->uid);
	else
		buf_char(out, '-');
}

/* As ss(8) writes it: keepalive,12s,0. */
void text_timer(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const char *name = timer_name(row->sk->timer);
	uint32_t ms = row->sk->timer_ms;

	if (!has_timer(NULL, snap, row)) {
		buf_char(out, '-');
		return;
	}
	if (name)
		buf_str(out, name);
	else
		buf_u64(out, row->sk->timer);
	if (ms < 1000)
		buf_printf(out, ",%ums", ms);
	else if (ms < 60000)
		buf_printf(out, ",%u.%us", ms / 1000, ms % 1000 / 100);
	else
		buf_printf(out, ",%um%us", ms / 60000, ms % 60000 / 1000);
	buf_printf(out, ",%u", row->sk->retransmits);
}

int compare_proto(const struct snapshot *snap, const struct row *a, const struct row *b)
{
	(void)snap;
	return (int)a->sk->proto - (int)b->sk->proto;
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes an inet_diag message, of the kernel or a recording, into a socket of the table. */
#include <config.h>

#include "source/diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "model/sock_table.h"
#include "model/sock_traffic.h"
#include "source/sock_normalize.h"
#include "source/sctp.h"

/* linux/inet_diag.h, since 5.8 */
#define ATTR_CGROUP_ID 21

/* INET_DIAG_LOCALS and _PEERS are arrays of struct sockaddr_storage (net/sctp/diag.c). */
#define SCTP_ADDR_SIZE 128
#define SCTP_ADDR_V4_AT 4
#define SCTP_ADDR_V6_AT 8

struct bytes {
	const uint8_t *data; /* NULL: there is no such attribute */
	size_t len;
};

/* The attributes of one message that we use. */
struct attrs {
	struct bytes extra[SOCK_EXTRA_COUNT];
	struct bytes locals;
	struct bytes peers;
};

/* An attribute's u32 or u64 may be unaligned. */
static bool read_u32(const struct bytes *attr, uint32_t *out)
{
	if (attr->len < sizeof(*out))
		return false;
	memcpy(out, attr->data, sizeof(*out));
	return true;
}

static bool read_u64(const struct bytes *attr, uint64_t *out)
{
	if (attr->len < sizeof(*out))
		return false;
	memcpy(out, attr->data, sizeof(*out));
	return true;
}

/* Sets the socket's field or notes where the attribute is.  Ignores unknown ones. */
static void take_attr(unsigned int type, const struct bytes *attr, struct sock *sk,
		      struct attrs *attrs)
{
	unsigned int known = 0;

	switch (type) {
	case INET_DIAG_INFO:
		if (proto_rows[sk->proto].extras & SOCK_EXTRA_BIT(SOCK_EXTRA_TCP_INFO))
			attrs->extra[SOCK_EXTRA_TCP_INFO] = *attr;
		if (proto_rows[sk->proto].extras & SOCK_EXTRA_BIT(SOCK_EXTRA_MPTCP))
			attrs->extra[SOCK_EXTRA_MPTCP] = *attr;
		break;
	case INET_DIAG_CONG:
		attrs->extra[SOCK_EXTRA_CONGESTION] = *attr;
		break;
	case INET_DIAG_SKMEMINFO:
		attrs->extra[SOCK_EXTRA_MEMORY] = *attr;
		break;
	case INET_DIAG_LOCALS:
		attrs->locals = *attr;
		break;
	case INET_DIAG_PEERS:
		attrs->peers = *attr;
		break;
	case INET_DIAG_SHUTDOWN:
		if (attr->len) {
			sk->shutdown = attr->data[0];
			known = SOCK_HAS_SHUTDOWN;
		}
		break;
	case INET_DIAG_PROTOCOL:
		if (attr->len && sk->proto == PROTO_RAW)
			sk->ip_protocol = attr->data[0];
		break;
	case INET_DIAG_SKV6ONLY:
		if (attr->len) {
			sk->v6only = attr->data[0] != 0;
			known = SOCK_HAS_V6ONLY;
		}
		break;
	case INET_DIAG_MARK:
		known = read_u32(attr, &sk->mark) ? SOCK_HAS_MARK : 0;
		break;
	case ATTR_CGROUP_ID:
		known = read_u64(attr, &sk->cgroup) ? SOCK_HAS_CGROUP : 0;
		break;
	}
	sk->known = (uint16_t)(sk->known | known);
}

/* Not libmnl's loop: it casts lengths to int, and these are untrusted, so compare unsigned. */
static int take_attrs(const uint8_t *p, size_t left, struct sock *sk, struct attrs *attrs)
{
	while (left >= sizeof(struct nlattr)) {
		struct nlattr head;
		struct bytes attr;
		size_t step;

		memcpy(&head, p, sizeof(head));
		if (head.nla_len < sizeof(head) || head.nla_len > left)
			return -EBADMSG;
		attr = (struct bytes){ p + sizeof(head), head.nla_len - sizeof(head) };
		take_attr(head.nla_type & NLA_TYPE_MASK, &attr, sk, attrs);
		step = NLA_ALIGN((size_t)head.nla_len);
		if (step >= left)
			break;
		p += step;
		left -= step;
	}
	return 0;
}

static void set_endpoint(struct endpoint *end, uint8_t family, const __be32 *addr, __be16 port)
{
	memcpy(end->addr.bytes, addr, family == ADDR_INET ? 4 : 16);
	end->port = ntohs(port);
}

static int set_fields(struct sock *sk, const struct inet_diag_msg *msg)
{
	const struct inet_diag_sockid *id = &msg->id;

	if (msg->idiag_family == AF_INET6)
		sk->family = ADDR_INET6;
	else if (msg->idiag_family != AF_INET)
		return -EPROTO;
	set_endpoint(&sk->local, sk->family, id->idiag_src, id->idiag_sport);
	set_endpoint(&sk->remote, sk->family, id->idiag_dst, id->idiag_dport);
	sk->cookie = (uint64_t)id->idiag_cookie[1] << 32 | id->idiag_cookie[0];
	sk->ifindex = id->idiag_if;
	sk->timer = msg->idiag_timer;
	sk->retransmits = msg->idiag_retrans;
	sk->timer_ms = msg->idiag_expires;
	sk->recv_q = msg->idiag_rqueue;
	sk->send_q = msg->idiag_wqueue;
	sk->uid = msg->idiag_uid;
	sk->inode = msg->idiag_inode;
	sk->known =
		SOCK_HAS_UID | SOCK_HAS_INODE | SOCK_HAS_QUEUES | SOCK_HAS_IFACE | SOCK_HAS_TIMER;
	if (sk->cookie && sk->cookie != UINT64_MAX)
		sk->known |= SOCK_HAS_COOKIE;
	return 0;
}

/* Address i of an SCTP address list, in the socket's family.  False after the last one. */
static bool sctp_addr(const struct bytes *list, size_t i, uint8_t family, struct addr *out)
{
	const uint8_t *at;
	sa_family_t list_family;

	if (list->len / SCTP_ADDR_SIZE <= i)
		return false;
	at = list->data + i * SCTP_ADDR_SIZE;
	*out = (struct addr){ 0 };
	memcpy(&list_family, at, sizeof(list_family));
	if (list_family == AF_INET6 && family == ADDR_INET6) {
		memcpy(out->bytes, at + SCTP_ADDR_V6_AT, 16);
	} else if (list_family == AF_INET) {
		if (family == ADDR_INET6)
			out->bytes[10] = out->bytes[11] = 0xff;
		memcpy(out->bytes + (family == ADDR_INET6 ? 12 : 0), at + SCTP_ADDR_V4_AT, 4);
	}
	return true;
}

/* Sets the address to the first of the list, if the fixed part of the message has none. */
static void set_sctp_addr(struct addr *out, uint8_t family, const struct bytes *list)
{
	struct addr first;

	if (addr_is_any(out) && sctp_addr(list, 0, family, &first))
		*out = first;
}

/*
 * The message of an association has the first of the socket's addresses, read as one of the
 * socket's family, which it need not be (inet_diag_msg_sctpasoc_fill()).  The address in use is
 * that of its endpoint, the message right before it, if that is connected.  Otherwise take the
 * likeliest.
 */
static void set_sctp_local(struct sock *sk, const struct bytes *list,
			   const struct diag_endpoint *endpoint)
{
	unsigned int best = 0;
	struct addr own;

	if (endpoint && sk->cookie && endpoint->cookie == sk->cookie &&
	    endpoint->family == sk->family && !addr_is_any(&endpoint->local)) {
		sk->local.addr = endpoint->local;
		return;
	}
	for (size_t i = 0; sctp_addr(list, i, sk->family, &own); i++) {
		unsigned int fit = sctp_fit((enum addr_family)sk->family, &own, &sk->remote.addr);

		if (fit > best && !addr_is_any(&own)) {
			best = fit;
			sk->local.addr = own;
		}
	}
}

/* Is an endpoint in this state not connected, so that its address says nothing of associations? */
static bool is_unconnected(unsigned int state)
{
	return state == SOCK_STATE_LISTEN || state == SOCK_STATE_CLOSE;
}

/*
 * sctp_diag reports endpoints and associations.  An association has INET_DIAG_PEERS; its timer is
 * the retransmission of data, its interface that of the route, and its cookie its endpoint's, so it
 * is not an identity.  Returns the state, or 0 to skip a connected endpoint: its association has
 * all that it has.
 */
static unsigned int take_sctp(struct sock *sk, unsigned int state, const struct attrs *attrs,
			      struct diag_endpoint *endpoint)
{
	if (!attrs->peers.data) {
		if (endpoint)
			*endpoint =
				(struct diag_endpoint){ sk->cookie, sk->family, sk->local.addr };
		if (endpoint && is_unconnected(state))
			endpoint->local = (struct addr){ 0 };
		set_sctp_addr(&sk->local.addr, sk->family, &attrs->locals);
		return is_unconnected(state) ? state : 0;
	}
	set_sctp_addr(&sk->remote.addr, sk->family, &attrs->peers);
	set_sctp_local(sk, &attrs->locals, endpoint);
	sk->known &= (uint16_t) ~(SOCK_HAS_COOKIE | SOCK_HAS_IFACE);
	if (addr_is_link_local((enum addr_family)sk->family, &sk->local.addr))
		sk->known |= SOCK_HAS_IFACE;
	if (sk->timer)
		sk->timer = SOCK_TIMER_ON;
	return sctp_state(state);
}

static void attach(struct sock_table *table, const struct sock *sk, unsigned int extras,
		   const struct attrs *attrs)
{
	const struct bytes *info = &attrs->extra[SOCK_EXTRA_TCP_INFO];
	struct sock_traffic traffic;

	if ((extras & SOCK_EXTRA_BIT(SOCK_EXTRA_TRAFFIC)) && info->data &&
	    sk->state != SOCK_STATE_LISTEN) {
		sock_traffic_read(&traffic, info->data, info->len);
		sock_table_attach(table, SOCK_EXTRA_TRAFFIC, &traffic, sizeof(traffic));
	}
	if (extras & SOCK_EXTRA_BIT(SOCK_EXTRA_DROPS) && sk->proto == PROTO_UDP)
		extras |= SOCK_EXTRA_BIT(SOCK_EXTRA_MEMORY);
	for (unsigned int i = 0; i < SOCK_EXTRA_COUNT; i++) {
		const struct bytes *extra = &attrs->extra[i];
		size_t len = extra->len;

		if (!extra->data || !(extras & SOCK_EXTRA_BIT(i)))
			continue;
		if (i == SOCK_EXTRA_CONGESTION)
			len = strnlen((const char *)extra->data, len);
		sock_table_attach(table, (enum sock_extra)i, extra->data, len);
	}
}

int diag_add(struct sock_table *table, const struct diag_wanted *wanted, const void *payload,
	     size_t len)
{
	struct sock sk = { .proto = (uint8_t)wanted->proto, .netns = wanted->netns };
	struct attrs attrs = { 0 };
	struct inet_diag_msg msg;
	unsigned int state;
	int err;

	if (len < sizeof(msg))
		return -EBADMSG;
	memcpy(&msg, payload, sizeof(msg));
	err = set_fields(&sk, &msg);
	if (err || !(wanted->families & FAMILY_BIT(sk.family)))
		return err;
	if (len > NLMSG_ALIGN(sizeof(msg))) {
		err = take_attrs((const uint8_t *)payload + NLMSG_ALIGN(sizeof(msg)),
				 len - NLMSG_ALIGN(sizeof(msg)), &sk, &attrs);
		if (err)
			return err;
	}
	state = msg.idiag_state;
	if (proto_has_associations(wanted->proto)) {
		state = take_sctp(&sk, state, &attrs, wanted->endpoint);
		if (!state)
			return 0;
	}
	err = sock_normalize(&sk, state, wanted->orphans_have_uid);
	if (err || !(wanted->states & STATE_BIT(sk.state)))
		return err;
	if (sock_table_add(table, &sk))
		attach(table, &sk, wanted->extras, &attrs);
	return 0;
}

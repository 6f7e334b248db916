/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans the dumps that a query needs, and encodes and decodes their netlink requests. */
#include <config.h>

#include "source/request.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "model/vocab.h"
#include "source/source.h"

/* linux/inet_diag.h, since 5.9 */
#define REQ_PROTOCOL 3

#define LISTEN STATE_BIT(SOCK_STATE_LISTEN)
#define NOT_CONNECTED (STATE_BIT(SOCK_STATE_BOUND) | STATE_BIT(SOCK_STATE_CLOSE))
#define DATAGRAM_STATES (STATE_BIT(SOCK_STATE_ESTABLISHED) | STATE_BIT(SOCK_STATE_BOUND))

static size_t add(struct request *out, const struct request *r)
{
	if (!r->states)
		return 0;
	*out = *r;
	return 1;
}

/* Many TCP connections are split further, so that two sockets can share the work. */
static size_t plan_connections(struct request *out, struct request r, uint16_t split_port)
{
	struct request bound = r;
	size_t n;

	if (!split_port || r.proto != PROTO_TCP)
		return add(out, &r);
	/* The kernel lists these from another table, which contains all connections again. */
	bound.states &= STATE_BIT(SOCK_STATE_BOUND);
	n = add(out, &bound);
	r.states &= ~STATE_BIT(SOCK_STATE_BOUND);
	r.part = (struct port_range){ 0, (uint16_t)(split_port - 1) };
	n += add(out + n, &r);
	r.part = (struct port_range){ split_port, PORT_MAX };
	return n + add(out + n, &r);
}

static size_t plan_one(struct request *out, struct request r, uint16_t split_port)
{
	struct request listening = r;
	size_t n;

	if (proto_is_datagram(r.proto)) {
		r.states &= DATAGRAM_STATES;
		r.is_listeners_only = true;
		return add(out, &r);
	}
	if (!proto_is_like_tcp(r.proto))
		return add(out, &r);
	/* Separate, so that the kernel need not walk its table of connections, which is large. */
	listening.states &= LISTEN;
	listening.is_listeners_only = true;
	r.states &= ~LISTEN;
	n = add(out, &listening);
	return n + plan_connections(out + n, r, split_port);
}

static bool is_joinable(const struct request *a, const struct request *b, bool joins_listeners)
{
	return a->proto == PROTO_TCP && b->proto == PROTO_TCP &&
	       (joins_listeners || !a->is_listeners_only) &&
	       a->is_listeners_only == b->is_listeners_only && a->states == b->states &&
	       a->part.first == b->part.first;
}

/*
 * The slow part of a dump is the walk over the table of connections, which has both families.  One
 * request for both takes one walk.  The table of listeners is smaller, but it also has those of all
 * network namespaces: where there are many, these walks are what takes long.
 */
static size_t join_families(struct request *requests, size_t n, bool joins_listeners)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		size_t same = 0;

		while (same < kept && !is_joinable(&requests[same], &requests[i], joins_listeners))
			same++;
		if (same < kept)
			requests[same].families |= requests[i].families;
		else
			requests[kept++] = requests[i];
	}
	return kept;
}

size_t request_plan(const struct source_query *query, uint16_t split_port,
		    struct request out[REQUESTS_MAX])
{
	size_t n = 0;

	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		if (!(query->protos & PROTO_BIT(proto)))
			continue;
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
			struct request r = { .proto = (enum sock_proto)proto,
					     .families = FAMILY_BIT(family),
					     .states = query->states & STATE_ALL };

			if (!(query->families & FAMILY_BIT(family)))
				continue;
			if (query->cond)
				r.states = cond_states(query->cond, r.proto,
						       (enum addr_family)family, r.states);
			n += plan_one(out + n, r, split_port);
		}
	}
	/* Questions aside are asked again and again, as by --wait. */
	return join_families(out, n, query->netns || query->is_aside);
}

static uint32_t ports(struct cond *c, enum cond_kind kind, struct port_range range)
{
	struct cond_node leaf = { .kind = (uint8_t)kind, .ports = { &range, 1, 0 } };

	return range.first <= range.last ? cond_leaf(c, &leaf) : COND_FALSE_AT;
}

/* The local port decides; if it is not ephemeral (by default 32768 and up), the remote one. */
uint32_t request_part_cond(const struct request *r, struct cond *c)
{
	const uint16_t chosen = 32768;
	struct port_range range = r->part;
	uint32_t is_local, is_remote;

	if (!range.last)
		return COND_TRUE_AT;
	is_remote = cond_and(c, ports(c, COND_LOCAL_PORT, (struct port_range){ 0, chosen - 1 }),
			     ports(c, COND_REMOTE_PORT, range));
	if (range.first < chosen)
		range.first = chosen;
	is_local = ports(c, COND_LOCAL_PORT, range);
	return cond_or(c, is_local, is_remote);
}

bool request_split(const struct request *r, enum addr_family family, struct request *out)
{
	if (!(r->families & FAMILY_BIT(family)) || r->families == FAMILY_BIT(family))
		return false;
	*out = *r;
	out->families = FAMILY_BIT(family);
	return true;
}

/*
 * sctp_diag skips a listener that has associations unless these are requested as well, and for
 * datagram sockets the kernel's name for "not connected" is TCP_CLOSE.
 */
static uint32_t kernel_states(const struct request *r)
{
	uint32_t states = r->states;

	if (proto_has_associations(r->proto))
		return STATE_ALL;
	if (proto_is_datagram(r->proto) && (states & NOT_CONNECTED))
		return (states & ~NOT_CONNECTED) | STATE_BIT(SOCK_STATE_CLOSE);
	return states;
}

static unsigned int ext_bit(unsigned int attr)
{
	return 1U << (attr - 1);
}

/* Only extras that the protocol has: INET_DIAG_INFO is a different struct for each. */
static uint8_t ext_bits(enum sock_proto proto, unsigned int extras)
{
	unsigned int told, ext = 0;

	if (extras & SOCK_EXTRA_BIT(SOCK_EXTRA_TRAFFIC))
		extras |= SOCK_EXTRA_BIT(SOCK_EXTRA_TCP_INFO);
	if (extras & SOCK_EXTRA_BIT(SOCK_EXTRA_DROPS) && proto == PROTO_UDP)
		extras |= SOCK_EXTRA_BIT(SOCK_EXTRA_MEMORY);
	told = extras & proto_rows[proto].extras;
	if (told & (SOCK_EXTRA_BIT(SOCK_EXTRA_TCP_INFO) | SOCK_EXTRA_BIT(SOCK_EXTRA_MPTCP)))
		ext |= ext_bit(INET_DIAG_INFO);
	if (told & SOCK_EXTRA_BIT(SOCK_EXTRA_CONGESTION))
		ext |= ext_bit(INET_DIAG_CONG);
	if (extras & SOCK_EXTRA_BIT(SOCK_EXTRA_MEMORY))
		ext |= ext_bit(INET_DIAG_SKMEMINFO);
	return (uint8_t)ext;
}

static void add_attr(struct buf *out, uint16_t type, const void *data, size_t len)
{
	struct nlattr head = { .nla_len = (uint16_t)(NLA_HDRLEN + len), .nla_type = type };

	buf_add(out, (const char *)&head, sizeof(head));
	buf_add(out, data, len);
	buf_fill(out, 0, NLA_ALIGN(len) - len);
}

static void add_by_family(const struct request *r, unsigned int extras, struct buf *out)
{
	struct inet_diag_req_v2 req = {
		.sdiag_family = r->families & FAMILY_BIT(ADDR_INET) ? AF_INET : AF_INET6,
		.idiag_ext = ext_bits(r->proto, extras),
		.idiag_states = kernel_states(r),
	};
	uint32_t proto = proto_rows[r->proto].number;

	/* Otherwise 0: kernels before 5.9 would take the low byte for another protocol. */
	if (proto <= UINT8_MAX)
		req.sdiag_protocol = (uint8_t)proto;
	buf_add(out, (const char *)&req, sizeof(req));
	if (proto > UINT8_MAX)
		add_attr(out, REQ_PROTOCOL, &proto, sizeof(proto));
}

static void add_of_both(const struct request *r, unsigned int extras, struct buf *out)
{
	struct inet_diag_req req = {
		.idiag_ext = ext_bits(r->proto, extras),
		.idiag_states = kernel_states(r),
	};

	buf_add(out, (const char *)&req, sizeof(req));
}

void request_encode(const struct request *r, const struct request_params *params, struct buf *out)
{
	bool is_of_both = r->families == FAMILY_ALL;
	struct nlmsghdr head = { .nlmsg_type = is_of_both ? TCPDIAG_GETSOCK : SOCK_DIAG_BY_FAMILY,
				 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
				 .nlmsg_seq = params->seq,
				 .nlmsg_pid = params->repeat };
	size_t start = out->len;

	buf_add(out, (const char *)&head, sizeof(head));
	(is_of_both ? add_of_both : add_by_family)(r, params->extras, out);
	if (params->bytecode->len)
		add_attr(out, INET_DIAG_REQ_BYTECODE, params->bytecode->data,
			 params->bytecode->len);
	head.nlmsg_len = (uint32_t)(out->len - start);
	memcpy(out->data + start, &head, sizeof(head));
}

int request_error(const struct request *r, int err)
{
	return err == -EINVAL && proto_rows[r->proto].number > UINT8_MAX ? SOURCE_ERROR_UNSUPPORTED
									 : err;
}

/* Sets the protocol number from INET_DIAG_REQ_PROTOCOL, if the request has it. */
static int decode_protocol(const uint8_t *p, size_t left, uint32_t *number)
{
	while (left >= sizeof(struct nlattr)) {
		struct nlattr head;
		size_t step;

		memcpy(&head, p, sizeof(head));
		if (head.nla_len < sizeof(head) || head.nla_len > left)
			return -EBADMSG;
		if ((head.nla_type & NLA_TYPE_MASK) == REQ_PROTOCOL &&
		    head.nla_len >= sizeof(head) + sizeof(*number))
			memcpy(number, p + sizeof(head), sizeof(*number));
		step = NLA_ALIGN((size_t)head.nla_len);
		if (step >= left)
			break;
		p += step;
		left -= step;
	}
	return 0;
}

static bool find_family(uint8_t number, unsigned int *out)
{
	if (number == AF_INET)
		*out = FAMILY_BIT(ADDR_INET);
	else if (number == AF_INET6)
		*out = FAMILY_BIT(ADDR_INET6);
	else
		return false;
	return true;
}

/* Which states the kernel reports for those requested. */
static unsigned int decode_states(enum sock_proto proto, uint32_t states)
{
	if (proto_rows[proto].ignores_states)
		return STATE_ALL;
	if (states & STATE_BIT(SOCK_STATE_CLOSE))
		states |= NOT_CONNECTED;
	return states & STATE_ALL;
}

static int decode_by_family(struct request *r, const void *payload, size_t len)
{
	struct inet_diag_req_v2 req;
	uint32_t number;
	int err;

	if (len < sizeof(req))
		return -EBADMSG;
	memcpy(&req, payload, sizeof(req));
	number = req.sdiag_protocol;
	err = decode_protocol((const uint8_t *)payload + sizeof(req), len - sizeof(req), &number);
	if (err)
		return err;
	if (!proto_by_number(number, &r->proto) || !find_family(req.sdiag_family, &r->families))
		return -EPROTO;
	r->states = decode_states(r->proto, req.idiag_states);
	return 0;
}

static int decode_of_both(struct request *r, const void *payload, size_t len)
{
	struct inet_diag_req req;

	if (len < sizeof(req))
		return -EBADMSG;
	memcpy(&req, payload, sizeof(req));
	r->proto = PROTO_TCP;
	r->families = FAMILY_ALL;
	r->states = decode_states(r->proto, req.idiag_states);
	return 0;
}

int request_decode(struct request *r, uint16_t type, const void *payload, size_t len)
{
	*r = (struct request){ 0 };
	if (type == SOCK_DIAG_BY_FAMILY)
		return decode_by_family(r, payload, len);
	return type == TCPDIAG_GETSOCK ? decode_of_both(r, payload, len) : -EPROTO;
}

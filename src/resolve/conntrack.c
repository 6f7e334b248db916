/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connections whose addresses or ports a network namespace rewrites (NAT). */
#include <config.h>

#include "resolve/conntrack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "resolve/netlink_ask.h"
#include "resolve/nft_attrs.h"

void conntrack_fini(struct conntrack *ct)
{
	free(ct->list);
	map_fini(&ct->by_flow);
	*ct = (struct conntrack){ 0 };
}

static struct nft_attrs nested(const struct nft_attrs *a, unsigned int type)
{
	struct nft_attrs inner;

	nft_attrs_parse(&inner, a->list[type]);
	return inner;
}

static bool take_addr(const struct nft_attrs *ip, unsigned int type, size_t len, struct addr *out)
{
	const struct nft_attr *attr = &ip->list[type];

	if (attr->len != len)
		return false;
	memcpy(out->bytes, attr->data, len);
	return true;
}

static bool take_port(const struct nft_attrs *proto, unsigned int type, uint16_t *out)
{
	const struct nft_attr *attr = &proto->list[type];

	if (attr->len != sizeof(*out))
		return false;
	memcpy(out, attr->data, sizeof(*out));
	*out = ntohs(*out);
	return true;
}

/* False for what has no ports, as ICMP, and for what is not whole. */
static bool take_tuple(struct nft_attr attr, struct flow *out)
{
	struct nft_attrs tuple, ip, proto;

	nft_attrs_parse(&tuple, attr);
	ip = nested(&tuple, CTA_TUPLE_IP);
	proto = nested(&tuple, CTA_TUPLE_PROTO);
	*out = (struct flow){ .family = ADDR_INET };
	if (!nft_attr_is_set(&ip, CTA_IP_V4_SRC)) {
		out->family = ADDR_INET6;
		if (!take_addr(&ip, CTA_IP_V6_SRC, 16, &out->from.addr) ||
		    !take_addr(&ip, CTA_IP_V6_DST, 16, &out->to.addr))
			return false;
	} else if (!take_addr(&ip, CTA_IP_V4_SRC, 4, &out->from.addr) ||
		   !take_addr(&ip, CTA_IP_V4_DST, 4, &out->to.addr)) {
		return false;
	}
	if (proto.list[CTA_PROTO_NUM].len != 1)
		return false;
	out->proto = *proto.list[CTA_PROTO_NUM].data;
	return take_port(&proto, CTA_PROTO_SRC_PORT, &out->from.port) &&
	       take_port(&proto, CTA_PROTO_DST_PORT, &out->to.port);
}

static void add_flow(struct conntrack *ct, const struct flow *in, const struct flow *out)
{
	bool is_new;
	uint32_t at = *map_add(&ct->by_flow, flow_hash(in), (uint32_t)ct->n, &is_new);

	if (!is_new) {
		if (!flow_is_equal(&ct->list[at].in, in) || !flow_is_equal(&ct->list[at].out, out))
			ct->list[at].is_ambiguous = true;
		return;
	}
	ct->list = mem_grow(ct->list, ct->n, &ct->cap, sizeof(*ct->list));
	ct->list[ct->n++] = (struct nat_flow){ .in = *in, .out = *out };
}

void conntrack_add_flows(struct conntrack *ct, const struct flow *original,
			 const struct flow *reply)
{
	struct flow answered;

	if (ct->n + 2 > CONNTRACK_MAX || original->family != reply->family ||
	    original->proto != reply->proto)
		return;
	/* The other end gets the opposite of what it answers. */
	answered = flow_reverse(reply);
	if (flow_is_equal(original, &answered))
		return;
	add_flow(ct, original, &answered);
	answered = flow_reverse(original);
	add_flow(ct, reply, &answered);
}

void conntrack_add(struct conntrack *ct, const struct nlmsghdr *nlh)
{
	struct nft_attr body;
	struct nft_attrs attrs;
	struct flow original, reply;

	body.data = netlink_payload(nlh, sizeof(struct nfgenmsg), &body.len);
	if (!body.data || nlh->nlmsg_type != (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW))
		return;
	nft_attrs_parse(&attrs, body);
	if (take_tuple(attrs.list[CTA_TUPLE_ORIG], &original) &&
	    take_tuple(attrs.list[CTA_TUPLE_REPLY], &reply))
		conntrack_add_flows(ct, &original, &reply);
}

enum nat_answer conntrack_follow(const struct conntrack *ct, const struct flow *in,
				 struct flow *out)
{
	uint32_t at = ct->n ? map_get(&ct->by_flow, flow_hash(in)) : MAP_NONE;
	const struct nat_flow *found;

	if (at == MAP_NONE)
		return NAT_NONE;
	found = &ct->list[at];
	if (found->is_ambiguous)
		return NAT_UNKNOWN;
	if (!flow_is_equal(&found->in, in))
		return NAT_NONE;
	*out = found->out;
	return NAT_REWRITES;
}

/* ---- reading ---- */

struct request {
	struct nlmsghdr nlh;
	struct nfgenmsg nfg;
	struct nlattr status_head;
	uint32_t status;
	struct nlattr mask_head;
	uint32_t mask;
};

static struct request request_of(uint32_t status)
{
	return (struct request){
		.nlh = { .nlmsg_len = sizeof(struct request),
			 .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.nfg = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 },
		.status_head = { .nla_len = NLA_HDRLEN + sizeof(uint32_t), .nla_type = CTA_STATUS },
		.status = htonl(status),
		.mask_head = { .nla_len = NLA_HDRLEN + sizeof(uint32_t),
			       .nla_type = CTA_STATUS_MASK },
		.mask = htonl(status),
	};
}

static void take(void *data, const struct nlmsghdr *nlh)
{
	conntrack_add(data, nlh);
}

/* What a namespace without any tracked connection answers; nothing else is said to be empty. */
static void take_count(void *data, const struct nlmsghdr *nlh)
{
	size_t len;
	const uint8_t *attr = netlink_payload(nlh, sizeof(struct nfgenmsg), &len);
	struct nlattr head;
	uint32_t count;

	if (!attr || len < sizeof(head) + sizeof(count))
		return;
	memcpy(&head, attr, sizeof(head));
	memcpy(&count, attr + sizeof(head), sizeof(count));
	if (head.nla_type == CTA_STATS_GLOBAL_ENTRIES)
		*(bool *)data = !count;
}

/*
 * Are no connections tracked there?  For a dump the kernel walks over the connections of all
 * namespaces, which takes it ten milliseconds.
 */
static bool is_empty(int fd)
{
	struct request request = {
		.nlh = { .nlmsg_len = offsetof(struct request, status_head),
			 .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET_STATS,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.nfg = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 },
	};
	bool is_empty = false;

	return !netlink_ask(fd, &request.nlh, take_count, &is_empty) && is_empty;
}

int conntrack_read(struct conntrack *ct, int fd)
{
	/*
	 * One dump for each, as the kernel's filter wants all bits of the mask.  An older kernel,
	 * which has no such filter, sends all connections twice.
	 */
	static const uint32_t statuses[] = { IPS_SRC_NAT, IPS_DST_NAT };
	int err = 0;

	if (is_empty(fd))
		return 0;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses) && !err; i++) {
		struct request request = request_of(statuses[i]);

		err = netlink_ask(fd, &request.nlh, take, ct);
	}
	return err;
}

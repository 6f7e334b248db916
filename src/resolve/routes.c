/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the kernel sends a packet, asked of the network namespace that it is in. */
#include <config.h>

#include "resolve/routes.h"

#include <errno.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "resolve/netlink_ask.h"
#include "resolve/nft_attrs.h"

/* Room for every attribute of a question. */
struct request {
	struct nlmsghdr nlh;
	union {
		struct rtmsg route;
		struct rtgenmsg any;
		char room[128];
	};
};

static size_t addr_len(enum addr_family family)
{
	return family == ADDR_INET ? 4 : 16;
}

static void put(struct request *r, unsigned short type, const void *data, size_t len)
{
	struct nlattr head = { .nla_len = (uint16_t)(NLA_HDRLEN + len), .nla_type = type };
	char *at = (char *)r + r->nlh.nlmsg_len;

	memcpy(at, &head, sizeof(head));
	memcpy(at + NLA_HDRLEN, data, len);
	r->nlh.nlmsg_len += (uint32_t)(NLA_HDRLEN + NLA_ALIGN(len));
}

/* ---- routes ---- */

static int take_route(const struct rtmsg *rtm, struct nft_attr left,
		      const struct route_question *question, struct route *route)
{
	size_t len = addr_len(question->family);
	struct nft_attr attr;
	unsigned int type;

	*route = (struct route){ .is_local = rtm->rtm_type == RTN_LOCAL, .next = question->to };
	if (!route->is_local && rtm->rtm_type != RTN_UNICAST)
		return -ENETUNREACH;
	while (nft_attr_next(&left, &type, &attr)) {
		if (type == RTA_MULTIPATH || type == RTA_VIA || type == RTA_ENCAP)
			return -EOPNOTSUPP;
		if (type == RTA_OIF && attr.len == sizeof(route->out)) {
			memcpy(&route->out, attr.data, sizeof(route->out));
		} else if (type == RTA_GATEWAY && attr.len == len) {
			route->next = (struct addr){ 0 };
			memcpy(route->next.bytes, attr.data, len);
		}
	}
	return 0;
}

int route_parse(const struct nlmsghdr *nlh, const struct route_question *question,
		struct route *route)
{
	struct rtmsg rtm;
	struct nft_attr left;
	const void *payload = netlink_payload(nlh, 0, &left.len);

	left.data = netlink_payload(nlh, sizeof(rtm), &left.len);
	if (nlh->nlmsg_type != RTM_NEWROUTE || !left.data)
		return -EBADMSG;
	memcpy(&rtm, payload, sizeof(rtm));
	return take_route(&rtm, left, question, route);
}

struct route_answer {
	const struct route_question *question;
	struct route *route;
	int err;
};

static void take_answer(void *data, const struct nlmsghdr *nlh)
{
	struct route_answer *answer = data;

	answer->err = route_parse(nlh, answer->question, answer->route);
}

int route_find(int fd, const struct route_question *question, struct route *route)
{
	struct route_answer answer = { question, route, -EBADMSG };
	size_t len = addr_len(question->family);
	struct request r = {
		.nlh = { .nlmsg_len = NLMSG_LENGTH(sizeof(r.route)),
			 .nlmsg_type = RTM_GETROUTE,
			 .nlmsg_flags = NLM_F_ACK },
		.route = { .rtm_family = question->family == ADDR_INET ? AF_INET : AF_INET6,
			   .rtm_dst_len = (uint8_t)(len * 8) },
	};
	int err;

	put(&r, RTA_DST, &question->to, len);
	if (!addr_is_any(&question->from)) {
		r.route.rtm_src_len = r.route.rtm_dst_len;
		put(&r, RTA_SRC, &question->from, len);
	}
	if (question->in)
		put(&r, RTA_IIF, &question->in, sizeof(question->in));
	if (question->out)
		put(&r, RTA_OIF, &question->out, sizeof(question->out));
	err = netlink_ask(fd, &r.nlh, take_answer, &answer);
	return err ? err : answer.err;
}

/* ---- numbers of namespaces ---- */

static void take_nsid(void *data, const struct nlmsghdr *nlh)
{
	int32_t *nsid = data;
	struct nft_attr left, attr;
	unsigned int type;

	left.data = netlink_payload(nlh, sizeof(struct rtgenmsg), &left.len);
	while (left.data && nlh->nlmsg_type == RTM_NEWNSID && nft_attr_next(&left, &type, &attr))
		if (type == NETNSA_NSID && attr.len == sizeof(*nsid))
			memcpy(nsid, attr.data, sizeof(*nsid));
}

int route_nsid(int fd, int netns)
{
	int32_t nsid = NETNSA_NSID_NOT_ASSIGNED;
	struct request r = {
		.nlh = { .nlmsg_len = NLMSG_SPACE(sizeof(r.any)),
			 .nlmsg_type = RTM_GETNSID,
			 .nlmsg_flags = NLM_F_ACK },
		.any = { .rtgen_family = AF_UNSPEC },
	};
	int err;

	put(&r, NETNSA_FD, &netns, sizeof(netns));
	err = netlink_ask(fd, &r.nlh, take_nsid, &nsid);
	if (err)
		return err;
	return nsid < 0 ? -ENOENT : nsid;
}

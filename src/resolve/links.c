/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network interfaces of a namespace, as far as they join it to others. */
#include <config.h>

#include "resolve/links.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "resolve/netlink_ask.h"
#include "resolve/nft_attrs.h"

/* A dump is broken off where interfaces come or go meanwhile. */
#define TRIES_MAX 3

void links_fini(struct links *links)
{
	free(links->list);
	*links = (struct links){ 0 };
}

/* 0 where it is not a number of 32 bits; in the byte order of this host. */
static uint32_t number_of(const struct nft_attr *attr)
{
	uint32_t number = 0;

	if (attr->len == sizeof(number))
		memcpy(&number, attr->data, sizeof(number));
	return number;
}

static bool is_word(const struct nft_attr *attr, const char *word)
{
	size_t len = strlen(word);

	return attr->len >= len && !memcmp(attr->data, word, len) &&
	       (attr->len == len || !attr->data[len]);
}

/* A bridge that keeps VLANs apart does not send every packet to the port that it is for. */
static bool has_vlans(struct nft_attr data)
{
	struct nft_attr attr;
	unsigned int type;
	bool has = false;

	while (nft_attr_next(&data, &type, &attr))
		if (type == IFLA_BR_VLAN_FILTERING && attr.len == 1)
			has = *attr.data;
	return has;
}

static uint8_t kind_of(struct nft_attr info)
{
	enum link_kind kind = LINK_OTHER;
	bool is_divided = false;
	struct nft_attr attr;
	unsigned int type;

	while (nft_attr_next(&info, &type, &attr)) {
		if (type == IFLA_INFO_KIND && is_word(&attr, "veth"))
			kind = LINK_VETH;
		else if (type == IFLA_INFO_KIND && is_word(&attr, "bridge"))
			kind = LINK_BRIDGE;
		else if (type == IFLA_INFO_DATA)
			is_divided = has_vlans(attr);
	}
	return (uint8_t)(kind == LINK_BRIDGE && is_divided ? LINK_OTHER : kind);
}

void links_add(struct links *links, const struct nlmsghdr *nlh)
{
	struct link link = { .peer_nsid = LINK_SAME_NETNS };
	struct ifinfomsg info;
	struct nft_attr left, attr;
	const void *payload = netlink_payload(nlh, 0, &left.len);
	unsigned int type;

	left.data = netlink_payload(nlh, sizeof(info), &left.len);
	if (nlh->nlmsg_type != RTM_NEWLINK || !left.data)
		return;
	memcpy(&info, payload, sizeof(info));
	link.ifindex = (uint32_t)info.ifi_index;
	while (nft_attr_next(&left, &type, &attr)) {
		if (type == IFLA_LINK)
			link.peer = number_of(&attr);
		else if (type == IFLA_LINK_NETNSID)
			link.peer_nsid = (int32_t)number_of(&attr);
		else if (type == IFLA_MASTER)
			link.master = number_of(&attr);
		else if (type == IFLA_LINKINFO)
			link.kind = kind_of(attr);
	}
	links->list = mem_grow(links->list, links->n, &links->cap, sizeof(*links->list));
	links->list[links->n++] = link;
}

static void take(void *data, const struct nlmsghdr *nlh)
{
	links_add(data, nlh);
}

static int by_index(const void *a, const void *b)
{
	const struct link *x = a, *y = b;

	return (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex);
}

int links_read(struct links *links, int fd)
{
	int err = -EINTR;

	for (int i = 0; i < TRIES_MAX && err == -EINTR; i++) {
		struct {
			struct nlmsghdr nlh;
			struct ifinfomsg info;
		} request = {
			.nlh = { .nlmsg_len = sizeof(request),
				 .nlmsg_type = RTM_GETLINK,
				 .nlmsg_flags = NLM_F_DUMP },
		};

		links->n = 0;
		err = netlink_ask(fd, &request.nlh, take, links);
	}
	if (err)
		links->n = 0;
	if (links->n)
		qsort(links->list, links->n, sizeof(*links->list), by_index);
	return err;
}

const struct link *links_find(const struct links *links, uint32_t ifindex)
{
	const struct link key = { .ifindex = ifindex };

	return links->n ? bsearch(&key, links->list, links->n, sizeof(key), by_index) : NULL;
}

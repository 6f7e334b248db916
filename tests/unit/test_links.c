/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces, as rtnetlink tells them: whole and cut messages, and those of this host. */
#include <config.h>

#include "messages.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <unistd.h>

#include "resolve/links.h"

/* An interface of a kind; filters: a bridge keeps VLANs apart. */
static struct buf message_about(uint32_t ifindex, const char *kind, uint8_t filters, int32_t nsid)
{
	struct ifinfomsg info = { .ifi_index = (int)ifindex };
	struct buf body = { 0 }, inner = { 0 }, data = { 0 }, message = { 0 };
	uint32_t peer = ifindex + 1, master = 77;

	buf_add(&body, (const char *)&info, sizeof(info));
	put_attr(&body, IFLA_IFNAME, "eth0", 5);
	put_attr(&body, IFLA_LINK, &peer, sizeof(peer));
	put_attr(&body, IFLA_MASTER, &master, sizeof(master));
	if (nsid != LINK_SAME_NETNS)
		put_attr(&body, IFLA_LINK_NETNSID, &nsid, sizeof(nsid));
	put_attr(&data, IFLA_BR_VLAN_FILTERING, &filters, 1);
	put_attr(&inner, IFLA_INFO_KIND, kind, strlen(kind) + 1);
	put_attr(&inner, IFLA_INFO_DATA, data.data, data.len);
	put_attr(&body, IFLA_LINKINFO, inner.data, inner.len);
	put_message(&message, RTM_NEWLINK, NLM_F_MULTI, 1, body.data, body.len);
	buf_fini(&body);
	buf_fini(&inner);
	buf_fini(&data);
	return message;
}

static struct link link_from(struct buf message)
{
	struct links links = { 0 };
	struct link link;

	links_add(&links, (const void *)message.data);
	assert_int_equal(links.n, 1);
	link = *links.list;
	links_fini(&links);
	buf_fini(&message);
	return link;
}

static void test_kinds(void **state)
{
	struct link link = link_from(message_about(5, "veth", 0, 3));

	(void)state;
	assert_int_equal(link.ifindex, 5);
	assert_int_equal(link.peer, 6);
	assert_int_equal(link.master, 77);
	assert_int_equal(link.peer_nsid, 3);
	assert_int_equal(link.kind, LINK_VETH);
	link = link_from(message_about(5, "veth", 0, LINK_SAME_NETNS));
	assert_int_equal(link.peer_nsid, LINK_SAME_NETNS);
	assert_int_equal(link_from(message_about(7, "bridge", 0, -1)).kind, LINK_BRIDGE);
	assert_int_equal(link_from(message_about(7, "bridge", 1, -1)).kind, LINK_OTHER);
	assert_int_equal(link_from(message_about(7, "bridges", 0, -1)).kind, LINK_OTHER);
	assert_int_equal(link_from(message_about(7, "macvlan", 0, -1)).kind, LINK_OTHER);
}

static void test_cut(void **state)
{
	struct buf message = message_about(5, "veth", 0, 3);

	(void)state;
	for (size_t cut = sizeof(struct nlmsghdr); cut < message.len; cut++) {
		struct nlmsghdr *copy = malloc(cut);
		struct links links = { 0 };

		assert_non_null(copy);
		memcpy(copy, message.data, cut);
		copy->nlmsg_len = (uint32_t)cut;
		links_add(&links, copy);
		assert_int_equal(links.n, cut >= NLMSG_LENGTH(sizeof(struct ifinfomsg)));
		/* The kind comes last. */
		assert_true(!links.n || links.list->kind == LINK_OTHER ||
			    cut >= message.len - 3 * sizeof(struct nlattr));
		links_fini(&links);
		free(copy);
	}
	buf_fini(&message);
}

static void test_here(void **state)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct links links = { 0 };
	const struct link *lo;

	(void)state;
	assert_true(fd >= 0);
	assert_null(links_find(&links, 1));
	assert_int_equal(links_read(&links, fd), 0);
	lo = links_find(&links, 1);
	assert_non_null(lo);
	assert_int_equal(lo->kind, LINK_OTHER);
	assert_null(links_find(&links, UINT32_MAX));
	links_fini(&links);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

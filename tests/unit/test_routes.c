/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routes, as rtnetlink tells them, and those of this host. */
#include <config.h>

#include "messages.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <unistd.h>

#include "resolve/routes.h"

static struct route_question question_about(const char *to)
{
	struct route_question question = { .family = ADDR_INET };

	assert_int_equal(addr_parse(to, strlen(to), &question.family, &question.to), 0);
	return question;
}

/* An answer of a type, through interface 4 to a router, with one more attribute. */
static struct buf answer_of(uint8_t type, unsigned int attr)
{
	static const uint8_t router[] = { 10, 0, 0, 1 };
	struct rtmsg rtm = { .rtm_family = AF_INET, .rtm_type = type };
	struct buf body = { 0 }, message = { 0 };
	uint32_t out = 4;

	buf_add(&body, (const char *)&rtm, sizeof(rtm));
	put_attr(&body, RTA_OIF, &out, sizeof(out));
	put_attr(&body, RTA_GATEWAY, router, sizeof(router));
	if (attr)
		put_attr(&body, attr, "", 0);
	put_message(&message, RTM_NEWROUTE, 0, 1, body.data, body.len);
	buf_fini(&body);
	return message;
}

static int parse(struct buf message, struct route *route)
{
	struct route_question question = question_about("192.0.2.1");
	int err = route_parse((const void *)message.data, &question, route);

	buf_fini(&message);
	return err;
}

static void test_parse(void **state)
{
	struct route_question router = question_about("10.0.0.1");
	struct route route;

	(void)state;
	assert_int_equal(parse(answer_of(RTN_UNICAST, 0), &route), 0);
	assert_false(route.is_local);
	assert_int_equal(route.out, 4);
	assert_memory_equal(&route.next, &router.to, sizeof(route.next));
	assert_int_equal(parse(answer_of(RTN_LOCAL, 0), &route), 0);
	assert_true(route.is_local);
	assert_int_equal(parse(answer_of(RTN_BLACKHOLE, 0), &route), -ENETUNREACH);
	/* One of several ways, a router of the other family, a tunnel. */
	assert_int_equal(parse(answer_of(RTN_UNICAST, RTA_MULTIPATH), &route), -EOPNOTSUPP);
	assert_int_equal(parse(answer_of(RTN_UNICAST, RTA_VIA), &route), -EOPNOTSUPP);
	assert_int_equal(parse(answer_of(RTN_UNICAST, RTA_ENCAP), &route), -EOPNOTSUPP);
}

static void test_cut(void **state)
{
	struct buf message = answer_of(RTN_UNICAST, 0);
	struct route_question question = question_about("192.0.2.1");

	(void)state;
	for (size_t cut = sizeof(struct nlmsghdr); cut < message.len; cut++) {
		struct nlmsghdr *copy = malloc(cut);
		struct route route;
		int err;

		assert_non_null(copy);
		memcpy(copy, message.data, cut);
		copy->nlmsg_len = (uint32_t)cut;
		err = route_parse(copy, &question, &route);
		if (cut < NLMSG_LENGTH(sizeof(struct rtmsg)))
			assert_int_equal(err, -EBADMSG);
		else
			assert_memory_equal(&route.next, &question.to, sizeof(route.next));
		free(copy);
	}
	buf_fini(&message);
}

static void test_here(void **state)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	struct route_question question = question_about("127.0.0.1");
	struct route route;

	(void)state;
	assert_true(fd >= 0 && netns >= 0);
	assert_int_equal(route_find(fd, &question, &route), 0);
	assert_true(route.is_local);
	/* What arrives from outside for it is dropped. */
	question.in = UINT32_MAX;
	assert_true(route_find(fd, &question, &route) < 0);
	/* A namespace has no number for itself before somebody gave it one. */
	assert_true(route_nsid(fd, netns) >= -ENOENT);
	assert_true(route_nsid(fd, fd) < 0);
	close(netns);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of an answer over netlink: whole, cut and hostile datagrams. */
#include <config.h>

#include "messages.h"

#include <errno.h>

#include "resolve/netlink_ask.h"

#define TYPE 0x100

struct taken {
	size_t n;
	size_t bytes;
};

static void take(void *data, const struct nlmsghdr *nlh)
{
	struct taken *taken = data;
	size_t len = 0;

	taken->n++;
	if (netlink_payload(nlh, 4, &len))
		taken->bytes += len;
}

static int take_all(const struct buf *datagram, size_t len, struct taken *taken)
{
	*taken = (struct taken){ 0 };
	return netlink_take_datagram(datagram->data, len, take, taken);
}

static void test_dump(void **state)
{
	struct buf datagram = { 0 };
	struct taken taken;

	(void)state;
	put_message(&datagram, TYPE, NLM_F_MULTI, 1, "headbody", 8);
	put_message(&datagram, TYPE, NLM_F_MULTI, 1, "head", 4);
	put_message(&datagram, TYPE, NLM_F_MULTI, 1, "cut", 3);
	assert_int_equal(take_all(&datagram, datagram.len, &taken), 1);
	assert_int_equal(taken.n, 3);
	assert_int_equal(taken.bytes, 4);
	put_done(&datagram, 0);
	assert_int_equal(take_all(&datagram, datagram.len, &taken), 0);
	assert_int_equal(taken.n, 3);
	buf_fini(&datagram);
}

static void test_ends(void **state)
{
	static const struct {
		unsigned int type, flags;
		int code, want;
	} cases[] = {
		{ NLMSG_DONE, 0, 0, 0 },
		{ NLMSG_DONE, 0, -ENOMEM, -ENOMEM },
		{ NLMSG_ERROR, 0, 0, 0 }, /* an acknowledgement */
		{ NLMSG_ERROR, 0, -EPERM, -EPERM },
		{ NLMSG_ERROR, 0, 7, 0 },
		{ NLMSG_ERROR, 0, INT32_MIN, 0 }, /* not an errno */
		{ NLMSG_DONE, NLM_F_DUMP_INTR, 0, -EINTR },
		{ TYPE, NLM_F_DUMP_INTR, 0, -EINTR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf datagram = { 0 };
		struct taken taken;

		print_message("%zu\n", i);
		put_message(&datagram, cases[i].type, cases[i].flags, 1, &cases[i].code,
			    sizeof(cases[i].code));
		assert_int_equal(take_all(&datagram, datagram.len, &taken), cases[i].want);
		assert_int_equal(taken.n, 0);
		buf_fini(&datagram);
	}
}

static void test_hostile(void **state)
{
	struct buf datagram = { 0 };
	struct nlmsghdr head;
	struct taken taken;

	(void)state;
	assert_int_equal(take_all(&datagram, 0, &taken), 1);
	put_message(&datagram, TYPE, 0, 1, "headbody", 8);
	for (size_t len = 1; len < datagram.len; len++)
		assert_int_equal(take_all(&datagram, len, &taken), -EBADMSG);
	memcpy(&head, datagram.data, sizeof(head));
	for (uint32_t len = 0; len < sizeof(head); len++) {
		head.nlmsg_len = len;
		memcpy(datagram.data, &head, sizeof(head));
		assert_int_equal(take_all(&datagram, datagram.len, &taken), -EBADMSG);
	}
	head.nlmsg_len = UINT32_MAX;
	memcpy(datagram.data, &head, sizeof(head));
	assert_int_equal(take_all(&datagram, datagram.len, &taken), -EBADMSG);
	buf_clear(&datagram);
	put_message(&datagram, NLMSG_ERROR, 0, 1, "", 0);
	assert_int_equal(take_all(&datagram, datagram.len, &taken), -EBADMSG);
	buf_fini(&datagram);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

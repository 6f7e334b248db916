/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow of a socket, and its opposite. */
#include <config.h>

#include "flows.h"
#include "rows.h"

static void test_of_socket(void **state)
{
	struct sock sk =
		rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 5000, "10.0.0.2", 80);
	struct flow flow = flow_of(&sk), want = tcp_flow("10.0.0.1", 5000, "10.0.0.2", 80);

	(void)state;
	expect_flow(&flow, &want);
	sk.proto = PROTO_UDP;
	flow = flow_of(&sk);
	assert_false(flow_is_equal(&flow, &want));
	assert_int_equal(flow.proto, IPPROTO_UDP);
}

/* The packets of a socket with a v4-mapped address are IPv4, those of MPTCP are TCP. */
static void test_as_packets_have_it(void **state)
{
	struct sock sk = rows_sock(PROTO_MPTCP, SOCK_STATE_ESTABLISHED, "::ffff:10.0.0.1", 5000,
				   "::ffff:10.0.0.2", 80);
	struct flow flow = flow_of(&sk), want = tcp_flow("10.0.0.1", 5000, "10.0.0.2", 80);

	(void)state;
	expect_flow(&flow, &want);
	assert_true(flow_hash(&flow) == flow_hash(&want));
}

static void test_reverse(void **state)
{
	struct flow there = tcp_flow("fd00::1", 5000, "fd00::2", 80);
	struct flow back = tcp_flow("fd00::2", 80, "fd00::1", 5000), twice;

	(void)state;
	assert_true(flow_hash(&there) != flow_hash(&back));
	twice = flow_reverse(&there);
	expect_flow(&twice, &back);
	twice = flow_reverse(&twice);
	expect_flow(&twice, &there);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_socket),
		cmocka_unit_test(test_as_packets_have_it),
		cmocka_unit_test(test_reverse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

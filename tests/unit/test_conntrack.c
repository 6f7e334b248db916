/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tracked connections with NAT: whole, cut and hostile messages, and what becomes of a flow. */
#include <config.h>

#include "messages.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdlib.h>

#include "flows.h"
#include "resolve/conntrack.h"

#define NEW_CONNECTION (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW)

static void put_nested(struct buf *out, unsigned int type, struct buf *inner)
{
	put_attr(out, type | NLA_F_NESTED, inner->data, inner->len);
	buf_clear(inner);
}

static void put_tuple(struct buf *out, unsigned int type, const struct flow *flow)
{
	bool is_v4 = flow->family == ADDR_INET;
	uint16_t from = htons(flow->from.port), to = htons(flow->to.port);
	struct buf ip = { 0 }, tuple = { 0 };

	put_attr(&ip, is_v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, &flow->from.addr, is_v4 ? 4 : 16);
	put_attr(&ip, is_v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, &flow->to.addr, is_v4 ? 4 : 16);
	put_nested(&tuple, CTA_TUPLE_IP, &ip);
	put_attr(&ip, CTA_PROTO_NUM, &flow->proto, 1);
	/* ICMP has a type and a code in their place. */
	if (flow->proto != IPPROTO_ICMP) {
		put_attr(&ip, CTA_PROTO_SRC_PORT, &from, sizeof(from));
		put_attr(&ip, CTA_PROTO_DST_PORT, &to, sizeof(to));
	}
	put_nested(&tuple, CTA_TUPLE_PROTO, &ip);
	put_nested(out, type, &tuple);
	buf_fini(&ip);
	buf_fini(&tuple);
}

/* A message about a connection, its header included. */
static struct buf message_about(unsigned int type, const struct flow *original,
				const struct flow *reply)
{
	struct nfgenmsg nfg = { .nfgen_family = AF_INET };
	struct buf body = { 0 }, message = { 0 };

	buf_add(&body, (const char *)&nfg, sizeof(nfg));
	put_tuple(&body, CTA_TUPLE_ORIG, original);
	put_tuple(&body, CTA_TUPLE_REPLY, reply);
	put_message(&message, type, NLM_F_MULTI, 1, body.data, body.len);
	buf_fini(&body);
	return message;
}

static void add(struct conntrack *ct, struct flow original, struct flow reply)
{
	struct buf message = message_about(NEW_CONNECTION, &original, &reply);

	conntrack_add(ct, (const void *)message.data);
	buf_fini(&message);
}

static void expect_rewritten(const struct conntrack *ct, struct flow in, struct flow want)
{
	struct flow out;

	assert_int_equal(conntrack_follow(ct, &in, &out), NAT_REWRITES);
	expect_flow(&out, &want);
}

/* 10.0.1.2 asks 10.0.1.1:8080, which is 10.0.2.2:80, and is seen there as 10.0.2.1. */
static void add_both(struct conntrack *ct)
{
	add(ct, tcp_flow("10.0.1.2", 5000, "10.0.1.1", 8080),
	    tcp_flow("10.0.2.2", 80, "10.0.2.1", 6000));
}

static void test_both_directions(void **state)
{
	struct conntrack ct = { 0 };
	struct flow other = tcp_flow("10.0.1.2", 5001, "10.0.1.1", 8080), out;

	(void)state;
	assert_int_equal(conntrack_follow(&ct, &other, &out), NAT_NONE);
	add_both(&ct);
	add_both(&ct); /* a dump can repeat it */
	assert_int_equal(ct.n, 2);
	expect_rewritten(&ct, tcp_flow("10.0.1.2", 5000, "10.0.1.1", 8080),
			 tcp_flow("10.0.2.1", 6000, "10.0.2.2", 80));
	expect_rewritten(&ct, tcp_flow("10.0.2.2", 80, "10.0.2.1", 6000),
			 tcp_flow("10.0.1.1", 8080, "10.0.1.2", 5000));
	assert_int_equal(conntrack_follow(&ct, &other, &out), NAT_NONE);
	other = tcp_flow("10.0.1.2", 5000, "10.0.1.1", 8080);
	other.proto = IPPROTO_UDP;
	assert_int_equal(conntrack_follow(&ct, &other, &out), NAT_NONE);
	conntrack_fini(&ct);
}

static void test_ipv6(void **state)
{
	struct conntrack ct = { 0 };

	(void)state;
	add(&ct, tcp_flow("fd00::2", 5000, "fd00::1", 8080),
	    tcp_flow("fd01::2", 80, "fd00::2", 5000));
	expect_rewritten(&ct, tcp_flow("fd00::2", 5000, "fd00::1", 8080),
			 tcp_flow("fd00::2", 5000, "fd01::2", 80));
	conntrack_fini(&ct);
}

static void test_not_kept(void **state)
{
	struct flow there = tcp_flow("10.0.1.2", 5000, "10.0.2.2", 80);
	struct flow back = flow_reverse(&there),
		    elsewhere = tcp_flow("10.0.3.3", 80, "10.0.1.2", 5000);
	struct conntrack ct = { 0 };
	struct buf message;

	(void)state;
	/* Without NAT. */
	add(&ct, there, back);
	/* Another message. */
	message = message_about(NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE, &there,
				&elsewhere);
	conntrack_add(&ct, (const void *)message.data);
	buf_fini(&message);
	/* Without ports. */
	there.proto = elsewhere.proto = IPPROTO_ICMP;
	add(&ct, there, elsewhere);
	/* Two protocols in one connection, and two families. */
	there.proto = IPPROTO_TCP;
	elsewhere.proto = IPPROTO_UDP;
	add(&ct, there, elsewhere);
	add(&ct, there, tcp_flow("fd00::2", 80, "fd00::1", 5000));
	assert_int_equal(ct.n, 0);
	conntrack_fini(&ct);
}

/* Two zones have the same connection: no packet tells in which it is. */
static void test_ambiguous(void **state)
{
	struct flow in = tcp_flow("10.0.1.2", 5000, "10.0.1.1", 8080), out;
	struct conntrack ct = { 0 };

	(void)state;
	add(&ct, in, tcp_flow("10.0.2.2", 80, "10.0.1.2", 5000));
	add(&ct, in, tcp_flow("10.0.3.3", 80, "10.0.1.2", 5000));
	assert_int_equal(conntrack_follow(&ct, &in, &out), NAT_UNKNOWN);
	expect_rewritten(&ct, tcp_flow("10.0.2.2", 80, "10.0.1.2", 5000), flow_reverse(&in));
	conntrack_fini(&ct);
}

/* Cut at every byte, and with every length of every attribute wrong. */
static void test_hostile(void **state)
{
	struct flow original = tcp_flow("10.0.1.2", 5000, "10.0.1.1", 8080);
	struct flow reply = tcp_flow("10.0.2.2", 80, "10.0.1.2", 5000);
	struct buf message = message_about(NEW_CONNECTION, &original, &reply);
	size_t len = message.len;

	(void)state;
	for (size_t cut = sizeof(struct nlmsghdr); cut < len; cut++) {
		struct conntrack ct = { 0 };
		/* A copy of just that length, so that valgrind and the sanitizers see a byte more. */
		struct nlmsghdr *copy = malloc(cut);

		assert_non_null(copy);
		memcpy(copy, message.data, cut);
		copy->nlmsg_len = (uint32_t)cut;
		conntrack_add(&ct, copy);
		assert_int_equal(ct.n, 0);
		conntrack_fini(&ct);
		free(copy);
	}
	for (size_t at = sizeof(struct nlmsghdr); at < len; at++) {
		struct conntrack ct = { 0 };
		char kept = message.data[at];

		message.data[at] = (char)0xff;
		conntrack_add(&ct, (const void *)message.data);
		assert_true(ct.n <= 2);
		message.data[at] = kept;
		conntrack_fini(&ct);
	}
	buf_fini(&message);
}

/* Lines of /proc/net/nf_conntrack, of Linux 6.18. */
static const char v4_line[] =
	"ipv4     2 tcp      6 432000 ESTABLISHED src=127.0.0.1 dst=127.0.0.1 sport=46498 dport=8888 "
	"packets=3 bytes=164 src=10.1.1.1 dst=127.0.0.1 sport=9999 dport=46498 packets=2 bytes=112 "
	"[ASSURED] mark=0 zone=0 use=2";
static const char v6_line[] =
	"ipv6     10 udp      17 30 src=0000:0000:0000:0000:0000:0000:0000:0001 "
	"dst=0000:0000:0000:0000:0000:0000:0000:0001 sport=42659 dport=8888 [UNREPLIED] "
	"src=0000:0000:0000:0000:0000:0000:0000:0001 dst=0000:0000:0000:0000:0000:0000:0000:0001 "
	"sport=9999 dport=42659 mark=0 zone=0 use=2";

static void test_lines(void **state)
{
	struct flow udp = tcp_flow("::1", 42659, "::1", 8888);
	struct flow to_server = tcp_flow("::1", 42659, "::1", 9999);
	struct conntrack ct = { 0 };

	(void)state;
	udp.proto = to_server.proto = IPPROTO_UDP;
	conntrack_add_line(&ct, v4_line, strlen(v4_line));
	conntrack_add_line(&ct, v6_line, strlen(v6_line));
	assert_int_equal(ct.n, 4);
	expect_rewritten(&ct, tcp_flow("127.0.0.1", 46498, "127.0.0.1", 8888),
			 tcp_flow("127.0.0.1", 46498, "10.1.1.1", 9999));
	expect_rewritten(&ct, tcp_flow("10.1.1.1", 9999, "127.0.0.1", 46498),
			 tcp_flow("127.0.0.1", 8888, "127.0.0.1", 46498));
	expect_rewritten(&ct, udp, to_server);
	conntrack_fini(&ct);
}

/* Cut anywhere before its last number, a line is none; and so is what does not fit. */
static void test_bad_lines(void **state)
{
	static const char *const lines[] = {
		"",
		"ipv4 2 icmp 1 29 src=1.1.1.1 dst=1.1.1.2 type=8 code=0 id=1 src=1.1.1.2 dst=1.1.1.1",
		"ipv4 2 tcp 999 9 src=1.1.1.1 dst=1.1.1.2 sport=1 dport=2 src=1.1.1.3 dst=1.1.1.1 sport=2 dport=1",
		"ipv4 2 tcp 6 9 src=1.1.1 dst=1.1.1.2 sport=1 dport=2 src=1.1.1.3 dst=1.1.1.1 sport=2 dport=1",
		"ipv4 2 tcp 6 9 src=1.1.1.1 dst=1.1.1.2 sport=1 dport=65536 src=1.1.1.3 dst=1.1.1.1 sport=2 dport=1",
		"ipv4 2 tcp 6 9 src=1.1.1.1 dst=1.1.1.2 sport=1 dport=2 src=::1 dst=::2 sport=2 dport=1",
	};
	size_t whole = (size_t)(strstr(v4_line, "46498 packets=2") - v4_line) + 1;
	struct conntrack ct = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		conntrack_add_line(&ct, lines[i], strlen(lines[i]));
	for (size_t cut = 0; cut < whole; cut++) {
		char *copy = malloc(cut + 1);

		assert_non_null(copy);
		memcpy(copy, v4_line, cut);
		conntrack_add_line(&ct, copy, cut);
		free(copy);
	}
	assert_int_equal(ct.n, 0);
	conntrack_fini(&ct);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_directions), cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_not_kept),	cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_hostile),		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_bad_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

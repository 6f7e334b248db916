/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What procnet_parse() makes of good, cut and hostile lines of /proc/net. */
#include <config.h>

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "edge.h"
#include "random.h"
#include "source/procnet.h"

/* An address as the kernel prints it: 32 bits at a time, as the host's numbers. */
static const char *printed(int family, const char *addr, char out[33])
{
	uint32_t words[4] = { 0 };
	size_t n = family == AF_INET ? 1 : 4;

	assert_int_equal(inet_pton(family, addr, words), 1);
	for (size_t i = 0; i < n; i++)
		snprintf(out + i * 8, 9, "%08X", words[i]);
	return out;
}

struct line {
	int family;
	const char *local;
	unsigned int lport;
	const char *remote;
	unsigned int rport;
	unsigned int state;
	unsigned int timer;
	unsigned int ticks;
	unsigned int uid;
	unsigned long inode;
};

static size_t print(const struct line *l, char *out, size_t size)
{
	char local[33], remote[33];
	int n = snprintf(out, size,
			 "  12: %s:%04X %s:%04X %02X 00000012:00000011 %02X:%08X 00000003 %5u "
			 "       0 %lu 1 0000000000000000 100 0 0 10 0",
			 printed(l->family, l->local, local), l->lport,
			 printed(l->family, l->remote, remote), l->rport, l->state, l->timer,
			 l->ticks, l->uid, l->inode);

	assert_true(n > 0 && (size_t)n < size);
	return (size_t)n;
}

static struct procnet_format format_of(enum sock_proto proto, int family)
{
	return (struct procnet_format){ .proto = proto,
					.family = family == AF_INET ? ADDR_INET : ADDR_INET6,
					.ticks_per_s = 100,
					.orphans_have_uid = true };
}

static struct sock parse(enum sock_proto proto, const struct line *l)
{
	struct procnet_format format = format_of(proto, l->family);
	char text[512];
	struct sock sk;

	assert_int_equal(procnet_parse(&sk, &format, text, print(l, text, sizeof(text))), 0);
	return sk;
}

static void check_addr(const struct endpoint *end, int family, const char *addr, uint16_t port)
{
	struct addr wanted = { 0 };

	assert_int_equal(inet_pton(family, addr, wanted.bytes), 1);
	assert_memory_equal(&end->addr, &wanted, sizeof(wanted));
	assert_int_equal(end->port, port);
}

static void test_connection(void **state)
{
	struct line l = { AF_INET, "10.1.2.3", 443, "192.0.2.7", 50000, 1, 2, 705, 1000, 4711 };
	struct sock sk = parse(PROTO_TCP, &l);

	(void)state;
	check_addr(&sk.local, AF_INET, "10.1.2.3", 443);
	check_addr(&sk.remote, AF_INET, "192.0.2.7", 50000);
	assert_int_equal(sk.proto, PROTO_TCP);
	assert_int_equal(sk.family, ADDR_INET);
	assert_int_equal(sk.state, SOCK_STATE_ESTABLISHED);
	assert_int_equal(sk.send_q, 0x12);
	assert_int_equal(sk.recv_q, 0x11);
	assert_int_equal(sk.timer, SOCK_TIMER_KEEPALIVE);
	assert_int_equal(sk.timer_ms, 7050);
	assert_int_equal(sk.retransmits, 3);
	assert_int_equal(sk.uid, 1000);
	assert_int_equal(sk.inode, 4711);
	assert_int_equal(sk.known, SOCK_FROM_PROCFS | SOCK_HAS_QUEUES | SOCK_HAS_UID |
					   SOCK_HAS_INODE | SOCK_HAS_TIMER | SOCK_HAS_PEER);
}

static void test_inet6(void **state)
{
	struct line l = { AF_INET6, "2001:db8::1:2", 65535, "::ffff:10.1.2.3", 1, 8, 0, 0, 0, 7 };
	struct sock sk = parse(PROTO_TCP, &l);

	(void)state;
	assert_int_equal(sk.family, ADDR_INET6);
	assert_int_equal(sk.state, SOCK_STATE_CLOSE_WAIT);
	check_addr(&sk.local, AF_INET6, "2001:db8::1:2", 65535);
	check_addr(&sk.remote, AF_INET6, "::ffff:10.1.2.3", 1);
}

static void test_states(void **state)
{
	struct line listening = { AF_INET, "0.0.0.0", 22, "0.0.0.0", 0, 10, 0, 0, 0, 5 };
	struct line waiting = { AF_INET, "10.0.0.1", 22, "10.0.0.2", 5, 6, 3, 100, 0, 0 };
	struct line pending = { AF_INET, "10.0.0.1", 22, "10.0.0.2", 5, 1, 0, 0, 5, 0 };
	struct line half_open = { AF_INET, "10.0.0.1", 22, "10.0.0.2", 5, 3, 1, 100, 0, 0 };
	struct line datagram = { AF_INET, "10.0.0.1", 53, "0.0.0.0", 0, 7, 0, 0, 0, 5 };
	struct line raw = { AF_INET, "0.0.0.0", 89, "0.0.0.0", 0, 7, 0, 0, 0, 5 };
	struct sock sk = parse(PROTO_TCP, &listening);

	(void)state;
	assert_int_equal(sk.state, SOCK_STATE_LISTEN);
	assert_false(sock_has(&sk, SOCK_HAS_PEER));
	sk = parse(PROTO_TCP, &waiting);
	assert_int_equal(sk.state, SOCK_STATE_TIME_WAIT);
	assert_int_equal(sk.known, SOCK_FROM_PROCFS | SOCK_HAS_TIMER | SOCK_HAS_PEER);
	sk = parse(PROTO_TCP, &pending);
	assert_true(sock_has(&sk, SOCK_NOT_ACCEPTED));
	assert_int_equal(sk.uid, 5);
	sk = parse(PROTO_TCP, &half_open);
	assert_int_equal(sk.state, SOCK_STATE_SYN_RECV);
	assert_true(sock_has(&sk, SOCK_NOT_ACCEPTED));
	sk = parse(PROTO_UDP, &datagram);
	assert_int_equal(sk.state, SOCK_STATE_BOUND);
	sk = parse(PROTO_RAW, &raw);
	assert_int_equal(sk.state, SOCK_STATE_BOUND);
	assert_int_equal(sk.ip_protocol, 89);
	assert_int_equal(sk.local.port, 0);
}

/* Numbers beyond what a field holds. */
static void test_large_numbers(void **state)
{
	struct line l = { AF_INET, "10.0.0.1", 22,	   "10.0.0.2", 5,
			  1,	   1,	       UINT32_MAX, UINT32_MAX, (1UL << 32) + 9 };
	struct sock sk = parse(PROTO_TCP, &l);

	(void)state;
	assert_int_equal(sk.timer_ms, UINT32_MAX);
	assert_int_equal(sk.uid, UINT32_MAX);
	assert_int_equal(sk.inode, 9);
}

static void test_bad_lines(void **state)
{
	static const char *const lines[] = {
		"",
		" ",
		"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid",
		"0: 0100007F:0016 00000000:0000 0A 0:0 0:0 0 0 0",
		"0: 0100007F0016 00000000:0000 0A 0:0 0:0 0 0 0 5",
		"0: 0100007F:00016 00000000:10000 0A 0:0 0:0 0 0 0 5",
		"0: 0100007F: 00000000:0000 0A 0:0 0:0 0 0 0 5",
		"0: 010007F:0016 00000000:0000 0A 0:0 0:0 0 0 0 5",
		"0: 0100007G:0016 00000000:0000 0A 0:0 0:0 0 0 0 5",
		"0: 0100007F:0016 00000000:0000 100 0:0 0:0 0 0 0 5",
		"0: 0100007F:0016 00000000:0000 0A 00 0:0 0 0 0 5",
		"0: 0100007F:0016 00000000:0000 0A 0: 0:0 0 0 0 5",
		"0: 0100007F:0016 00000000:0000 0A 0:0 :0 0 0 0 5",
		"0: 0100007F:0016 00000000:0000 0A 0:0 0:0 -1 0 0 5",
		"0: 0100007F:0016 00000000:0000 0A 0:0 0:0 0 4294967296 0 5",
		"0: 0100007F:0016 00000000:0000 0A 0:0 0:0 0 0 0 x",
	};
	struct procnet_format format = format_of(PROTO_TCP, AF_INET);
	struct sock sk;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_int_equal(procnet_parse(&sk, &format, lines[i], strlen(lines[i])), -EBADMSG);
	assert_int_equal(procnet_parse(&sk, &format,
				       "0: 0100007F:0016 00000000:0000 0E 0:0 0:0 0 0 0 5", 49),
			 -EPROTO);
	assert_int_equal(procnet_parse(&sk, &format,
				       "0: 0100007F:0016 00000000:0000 0A 0:0 0:0 0 0 0 5", 49),
			 0);
}

/* Every cut at the edge of memory, and bytes turned over at random. */
static void test_edges(void **state)
{
	struct line l = { AF_INET6, "2001:db8::1:2", 65535, "::1", 1, 8, 0, 0, 0, 7 };
	struct procnet_format format = format_of(PROTO_TCP, AF_INET6);
	uint64_t seed = 4;
	struct edge edge;
	char text[512];
	size_t len = print(&l, text, sizeof(text));
	size_t inode_end = (size_t)(strstr(text, " 7 1 ") - text) + 2;
	struct sock sk;

	(void)state;
	edge_init(&edge, sizeof(text));
	for (size_t n = 0; n <= len; n++)
		assert_int_equal(procnet_parse(&sk, &format, edge_copy(&edge, text, n), n),
				 n < inode_end ? -EBADMSG : 0);
	for (int i = 0; i < 20000; i++) {
		size_t n = random_below(&seed, len + 1);
		char *copy = edge_copy(&edge, text, n);

		for (int k = 0; k < 3 && n; k++)
			copy[random_below(&seed, n)] = (char)random_next(&seed);
		format.family = random_below(&seed, 2) ? ADDR_INET : ADDR_INET6;
		if (!procnet_parse(&sk, &format, copy, n))
			assert_true(STATE_ALL & STATE_BIT(sk.state));
	}
	edge_fini(&edge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connection), cmocka_unit_test(test_inet6),
		cmocka_unit_test(test_states),	   cmocka_unit_test(test_large_numbers),
		cmocka_unit_test(test_bad_lines),  cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What diag_add() makes of good, odd, cut and hostile messages. */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <netinet/in.h>

#include "edge.h"
#include "messages.h"
#include "model/sock_table.h"
#include "random.h"
#include "source/diag.h"

#define ATTR_CGROUP_ID 21

static const struct diag_wanted everything = { .proto = PROTO_TCP,
					       .families = FAMILY_ALL,
					       .states = STATE_ALL,
					       .extras = (1U << SOCK_EXTRA_COUNT) - 1,
					       .orphans_have_uid = true };

/* The only socket that the message with these attributes (may be NULL) gives. */
static struct sock parse(const struct diag_wanted *wanted, const struct inet_diag_msg *m,
			 const struct buf *attrs)
{
	struct sock_table table = { 0 };
	struct buf message = { 0 };
	struct sock sk;

	buf_add(&message, (const char *)m, sizeof(*m));
	if (attrs)
		buf_add(&message, attrs->data, attrs->len);
	assert_int_equal(diag_add(&table, wanted, message.data, message.len), 0);
	assert_int_equal(table.n, 1);
	sk = table.socks[0];
	buf_fini(&message);
	sock_table_fini(&table);
	return sk;
}

static struct sock parse_as(enum sock_proto proto, const struct inet_diag_msg *m,
			    const struct buf *attrs)
{
	struct diag_wanted wanted = everything;

	wanted.proto = proto;
	return parse(&wanted, m, attrs);
}

static void check_addr(const struct endpoint *end, int family, const char *addr, uint16_t port)
{
	struct addr wanted = { 0 };

	assert_int_equal(inet_pton(family, addr, wanted.bytes), 1);
	assert_memory_equal(&end->addr, &wanted, sizeof(wanted));
	assert_int_equal(end->port, port);
}

static void test_fields(void **state)
{
	struct inet_diag_msg m = message_of(AF_INET, 1, "10.1.2.3", 443, "192.0.2.7", 50000);
	struct sock sk;

	(void)state;
	m.idiag_timer = SOCK_TIMER_KEEPALIVE;
	m.idiag_retrans = 3;
	m.idiag_expires = 12345;
	m.idiag_rqueue = 17;
	m.idiag_wqueue = 18;
	m.id.idiag_if = 4;
	sk = parse(&everything, &m, NULL);
	assert_int_equal(sk.proto, PROTO_TCP);
	assert_int_equal(sk.family, ADDR_INET);
	assert_int_equal(sk.state, SOCK_STATE_ESTABLISHED);
	check_addr(&sk.local, AF_INET, "10.1.2.3", 443);
	check_addr(&sk.remote, AF_INET, "192.0.2.7", 50000);
	assert_int_equal(sk.cookie, 1ULL << 32 | 443);
	assert_int_equal(sk.timer, SOCK_TIMER_KEEPALIVE);
	assert_int_equal(sk.timer_ms, 12345);
	assert_int_equal(sk.retransmits, 3);
	assert_int_equal(sk.recv_q, 17);
	assert_int_equal(sk.send_q, 18);
	assert_int_equal(sk.ifindex, 4);
	assert_int_equal(sk.uid, 1000);
	assert_int_equal(sk.inode, 4711);
	assert_int_equal(sk.known, SOCK_HAS_COOKIE | SOCK_HAS_UID | SOCK_HAS_INODE |
					   SOCK_HAS_QUEUES | SOCK_HAS_IFACE | SOCK_HAS_TIMER |
					   SOCK_HAS_PEER);
}

/* What stands behind IPv4's four bytes is no part of the address; a mapped one stays inet6. */
static void test_addresses(void **state)
{
	struct inet_diag_msg m = message_of(AF_INET, 1, "10.1.2.3", 1, "10.0.0.1", 2);
	struct sock sk;

	(void)state;
	m.id.idiag_src[1] = m.id.idiag_dst[3] = UINT32_MAX;
	sk = parse(&everything, &m, NULL);
	check_addr(&sk.local, AF_INET, "10.1.2.3", 1);
	check_addr(&sk.remote, AF_INET, "10.0.0.1", 2);
	m = message_of(AF_INET6, 1, "::ffff:10.1.2.3", 1, "2001:db8::5", 2);
	sk = parse(&everything, &m, NULL);
	assert_int_equal(sk.family, ADDR_INET6);
	check_addr(&sk.local, AF_INET6, "::ffff:10.1.2.3", 1);
	check_addr(&sk.remote, AF_INET6, "2001:db8::5", 2);
}

static void test_attributes(void **state)
{
	struct inet_diag_msg m = message_of(AF_INET6, SOCK_STATE_LISTEN, "::", 80, "::", 0);
	uint64_t cgroup = 0x123456789aU;
	uint32_t mark = 0xdeadbeef;
	struct buf attrs = { 0 };
	struct sock sk;

	(void)state;
	put_attr(&attrs, 63, "what may come", 13);
	put_attr(&attrs, INET_DIAG_SKV6ONLY | NLA_F_NET_BYTEORDER, "\1", 1);
	put_attr(&attrs, INET_DIAG_SHUTDOWN, "\2", 1);
	put_attr(&attrs, INET_DIAG_MARK, &mark, sizeof(mark));
	put_attr(&attrs, 0x3ffe, "", 0);
	put_attr(&attrs, ATTR_CGROUP_ID | NLA_F_NESTED, &cgroup, sizeof(cgroup));
	sk = parse(&everything, &m, &attrs);
	assert_int_equal(sk.v6only, 1);
	assert_int_equal(sk.shutdown, 2);
	assert_int_equal(sk.mark, mark);
	assert_int_equal(sk.cgroup, cgroup);
	assert_int_equal(sk.known, SOCK_HAS_COOKIE | SOCK_HAS_UID | SOCK_HAS_INODE |
					   SOCK_HAS_QUEUES | SOCK_HAS_IFACE | SOCK_HAS_TIMER |
					   SOCK_HAS_V6ONLY | SOCK_HAS_SHUTDOWN | SOCK_HAS_MARK |
					   SOCK_HAS_CGROUP);
	buf_fini(&attrs);
}

/* Shorter than their value: unknown, not read beyond. */
static void test_short_attributes(void **state)
{
	static const unsigned int types[] = { INET_DIAG_SKV6ONLY, INET_DIAG_SHUTDOWN };
	struct inet_diag_msg m = message_of(AF_INET6, SOCK_STATE_LISTEN, "::", 80, "::", 0);
	unsigned int known = SOCK_HAS_V6ONLY | SOCK_HAS_SHUTDOWN | SOCK_HAS_MARK | SOCK_HAS_CGROUP;
	struct buf attrs = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++)
		put_attr(&attrs, types[i], "", 0);
	put_attr(&attrs, INET_DIAG_MARK, "abc", 3);
	put_attr(&attrs, ATTR_CGROUP_ID, "abcdefg", 7);
	assert_int_equal(parse(&everything, &m, &attrs).known & known, 0);
	buf_fini(&attrs);
}

static void test_states(void **state)
{
	static const struct {
		enum sock_proto proto;
		uint8_t kernel;
		uint16_t lport;
		uint16_t rport;
		enum sock_state wanted;
		bool has_peer;
	} cases[] = {
		{ PROTO_TCP, 1, 80, 5, SOCK_STATE_ESTABLISHED, true },
		{ PROTO_TCP, 2, 80, 5, SOCK_STATE_SYN_SENT, true },
		{ PROTO_TCP, 3, 80, 5, SOCK_STATE_SYN_RECV, true },
		{ PROTO_TCP, 4, 80, 5, SOCK_STATE_FIN_WAIT_1, true },
		{ PROTO_TCP, 5, 80, 5, SOCK_STATE_FIN_WAIT_2, true },
		{ PROTO_TCP, 6, 80, 5, SOCK_STATE_TIME_WAIT, true },
		{ PROTO_TCP, 7, 80, 0, SOCK_STATE_BOUND, false },
		{ PROTO_TCP, 7, 0, 0, SOCK_STATE_CLOSE, false },
		{ PROTO_TCP, 8, 80, 5, SOCK_STATE_CLOSE_WAIT, true },
		{ PROTO_TCP, 9, 80, 5, SOCK_STATE_LAST_ACK, true },
		{ PROTO_TCP, 10, 80, 0, SOCK_STATE_LISTEN, false },
		{ PROTO_TCP, 11, 80, 5, SOCK_STATE_CLOSING, true },
		{ PROTO_TCP, 12, 80, 5, SOCK_STATE_SYN_RECV, true },
		{ PROTO_TCP, 13, 80, 0, SOCK_STATE_BOUND, false },
		{ PROTO_MPTCP, 10, 80, 0, SOCK_STATE_LISTEN, false },
		{ PROTO_UDP, 1, 53, 5, SOCK_STATE_ESTABLISHED, true },
		{ PROTO_UDP, 7, 53, 0, SOCK_STATE_BOUND, false },
		{ PROTO_UDPLITE, 7, 53, 0, SOCK_STATE_BOUND, false },
		{ PROTO_RAW, 7, 1, 0, SOCK_STATE_BOUND, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct inet_diag_msg m = message_of(AF_INET, cases[i].kernel, "10.0.0.1",
						    cases[i].lport, "0.0.0.0", cases[i].rport);
		struct sock sk = parse_as(cases[i].proto, &m, NULL);

		assert_int_equal(sk.state, cases[i].wanted);
		assert_int_equal(sock_has(&sk, SOCK_HAS_PEER), cases[i].has_peer);
	}
}

static void test_unknown_states(void **state)
{
	static const uint8_t kernel[] = { 0, 14, 31, 32, 33, 255 };
	struct sock_table table = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(kernel); i++) {
		struct inet_diag_msg m =
			message_of(AF_INET, kernel[i], "10.0.0.1", 1, "10.0.0.2", 2);

		assert_int_equal(diag_add(&table, &everything, &m, sizeof(m)), -EPROTO);
	}
	assert_int_equal(table.n, 0);
	sock_table_fini(&table);
}

/* Zeros that the kernel fills in are not root, inode 0 or an empty queue. */
static void test_minisockets(void **state)
{
	static const struct {
		uint8_t kernel;
		uint8_t timer;
		bool is_not_accepted;
	} cases[] = {
		{ SOCK_STATE_TIME_WAIT, SOCK_TIMER_TIMEWAIT, false },
		{ SOCK_STATE_FIN_WAIT_2, SOCK_TIMER_TIMEWAIT, false },
		{ SOCK_STATE_SYN_RECV, SOCK_TIMER_ON, true },
		{ 12, SOCK_TIMER_ON, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct inet_diag_msg m =
			message_of(AF_INET, cases[i].kernel, "10.0.0.1", 1, "10.0.0.2", 2);
		struct sock sk;

		m.idiag_timer = cases[i].timer;
		m.idiag_uid = m.idiag_inode = 0;
		sk = parse(&everything, &m, NULL);
		assert_int_equal(sk.known & (SOCK_HAS_UID | SOCK_HAS_INODE | SOCK_HAS_QUEUES), 0);
		assert_true(sock_has(&sk, SOCK_HAS_TIMER));
		assert_int_equal(sock_has(&sk, SOCK_NOT_ACCEPTED), cases[i].is_not_accepted);
	}
}

/* Connected, but nobody's yet; a connection that was closed is nobody's any more. */
static void test_not_accepted(void **state)
{
	static const struct {
		uint8_t kernel;
		uint32_t inode;
		bool is_not_accepted;
	} cases[] = {
		{ SOCK_STATE_ESTABLISHED, 0, true },  { SOCK_STATE_CLOSE_WAIT, 0, true },
		{ SOCK_STATE_ESTABLISHED, 5, false }, { SOCK_STATE_FIN_WAIT_1, 0, false },
		{ SOCK_STATE_FIN_WAIT_2, 0, false },  { SOCK_STATE_LAST_ACK, 0, false },
		{ SOCK_STATE_CLOSING, 0, false },     { SOCK_STATE_LISTEN, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct inet_diag_msg m =
			message_of(AF_INET, cases[i].kernel, "10.0.0.1", 1, "10.0.0.2", 2);
		struct sock sk;

		m.idiag_inode = cases[i].inode;
		sk = parse(&everything, &m, NULL);
		assert_int_equal(sock_has(&sk, SOCK_NOT_ACCEPTED), cases[i].is_not_accepted);
		assert_int_equal(sock_has(&sk, SOCK_HAS_INODE), cases[i].inode != 0);
		assert_true(sock_has(&sk, SOCK_HAS_UID));
		assert_true(sock_has(&sk, SOCK_HAS_QUEUES));
	}
}

/* Before 6.17 a socket without an inode belongs to root, says the kernel. */
static void test_uid_of_orphans(void **state)
{
	struct inet_diag_msg m = message_of(AF_INET, 1, "10.0.0.1", 1, "10.0.0.2", 2);
	struct diag_wanted older = everything;

	(void)state;
	older.orphans_have_uid = false;
	m.idiag_uid = 0;
	assert_int_equal(parse(&older, &m, NULL).known & SOCK_HAS_UID, SOCK_HAS_UID);
	m.idiag_inode = 0;
	assert_int_equal(parse(&older, &m, NULL).known & SOCK_HAS_UID, 0);
	assert_int_equal(parse(&everything, &m, NULL).known & SOCK_HAS_UID, SOCK_HAS_UID);
}

static void test_no_cookie(void **state)
{
	struct inet_diag_msg m = message_of(AF_INET, 1, "10.0.0.1", 1, "10.0.0.2", 2);

	(void)state;
	m.id.idiag_cookie[0] = m.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	assert_int_equal(parse(&everything, &m, NULL).known & SOCK_HAS_COOKIE, 0);
	m.id.idiag_cookie[0] = m.id.idiag_cookie[1] = 0;
	assert_int_equal(parse(&everything, &m, NULL).known & SOCK_HAS_COOKIE, 0);
	m.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	assert_int_equal(parse(&everything, &m, NULL).known & SOCK_HAS_COOKIE, SOCK_HAS_COOKIE);
}

static void test_raw(void **state)
{
	struct inet_diag_msg m = message_of(AF_INET, 1, "10.0.0.1", 89, "10.0.0.2", 7);
	struct buf attrs = { 0 };
	struct sock sk = parse_as(PROTO_RAW, &m, NULL);

	(void)state;
	assert_int_equal(sk.ip_protocol, 89);
	assert_int_equal(sk.local.port, 0);
	assert_int_equal(sk.remote.port, 0);
	assert_true(sock_has(&sk, SOCK_HAS_PEER));
	put_attr(&attrs, INET_DIAG_PROTOCOL, "\72", 1);
	assert_int_equal(parse_as(PROTO_RAW, &m, &attrs).ip_protocol, 58);
	buf_fini(&attrs);
}

static void check_extra(const struct sock_table *t, enum sock_extra kind, const char *wanted,
			size_t wanted_len)
{
	size_t len;
	const void *data = sock_table_extra(t, &t->socks[0], kind, &len);

	if (!wanted) {
		assert_null(data);
		return;
	}
	assert_non_null(data);
	assert_int_equal(len, wanted_len);
	assert_memory_equal(data, wanted, len);
}

static void add_with_extras(struct sock_table *table, enum sock_proto proto, unsigned int extras)
{
	struct inet_diag_msg m = message_of(AF_INET, 1, "10.0.0.1", 1, "10.0.0.2", 2);
	struct diag_wanted wanted = everything;
	struct buf message = { 0 };

	wanted.proto = proto;
	wanted.extras = extras;
	buf_add(&message, (const char *)&m, sizeof(m));
	put_attr(&message, INET_DIAG_INFO, "some info", 9);
	put_attr(&message, INET_DIAG_CONG, "cubic\0and more", 14);
	put_attr(&message, INET_DIAG_SKMEMINFO, "12345678", 8);
	assert_int_equal(diag_add(table, &wanted, message.data, message.len), 0);
	buf_fini(&message);
}

static void test_extras(void **state)
{
	struct sock_table t = { 0 };

	(void)state;
	add_with_extras(&t, PROTO_TCP, everything.extras);
	add_with_extras(&t, PROTO_TCP, everything.extras);
	assert_int_equal(t.n, 1);
	check_extra(&t, SOCK_EXTRA_TCP_INFO, "some info", 9);
	check_extra(&t, SOCK_EXTRA_CONGESTION, "cubic", 5);
	check_extra(&t, SOCK_EXTRA_MEMORY, "12345678", 8);
	check_extra(&t, SOCK_EXTRA_MPTCP, NULL, 0);
	sock_table_clear(&t);
	add_with_extras(&t, PROTO_MPTCP, everything.extras);
	check_extra(&t, SOCK_EXTRA_TCP_INFO, NULL, 0);
	check_extra(&t, SOCK_EXTRA_MPTCP, "some info", 9);
	sock_table_clear(&t);
	add_with_extras(&t, PROTO_UDP, everything.extras);
	check_extra(&t, SOCK_EXTRA_TCP_INFO, NULL, 0);
	sock_table_clear(&t);
	add_with_extras(&t, PROTO_TCP, SOCK_EXTRA_BIT(SOCK_EXTRA_CONGESTION));
	check_extra(&t, SOCK_EXTRA_TCP_INFO, NULL, 0);
	check_extra(&t, SOCK_EXTRA_CONGESTION, "cubic", 5);
	check_extra(&t, SOCK_EXTRA_MEMORY, NULL, 0);
	sock_table_fini(&t);
}

static void test_not_wanted(void **state)
{
	struct inet_diag_msg m = message_of(AF_INET6, SOCK_STATE_LISTEN, "::", 80, "::", 0);
	struct diag_wanted wanted = everything;
	struct sock_table t = { 0 };

	(void)state;
	wanted.families = FAMILY_BIT(ADDR_INET);
	assert_int_equal(diag_add(&t, &wanted, &m, sizeof(m)), 0);
	wanted = everything;
	wanted.states = STATE_ALL & ~STATE_BIT(SOCK_STATE_LISTEN);
	assert_int_equal(diag_add(&t, &wanted, &m, sizeof(m)), 0);
	assert_int_equal(t.n, 0);
	m.idiag_family = AF_UNIX;
	assert_int_equal(diag_add(&t, &everything, &m, sizeof(m)), -EPROTO);
	sock_table_fini(&t);
}

static void put_sctp_addr(struct buf *attrs, unsigned int type, const char *addr)
{
	struct sockaddr_storage list[2] = { 0 };
	struct sockaddr_in *first = (struct sockaddr_in *)&list[0];

	first->sin_family = AF_INET;
	assert_int_equal(inet_pton(AF_INET, addr, &first->sin_addr), 1);
	put_attr(attrs, type, list, sizeof(list));
}

static void test_sctp_associations(void **state)
{
	static const uint8_t states[] = {
		SOCK_STATE_CLOSE,	SOCK_STATE_SYN_SENT,   SOCK_STATE_SYN_SENT,
		SOCK_STATE_ESTABLISHED, SOCK_STATE_FIN_WAIT_1, SOCK_STATE_FIN_WAIT_2,
		SOCK_STATE_CLOSE_WAIT,	SOCK_STATE_LAST_ACK,
	};
	struct buf attrs = { 0 };

	(void)state;
	put_sctp_addr(&attrs, INET_DIAG_LOCALS, "192.0.2.1");
	put_sctp_addr(&attrs, INET_DIAG_PEERS, "192.0.2.2");
	for (uint8_t i = 0; i < sizeof(states); i++) {
		struct inet_diag_msg m = message_of(AF_INET, i, "0.0.0.0", 5000, "0.0.0.0", 6000);
		struct sock sk = parse_as(PROTO_SCTP, &m, &attrs);

		assert_int_equal(sk.state, states[i]);
		check_addr(&sk.local, AF_INET, "192.0.2.1", 5000);
		check_addr(&sk.remote, AF_INET, "192.0.2.2", 6000);
		assert_int_equal(sk.known & (SOCK_HAS_COOKIE | SOCK_HAS_IFACE | SOCK_HAS_PEER),
				 SOCK_HAS_PEER);
	}
	buf_fini(&attrs);
}

/* A list of addresses of both families, as sockaddr_storage. */
static void put_sctp_addrs(struct buf *attrs, unsigned int type, const char *const *addrs)
{
	struct sockaddr_storage list[8] = { 0 };
	size_t n = 0;

	for (; addrs[n]; n++) {
		struct sockaddr_in *v4 = (struct sockaddr_in *)&list[n];
		struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&list[n];

		assert_true(n < 8);
		if (inet_pton(AF_INET, addrs[n], &v4->sin_addr) == 1) {
			v4->sin_family = AF_INET;
			continue;
		}
		memset(v6, 0, sizeof(*v6));
		v6->sin6_family = AF_INET6;
		assert_int_equal(inet_pton(AF_INET6, addrs[n], &v6->sin6_addr), 1);
	}
	put_attr(attrs, type, list, n * sizeof(*list));
}

/* A socket that is bound to no address may use all of the host's: the one that suits the peer. */
static void test_sctp_own_address(void **state)
{
	static const char *const own[] = { "127.0.0.1",	  "::1",	 "fe80::18:1", "10.9.1.1",
					   "2001:db8::5", "192.168.7.2", NULL };
	static const struct {
		const char *peer;
		const char *want;
	} cases[] = {
		{ "::1", "::1" },
		{ "fe80::99", "fe80::18:1" },
		{ "2001:db8:7::9", "2001:db8::5" },
		{ "::ffff:127.0.0.1", "::ffff:127.0.0.1" },
		{ "::ffff:10.9.1.77", "::ffff:10.9.1.1" },
		{ "::ffff:192.168.1.1", "::ffff:192.168.7.2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *const peers[] = { cases[i].peer, NULL };
		/* The kernel puts the first of the list here, as if it were one of IPv6. */
		struct inet_diag_msg m = message_of(AF_INET6, 3, "::", 5000, cases[i].peer, 6000);
		struct buf attrs = { 0 };
		struct sock sk;

		put_sctp_addrs(&attrs, INET_DIAG_LOCALS, own);
		put_sctp_addrs(&attrs, INET_DIAG_PEERS, peers);
		sk = parse_as(PROTO_SCTP, &m, &attrs);
		check_addr(&sk.local, AF_INET6, cases[i].want, 5000);
		buf_fini(&attrs);
	}
}

/* The endpoint before an association tells what address it uses, unless it serves several. */
static void test_sctp_endpoint(void **state)
{
	static const char *const own[] = { "10.0.0.1", "10.0.0.2", NULL };
	static const char *const peers[] = { "10.0.0.9", NULL };
	static const struct {
		uint8_t state;
		uint32_t cookie;
		const char *want;
	} cases[] = {
		{ SOCK_STATE_ESTABLISHED, 5000, "10.0.0.2" },
		{ SOCK_STATE_CLOSE_WAIT, 5000, "10.0.0.2" },
		/* Of another socket, or of one to many. */
		{ SOCK_STATE_ESTABLISHED, 5001, "10.0.0.1" },
		{ SOCK_STATE_LISTEN, 5000, "10.0.0.1" },
		{ SOCK_STATE_CLOSE, 5000, "10.0.0.1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct inet_diag_msg of_endpoint =
			message_of(AF_INET, cases[i].state, "10.0.0.2", 5000, "10.0.0.9", 6000);
		struct inet_diag_msg m = message_of(AF_INET, 3, "10.0.0.1", 5000, "10.0.0.9", 6000);
		struct diag_endpoint endpoint = { 0 };
		struct diag_wanted wanted = everything;
		struct buf message = { 0 };
		struct sock_table t = { 0 };

		wanted.proto = PROTO_SCTP;
		wanted.endpoint = &endpoint;
		of_endpoint.id.idiag_cookie[0] = cases[i].cookie;
		buf_add(&message, (const char *)&of_endpoint, sizeof(of_endpoint));
		assert_int_equal(diag_add(&t, &wanted, message.data, message.len), 0);
		buf_clear(&message);
		buf_add(&message, (const char *)&m, sizeof(m));
		put_sctp_addrs(&message, INET_DIAG_LOCALS, own);
		put_sctp_addrs(&message, INET_DIAG_PEERS, peers);
		assert_int_equal(diag_add(&t, &wanted, message.data, message.len), 0);
		check_addr(&t.socks[t.n - 1].local, AF_INET, cases[i].want, 5000);
		buf_fini(&message);
		sock_table_fini(&t);
	}
}

/* A listener and the associations of its socket have one cookie; all of them are there. */
static void test_sctp_cookie(void **state)
{
	struct diag_wanted wanted = everything;
	struct sock_table t = { 0 };
	struct buf message = { 0 };

	(void)state;
	wanted.proto = PROTO_SCTP;
	for (uint16_t peer = 0; peer < 4; peer++) {
		struct inet_diag_msg m = message_of(AF_INET, peer ? 3 : SOCK_STATE_LISTEN,
						    "10.0.0.1", 5000, "10.0.0.2", peer);

		buf_clear(&message);
		buf_add(&message, (const char *)&m, sizeof(m));
		if (peer)
			put_sctp_addr(&message, INET_DIAG_PEERS, "10.0.0.2");
		assert_int_equal(diag_add(&t, &wanted, message.data, message.len), 0);
	}
	assert_int_equal(t.n, 4);
	assert_true(sock_has(&t.socks[0], SOCK_HAS_COOKIE));
	assert_false(sock_has(&t.socks[0], SOCK_HAS_PEER));
	/* A connected endpoint stands beside its association and is the same connection. */
	buf_clear(&message);
	put_sock(&message, &(struct inet_diag_msg){ .idiag_family = AF_INET, .idiag_state = 1 });
	assert_int_equal(diag_add(&t, &wanted, message.data + sizeof(struct nlmsghdr),
				  message.len - sizeof(struct nlmsghdr)),
			 0);
	assert_int_equal(t.n, 4);
	buf_fini(&message);
	sock_table_fini(&t);
}

/* ---- cut and hostile
 * ------------------------------------------------------------------------------ */

static void put_rich_message(struct buf *out)
{
	struct inet_diag_msg m = message_of(AF_INET6, 1, "::1", 80, "::1", 81);

	buf_add(out, (const char *)&m, sizeof(m));
	put_attr(out, INET_DIAG_SHUTDOWN, "\0", 1);
	put_attr(out, INET_DIAG_INFO, "some info", 9);
	put_attr(out, INET_DIAG_CONG, "reno", 5);
	put_attr(out, ATTR_CGROUP_ID, "12345678", 8);
	put_attr(out, INET_DIAG_MARK, "1234", 4);
	put_sctp_addr(out, INET_DIAG_LOCALS, "192.0.2.1");
	put_sctp_addr(out, INET_DIAG_PEERS, "192.0.2.1");
}

/* Every cut of a message at the edge of memory: all of it, or an error and no socket. */
static void test_cuts(void **state)
{
	struct buf message = { 0 };
	struct edge edge;

	(void)state;
	put_rich_message(&message);
	edge_init(&edge, message.len);
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		struct diag_wanted wanted = everything;

		wanted.proto = (enum sock_proto)proto;
		for (size_t n = 0; n <= message.len; n++) {
			struct sock_table t = { 0 };
			int err = diag_add(&t, &wanted, edge_copy(&edge, message.data, n), n);

			assert_true(err == 0 || err == -EBADMSG);
			assert_true(err == 0 || t.n == 0);
			if (n < sizeof(struct inet_diag_msg))
				assert_int_equal(err, -EBADMSG);
			sock_table_fini(&t);
		}
	}
	edge_fini(&edge);
	buf_fini(&message);
}

static void test_bad_lengths(void **state)
{
	static const uint16_t lengths[] = { 0, 1, 3, 14, 0x7fff, 0x8000, 0xffff };
	struct inet_diag_msg m = message_of(AF_INET, 1, "10.0.0.1", 1, "10.0.0.2", 2);
	struct sock_table t = { 0 };
	struct edge edge;

	(void)state;
	edge_init(&edge, 1024);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct buf message = { 0 };

		buf_add(&message, (const char *)&m, sizeof(m));
		put_attr(&message, INET_DIAG_CONG, "reno", 5);
		memcpy(message.data + sizeof(m), &lengths[i], sizeof(lengths[i]));
		assert_int_equal(diag_add(&t, &everything,
					  edge_copy(&edge, message.data, message.len), message.len),
				 -EBADMSG);
		buf_fini(&message);
	}
	assert_int_equal(t.n, 0);
	edge_fini(&edge);
	sock_table_fini(&t);
}

/* Bytes turned over at random: any answer, but nothing read outside and no state without a name. */
static void test_mutations(void **state)
{
	struct buf message = { 0 };
	uint64_t seed = 3;
	struct edge edge;

	(void)state;
	put_rich_message(&message);
	edge_init(&edge, message.len);
	for (int i = 0; i < 30000; i++) {
		size_t n = random_below(&seed, message.len + 1);
		char *copy = edge_copy(&edge, message.data, n);
		struct diag_wanted wanted = everything;
		struct sock_table t = { 0 };

		for (int k = 0; k < 4 && n; k++)
			copy[random_below(&seed, n)] = (char)random_next(&seed);
		wanted.proto = (enum sock_proto)random_below(&seed, PROTO_COUNT);
		if (!diag_add(&t, &wanted, copy, n) && t.n)
			assert_true(STATE_ALL & STATE_BIT(t.socks[0].state));
		sock_table_fini(&t);
	}
	edge_fini(&edge);
	buf_fini(&message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_short_attributes),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_unknown_states),
		cmocka_unit_test(test_minisockets),
		cmocka_unit_test(test_not_accepted),
		cmocka_unit_test(test_uid_of_orphans),
		cmocka_unit_test(test_no_cookie),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_extras),
		cmocka_unit_test(test_not_wanted),
		cmocka_unit_test(test_sctp_associations),
		cmocka_unit_test(test_sctp_own_address),
		cmocka_unit_test(test_sctp_endpoint),
		cmocka_unit_test(test_sctp_cookie),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_bad_lengths),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

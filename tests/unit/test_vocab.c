/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vocabularies: every name is read back as what it names, and nothing else is. */
#include <config.h>

#include "test.h"

#include <ctype.h>
#include <netinet/in.h>
#include <string.h>

#include "base/buf.h"
#include "edge.h"
#include "model/ip_protocol.h"
#include "model/protos.h"
#include "model/vocab.h"

static void upper(char *out, const char *in)
{
	size_t i = 0;

	for (; in[i]; i++)
		out[i] = (char)toupper((unsigned char)in[i]);
	out[i] = '\0';
}

static void test_protos(void **state)
{
	static const struct {
		enum sock_proto proto;
		const char *name;
		unsigned int number;
		bool has_ports;
	} cases[] = {
		{ PROTO_TCP, "tcp", 6, true },		 { PROTO_UDP, "udp", 17, true },
		{ PROTO_UDPLITE, "udplite", 136, true }, { PROTO_RAW, "raw", 255, false },
		{ PROTO_SCTP, "sctp", 132, true },	 { PROTO_MPTCP, "mptcp", 262, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum sock_proto back = PROTO_COUNT;

		assert_string_equal(proto_name(cases[i].proto), cases[i].name);
		assert_int_equal(proto_rows[cases[i].proto].number, cases[i].number);
		assert_int_equal(proto_has_ports(cases[i].proto), cases[i].has_ports);
		assert_true(proto_parse(cases[i].name, strlen(cases[i].name), &back));
		assert_int_equal(back, cases[i].proto);
	}
}

/* What every row has to say, so that nothing of a new protocol is forgotten. */
static void test_proto_rows(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < PROTO_COUNT; i++) {
		const struct proto *row = &proto_rows[i];
		enum sock_proto back = PROTO_COUNT;
		char shouted[16];

		upper(shouted, row->name);
		assert_true(proto_parse(shouted, strlen(shouted), &back) && back == i);
		assert_true(proto_by_letter(row->letter, &back) && back == i);
		assert_true(proto_by_number(row->number, &back) && back == i);
		assert_true(row->title && *row->title);
		assert_non_null(strstr(row->module, "_diag"));
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++)
			assert_non_null(row->in_protocols[family]);
		assert_int_equal(row->has_ports, row->services != 0);
		assert_false(row->is_datagram && row->is_like_tcp);
		for (unsigned int k = 0; k < PROTO_FILES_MAX; k++) {
			assert_int_equal(row->files[k].path != NULL, row->files[k].families != 0);
			if (row->files[k].path)
				assert_memory_equal(row->files[k].path, "net/", 4);
		}
	}
}

/* Whose names of services a protocol uses names them for itself. */
static void test_proto_services(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < PROTO_COUNT; i++) {
		unsigned int services = proto_rows[i].services, n = 0;

		for (unsigned int k = 0; k < PROTO_COUNT; k++) {
			if (!(services & PROTO_BIT(k)))
				continue;
			n++;
			assert_int_equal(proto_rows[k].services, services);
		}
		assert_true(n <= 1);
		assert_int_equal(services & ~PROTO_ALL, 0);
	}
}

/* Which protocols are special, of those whose recordings and hosts the other tests know. */
static void test_proto_kinds(void **state)
{
	const unsigned int known = PROTO_BIT(PROTO_MPTCP) * 2 - 1;

	(void)state;
	assert_int_equal(protos_where(proto_is_datagram) & known,
			 PROTO_BIT(PROTO_UDP) | PROTO_BIT(PROTO_UDPLITE) | PROTO_BIT(PROTO_RAW));
	assert_int_equal(protos_where(proto_is_like_tcp) & known,
			 PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_MPTCP));
	assert_int_equal(protos_where(proto_has_associations) & known, PROTO_BIT(PROTO_SCTP));
	assert_int_equal(protos_where(proto_is_on_request) & known, PROTO_BIT(PROTO_MPTCP));
}

static bool is_tcp_or_raw(enum sock_proto proto)
{
	return proto == PROTO_TCP || proto == PROTO_RAW;
}

static void check_list(unsigned int some, const char *want)
{
	struct buf b = { 0 };

	protos_text(some, &b);
	assert_string_equal(buf_cstr(&b), want);
	buf_fini(&b);
}

static void test_proto_lists(void **state)
{
	enum sock_proto proto;

	(void)state;
	check_list(0, "");
	check_list(PROTO_BIT(PROTO_RAW), "raw");
	check_list(PROTO_BIT(PROTO_UDP) | PROTO_BIT(PROTO_TCP), "tcp or udp");
	check_list(PROTO_BIT(PROTO_UDP) | PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_SCTP),
		   "tcp, udp or sctp");
	assert_int_equal(protos_where(is_tcp_or_raw), PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_RAW));
	assert_false(proto_by_letter('a', &proto));
	assert_false(proto_by_letter('\0', &proto));
	assert_false(proto_by_number(IPPROTO_ICMP, &proto));
}

static void test_families(void **state)
{
	static const struct {
		const char *name;
		enum addr_family family;
	} cases[] = {
		{ "4", ADDR_INET },  { "inet", ADDR_INET },   { "ipv4", ADDR_INET },
		{ "6", ADDR_INET6 }, { "inet6", ADDR_INET6 }, { "IPv6", ADDR_INET6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum addr_family family;

		assert_true(family_parse(cases[i].name, strlen(cases[i].name), &family));
		assert_int_equal(family, cases[i].family);
	}
	assert_string_equal(family_name(ADDR_INET), "inet");
	assert_string_equal(family_name(ADDR_INET6), "inet6");
}

static void check_state(const char *name, unsigned int want)
{
	unsigned int states = 0;

	assert_true(state_parse(name, strlen(name), &states));
	assert_int_equal(states, want);
}

static void test_states(void **state)
{
	/* The names of the contract, and the kernel's numbers (include/net/tcp_states.h). */
	static const struct {
		unsigned int number;
		const char *name;
		const char *title;
	} cases[] = {
		{ 1, "established", "ESTAB" },	   { 2, "syn-sent", "SYN-SENT" },
		{ 3, "syn-recv", "SYN-RECV" },	   { 4, "fin-wait-1", "FIN-WAIT-1" },
		{ 5, "fin-wait-2", "FIN-WAIT-2" }, { 6, "time-wait", "TIME-WAIT" },
		{ 7, "close", "CLOSE" },	   { 8, "close-wait", "CLOSE-WAIT" },
		{ 9, "last-ack", "LAST-ACK" },	   { 10, "listen", "LISTEN" },
		{ 11, "closing", "CLOSING" },	   { 13, "bound", "BOUND" },
		{ 14, "forward", "FORWARD" },
	};
	unsigned int all = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char name[16];

		assert_string_equal(state_name((enum sock_state)cases[i].number), cases[i].name);
		assert_string_equal(state_title((enum sock_state)cases[i].number), cases[i].title);
		check_state(cases[i].name, 1U << cases[i].number);
		check_state(cases[i].title, 1U << cases[i].number);
		upper(name, cases[i].name);
		check_state(name, 1U << cases[i].number);
		all |= 1U << cases[i].number;
	}
	assert_int_equal(all, STATE_ANY);
	/* No source is asked for what is no socket. */
	assert_int_equal(STATE_ALL, STATE_ANY & ~(1U << 14));
	check_state("all", all);
}

static void test_state_classes(void **state)
{
	unsigned int listen = 1U << 10, close_and_bound = 1U << 7 | 1U << 13;
	unsigned int bucket = 1U << 3 | 1U << 6;
	unsigned int connected = STATE_ALL & ~(listen | close_and_bound);

	(void)state;
	check_state("listening", listen);
	check_state("closed", 1U << 7);
	check_state("unconn", close_and_bound);
	check_state("unconnected", close_and_bound);
	check_state("estab", 1U << 1);
	check_state("timewait", 1U << 6);
	check_state("connected", connected);
	check_state("synchronized", connected & ~(1U << 2));
	check_state("bucket", bucket);
	check_state("big", STATE_ALL & ~bucket);
}

static void test_timers(void **state)
{
	(void)state;
	assert_null(timer_name(SOCK_TIMER_NONE));
	assert_string_equal(timer_name(1), "on");
	assert_string_equal(timer_name(2), "keepalive");
	assert_string_equal(timer_name(3), "timewait");
	assert_string_equal(timer_name(4), "persist");
	assert_null(timer_name(5));
	assert_null(timer_name(UINT32_MAX));
}

/* Every name of an IP protocol is read back as its number, in either case. */
static void test_ip_protocols(void **state)
{
	static const struct {
		const char *name;
		uint8_t number;
		bool is_alias;
	} cases[] = {
		{ "icmp", 1, false },	    { "igmp", 2, false },   { "ospf", 89, false },
		{ "ipv6-icmp", 58, false }, { "icmpv6", 58, true }, { "ospfigp", 89, true },
		{ "vrrp", 112, false },	    { "raw", 255, false },  { "ip", 0, false },
	};
	unsigned int n_names = 0;
	uint8_t back;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_true(ip_protocol_parse(cases[i].name, strlen(cases[i].name), &back));
		assert_int_equal(back, cases[i].number);
		if (!cases[i].is_alias)
			assert_string_equal(ip_protocol_name(cases[i].number), cases[i].name);
	}
	for (unsigned int i = 0; i < 256; i++) {
		const char *name = ip_protocol_name((uint8_t)i);
		char shouted[32];

		if (!name)
			continue;
		n_names++;
		upper(shouted, name);
		assert_true(ip_protocol_parse(shouted, strlen(shouted), &back));
		assert_int_equal(back, i);
	}
	assert_true(n_names > 50);
	assert_null(ip_protocol_name(254));
	assert_false(ip_protocol_parse("icm", 3, &back));
	assert_false(ip_protocol_parse("icmpx", 5, &back));
	assert_false(ip_protocol_parse("", 0, &back));
	assert_false(ip_protocol_parse("89", 2, &back));
}

/* Beginnings, continuations and other words; each read up to its length. */
static void test_unknown(void **state)
{
	static const char *const words[] = { "",      "t", "tc",    "tcpx",    "tcp ",	    "icmp",
					     "inet4", "5", "liste", "listenx", "TIME WAIT", "12" };
	enum addr_family family;
	enum sock_proto proto;
	unsigned int states;
	struct edge edge;

	(void)state;
	edge_init(&edge, 16);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i]);
		const char *word = edge_copy(&edge, words[i], n);

		assert_false(proto_parse(word, n, &proto));
		assert_false(family_parse(word, n, &family));
		assert_false(state_parse(word, n, &states));
	}
	assert_true(proto_parse(edge_copy(&edge, "tcpx", 3), 3, &proto));
	assert_false(proto_parse("tcp\0", 4, &proto));
	edge_fini(&edge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_protos),	       cmocka_unit_test(test_proto_rows),
		cmocka_unit_test(test_proto_services), cmocka_unit_test(test_proto_lists),
		cmocka_unit_test(test_proto_kinds),    cmocka_unit_test(test_families),
		cmocka_unit_test(test_states),	       cmocka_unit_test(test_state_classes),
		cmocka_unit_test(test_timers),	       cmocka_unit_test(test_ip_protocols),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

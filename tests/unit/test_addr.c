/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses: written and read as the C library does, classified and matched by their bits. */
#include <config.h>

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "base/buf.h"
#include "edge.h"
#include "random.h"

static struct addr parsed(const char *text, enum addr_family *family)
{
	struct addr a;

	assert_int_equal(addr_parse(text, strlen(text), family, &a), 0);
	return a;
}

static void check_text(enum addr_family family, const struct addr *a, const char *want)
{
	struct buf out = { 0 };

	buf_str(&out, "<");
	addr_text(&out, family, a);
	buf_str(&out, ">");
	assert_int_equal(out.len, strlen(want) + 2);
	assert_memory_equal(out.data + 1, want, strlen(want));
	buf_fini(&out);
}

static void test_text(void **state)
{
	/* RFC 5952: lower case, no leading zeros, the first longest run of zeros, never a run of
	 * one. */
	static const struct {
		const char *in;
		const char *out;
	} cases[] = {
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "10.0.200.9", "10.0.200.9" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "1::", "1::" },
		{ "2001:DB8::A", "2001:db8::a" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "0:0:1:1:1:1:0:0", "::1:1:1:1:0:0" },
		{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "::ffff:0:0", "::ffff:0.0.0.0" },
		{ "fe80::1", "fe80::1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum addr_family family;
		struct addr a = parsed(cases[i].in, &family);

		check_text(family, &a, cases[i].out);
	}
}

/* inet_ntop(3) writes ::1.2.3.4 and ::a.b for the deprecated IPv4-compatible addresses; RFC 5952
 * does not. */
static bool is_v4_compatible(const struct addr *a)
{
	static const uint8_t zeros[12];

	return !memcmp(a->bytes, zeros, sizeof(zeros)) && (a->bytes[12] || a->bytes[13]);
}

static void check_against_libc(enum addr_family family, const struct addr *a)
{
	char want[INET6_ADDRSTRLEN];
	enum addr_family family_back;
	struct addr back;

	assert_non_null(
		inet_ntop(family == ADDR_INET ? AF_INET : AF_INET6, a->bytes, want, sizeof(want)));
	if (family == ADDR_INET6 && is_v4_compatible(a))
		return;
	check_text(family, a, want);
	assert_int_equal(addr_parse(want, strlen(want), &family_back, &back), 0);
	assert_int_equal(family_back, family);
	assert_memory_equal(&back, a, sizeof(back));
}

static void test_random_text(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		enum addr_family family = (enum addr_family)random_below(&seed, 2);
		uint64_t zero_groups = random_next(&seed);
		struct addr a = { 0 };

		/* Groups of zeros are what the short form is about: let them be frequent. */
		for (unsigned int k = 0; k < (family == ADDR_INET ? 4U : 16U); k++)
			if (zero_groups >> (k / 2) & 1)
				a.bytes[k] =
					(uint8_t)(random_next(&seed) >> random_below(&seed, 8));
		if (family == ADDR_INET6 && !random_below(&seed, 16)) {
			memset(a.bytes, 0, 10);
			a.bytes[10] = a.bytes[11] = 0xff;
		}
		check_against_libc(family, &a);
	}
}

static void test_parse_refuses(void **state)
{
	static const char *const cases[] = {
		"",
		"1",
		"1.2.3",
		"1.2.3.4.5",
		"1.2.3.256",
		"1.2.3.-4",
		"1.2.3.4 ",
		" 1.2.3.4",
		"01.2.3.4",
		"1.2.3.4/8",
		"localhost",
		":",
		":::",
		"1::2::3",
		"12345::",
		"g::",
		"::1%lo",
		"[::1]",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		"::ffff:1.2.3",
		"0x7f.0.0.1",
		("0000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		 "001"),
	};
	enum addr_family family;
	struct addr a;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(addr_parse(cases[i], strlen(cases[i]), &family, &a), -EINVAL);
	assert_int_equal(addr_parse("1.2.3.4\0", 8, &family, &a), -EINVAL);
	assert_int_equal(addr_parse("1.2\0.3.4", 8, &family, &a), -EINVAL);
}

/* Every cut of a good address is read up to its end and no further. */
static void test_parse_cut(void **state)
{
	static const char *const cases[] = {
		"192.168.100.200",
		"2001:db8:1111:2222:3333:4444:5555:6666",
		"::ffff:255.255.255.255",
		"1111:2222:3333:4444:5555:6666:255.255.255.255",
	};
	enum addr_family family;
	struct edge edge;
	struct addr a;

	(void)state;
	edge_init(&edge, 64);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i]);

		for (size_t n = 0; n < len; n++) {
			unsigned char want[16];
			char cut[64];
			int is_good;

			memcpy(cut, cases[i], n);
			cut[n] = '\0';
			is_good = inet_pton(AF_INET, cut, want) == 1 ||
				  inet_pton(AF_INET6, cut, want) == 1;
			assert_int_equal(addr_parse(edge_copy(&edge, cases[i], n), n, &family, &a),
					 is_good ? 0 : -EINVAL);
		}
		assert_int_equal(addr_parse(edge_copy(&edge, cases[i], len), len, &family, &a), 0);
	}
	edge_fini(&edge);
}

static void test_classes(void **state)
{
	static const struct {
		const char *text;
		bool is_any, is_mapped, is_loopback, is_link_local, is_on_many;
	} cases[] = {
		{ "0.0.0.0", .is_any = true },
		{ "0.0.0.1", .is_any = false },
		{ "127.0.0.1", .is_loopback = true },
		{ "127.255.255.255", .is_loopback = true },
		{ "126.255.255.255", .is_loopback = false },
		{ "128.0.0.0", .is_loopback = false },
		/* The first bytes of fe80::, read as IPv4. */
		{ "254.128.0.0", .is_link_local = false },
		{ "::", .is_any = true },
		{ "::1", .is_loopback = true },
		{ "::2", .is_loopback = false },
		{ "::127.0.0.1", .is_loopback = false },
		{ "::ffff:127.0.0.1", .is_mapped = true, .is_loopback = true },
		{ "::ffff:10.0.0.1", .is_mapped = true },
		{ "::ffff:0.0.0.0", .is_mapped = true },
		{ "7f00::", .is_loopback = false },
		{ "fe7f:ffff::", .is_link_local = false },
		{ "fe80::", .is_link_local = true, .is_on_many = true },
		{ "febf:ffff::", .is_link_local = true, .is_on_many = true },
		{ "fe80::1", .is_link_local = true, .is_on_many = true },
		{ "fe80::1:2", .is_link_local = true, .is_on_many = true },
		{ "fe80::42:acff:fe11:2", .is_link_local = true, .is_on_many = true },
		{ "fe80::42:acff:ff11:2", .is_link_local = true },
		{ "fe80::200:5eff:fe00:201", .is_link_local = true, .is_on_many = true },
		{ "fe80::5054:ff:fe12:3456", .is_link_local = true },
		{ "fe80::a8bb:ccff:fedd:eeff", .is_link_local = true },
		{ "2001:db8::42:acff:fe11:2", .is_on_many = false },
		{ "fec0::", .is_link_local = false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum addr_family family;
		struct addr a = parsed(cases[i].text, &family);

		assert_int_equal(addr_is_any(&a), cases[i].is_any);
		assert_int_equal(addr_is_v4_mapped(&a), cases[i].is_mapped);
		assert_int_equal(addr_is_loopback(family, &a), cases[i].is_loopback);
		assert_int_equal(addr_is_link_local(family, &a), cases[i].is_link_local);
		assert_int_equal(addr_is_on_many_links(family, &a), cases[i].is_on_many);
	}
}

static void test_prefix(void **state)
{
	static const struct {
		const char *addr;
		const char *prefix;
		unsigned int len;
		bool is_inside;
	} cases[] = {
		{ "10.1.2.3", "10.0.0.0", 8, true },
		{ "11.1.2.3", "10.0.0.0", 8, false },
		{ "1.2.3.4", "9.9.9.9", 0, true },
		{ "1.2.3.4", "1.2.3.4", 32, true },
		{ "1.2.3.5", "1.2.3.4", 32, false },
		{ "1.2.3.5", "1.2.3.4", 31, true },
		{ "1.2.3.6", "1.2.3.4", 31, false },
		{ "172.31.255.255", "172.16.0.0", 12, true },
		{ "172.32.0.0", "172.16.0.0", 12, false },
		{ "2001:db8::1", "2001:db8::", 32, true },
		{ "2001:db9::1", "2001:db8::", 32, false },
		{ "2001:db9::1", "2001:db8::", 31, true },
		{ "::1", "::1", 128, true },
		{ "::2", "::1", 128, false },
		{ "::2", "::1", 0, true },
		/* An IPv4 prefix holds mapped addresses, an IPv6 prefix no IPv4 ones. */
		{ "::ffff:10.1.2.3", "10.0.0.0", 8, true },
		{ "::ffff:11.1.2.3", "10.0.0.0", 8, false },
		{ "::ffff:11.1.2.3", "0.0.0.0", 0, true },
		{ "::11.1.2.3", "0.0.0.0", 0, false },
		{ "10.1.2.3", "::ffff:10.1.2.3", 128, false },
		{ "10.1.2.3", "::", 0, false },
		{ "::ffff:10.1.2.3", "::ffff:0:0", 96, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum addr_family family, prefix_family;
		struct addr a = parsed(cases[i].addr, &family);
		struct addr prefix = parsed(cases[i].prefix, &prefix_family);

		assert_int_equal(addr_in_prefix(family, &a, prefix_family, &prefix, cases[i].len),
				 cases[i].is_inside);
	}
}

/* A prefix of n bits holds what agrees in n bits: a bit after them may change, one in them not. */
static void test_prefix_bits(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		enum addr_family family = (enum addr_family)random_below(&seed, 2);
		unsigned int bits = family == ADDR_INET ? 32 : 128;
		unsigned int len = (unsigned int)random_below(&seed, bits + 1);
		unsigned int bit = (unsigned int)random_below(&seed, bits);
		struct addr a = { 0 }, b;

		for (unsigned int k = 0; k < bits / 8; k++)
			a.bytes[k] = (uint8_t)random_next(&seed);
		b = a;
		b.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		assert_true(addr_in_prefix(family, &a, family, &a, len));
		assert_int_equal(addr_in_prefix(family, &a, family, &b, len), bit >= len);
	}
}

static void test_port_tail(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		const char *tail;
	} cases[] = {
		{ "0.0.0.0:80", ":80" },    { "[::1]:65535", "]:65535" },
		{ "[fe80::1%lo]:22", "]:22" }, { "*:80", ":80" },
		{ "10.0.0.1", "" },	    { "[::1]", "" },
		{ "-", "" },		    { "", "" },
		{ "80", "" },		    { ":80", ":80" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(addr_port_tail(cases[i].text, strlen(cases[i].text)),
				 strlen(cases[i].tail));
}

/* A v4-mapped address is for people the IPv4 address in it, and stands beside it. */
static void test_mapped(void **state)
{
	static const struct {
		const char *text;
		const char *plain;
		enum addr_family family;
	} in_order[] = {
		{ "0.0.0.0", "0.0.0.0", ADDR_INET },
		{ "::ffff:0.0.0.1", "0.0.0.1", ADDR_INET },
		{ "10.0.0.1", "10.0.0.1", ADDR_INET },
		{ "::ffff:10.0.0.2", "10.0.0.2", ADDR_INET },
		{ "10.0.0.3", "10.0.0.3", ADDR_INET },
		{ "::", "::", ADDR_INET6 },
		{ "::1.2.3.4", "::102:304", ADDR_INET6 },
		{ "::fffe:1.2.3.4", "::fffe:102:304", ADDR_INET6 },
		{ "fe80::1", "fe80::1", ADDR_INET6 },
	};
	size_t n = sizeof(in_order) / sizeof(*in_order);
	enum addr_family families[sizeof(in_order) / sizeof(*in_order)];
	struct addr addrs[sizeof(in_order) / sizeof(*in_order)], plain;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct buf text = { 0 };

		assert_int_equal(addr_parse(in_order[i].text, strlen(in_order[i].text),
					    &families[i], &addrs[i]),
				 0);
		assert_int_equal(addr_unmap(families[i], &addrs[i], &plain), in_order[i].family);
		addr_text(&text, in_order[i].family, &plain);
		assert_string_equal(buf_cstr(&text), in_order[i].plain);
		buf_fini(&text);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			assert_int_equal(
				addr_compare(families[i], &addrs[i], families[k], &addrs[k]) > 0,
				i > k);
	/* In place, too; and both forms of one address are one. */
	assert_int_equal(addr_unmap(ADDR_INET6, &addrs[3], &addrs[3]), ADDR_INET);
	assert_int_equal(addrs[3].bytes[3], 2);
	assert_int_equal(addr_compare(ADDR_INET, &addrs[3], ADDR_INET6,
				      &(struct addr){ { [10] = 0xff, 0xff, 10, 0, 0, 2 } }),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),	      cmocka_unit_test(test_random_text),
		cmocka_unit_test(test_parse_refuses), cmocka_unit_test(test_parse_cut),
		cmocka_unit_test(test_classes),	      cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_prefix_bits),   cmocka_unit_test(test_port_tail),
		cmocka_unit_test(test_mapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

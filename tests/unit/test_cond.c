/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions: what they fold to, what they become for one kind of socket, when they hold. */
#include <config.h>

#include "test.h"

#include <arpa/inet.h>
#include <stdbool.h>

#include "model/cond.h"
#include "ports.h"
#include "random.h"

static uint32_t port_leaf(struct cond *c, uint8_t kind, uint16_t first, uint16_t last,
			  bool is_negated)
{
	struct cond_node leaf = { .kind = kind,
				  .is_negated = is_negated,
				  .ports = ONE_RANGE(first, last) };

	return cond_leaf(c, &leaf);
}

static uint32_t bits_leaf(struct cond *c, uint8_t kind, uint32_t bits, bool is_negated)
{
	struct cond_node leaf = { .kind = kind, .is_negated = is_negated, .bits = bits };

	return cond_leaf(c, &leaf);
}

static void test_constants(void **state)
{
	struct cond c;
	uint32_t leaf;

	(void)state;
	cond_init(&c);
	leaf = port_leaf(&c, COND_LOCAL_PORT, 1, 2, false);
	assert_true(cond_holds(&c, &(struct sock){ 0 }));
	assert_int_equal(cond_and(&c, leaf, COND_TRUE_AT), leaf);
	assert_int_equal(cond_and(&c, COND_TRUE_AT, leaf), leaf);
	assert_int_equal(cond_and(&c, leaf, COND_FALSE_AT), COND_FALSE_AT);
	assert_int_equal(cond_or(&c, leaf, COND_FALSE_AT), leaf);
	assert_int_equal(cond_or(&c, COND_FALSE_AT, leaf), leaf);
	assert_int_equal(cond_or(&c, leaf, COND_TRUE_AT), COND_TRUE_AT);
	c.root = COND_FALSE_AT;
	assert_false(cond_holds(&c, &(struct sock){ 0 }));
	cond_fini(&c);
}

/* Does a condition of one leaf hold for the socket? */
static bool holds(const struct cond_node *leaf, const struct sock *sk)
{
	struct cond c;
	bool result;

	cond_init(&c);
	c.root = cond_leaf(&c, leaf);
	result = cond_holds(&c, sk);
	cond_fini(&c);
	return result;
}

static void test_leaves(void **state)
{
	struct sock sk = { .proto = PROTO_UDP,
			   .family = ADDR_INET6,
			   .state = SOCK_STATE_BOUND,
			   .local.port = 53,
			   .remote.port = 7,
			   .ifindex = 3,
			   .mark = 0x15,
			   .cgroup = 9,
			   .known = SOCK_HAS_IFACE | SOCK_HAS_MARK | SOCK_HAS_CGROUP };
	const struct {
		struct cond_node leaf;
		bool wanted;
	} cases[] = {
		{ { .kind = COND_PROTO, .bits = PROTO_BIT(PROTO_UDP) }, true },
		{ { .kind = COND_PROTO, .bits = PROTO_BIT(PROTO_TCP) }, false },
		{ { .kind = COND_FAMILY, .bits = FAMILY_BIT(ADDR_INET6) }, true },
		{ { .kind = COND_FAMILY, .bits = FAMILY_BIT(ADDR_INET) }, false },
		{ { .kind = COND_STATE, .bits = STATE_BIT(SOCK_STATE_BOUND) }, true },
		{ { .kind = COND_STATE, .bits = STATE_BIT(SOCK_STATE_LISTEN) }, false },
		{ { .kind = COND_LOCAL_PORT, .ports = ONE_RANGE(53, 53) }, true },
		{ { .kind = COND_LOCAL_PORT, .ports = ONE_RANGE(54, 99) }, false },
		{ { .kind = COND_REMOTE_PORT, .ports = ONE_RANGE(0, 7) }, true },
		{ { .kind = COND_REMOTE_PORT, .ports = ONE_RANGE(8, 65535) }, false },
		{ { .kind = COND_IFINDEX, .number = 3 }, true },
		{ { .kind = COND_IFINDEX, .number = 0 }, false },
		{ { .kind = COND_MARK, .mark = { 0x5, 0xf } }, true },
		{ { .kind = COND_MARK, .mark = { 0x5, 0xff } }, false },
		{ { .kind = COND_CGROUP, .cgroup = 9 }, true },
		{ { .kind = COND_CGROUP, .cgroup = 8 }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct cond_node leaf = cases[i].leaf;

		assert_int_equal(holds(&leaf, &sk), cases[i].wanted);
		leaf.is_negated = true;
		assert_int_equal(holds(&leaf, &sk), !cases[i].wanted);
	}
	/* What is not known cannot be held against a socket. */
	sk.known = 0;
	for (size_t i = 10; i < sizeof(cases) / sizeof(*cases); i++) {
		struct cond_node leaf = cases[i].leaf;

		assert_true(holds(&leaf, &sk));
		leaf.is_negated = true;
		assert_true(holds(&leaf, &sk));
	}
}

static void test_prefixes(void **state)
{
	static const struct {
		int prefix_family;
		const char *prefix;
		uint8_t len;
		int family;
		const char *addr;
		bool wanted;
	} cases[] = {
		{ AF_INET, "10.0.0.0", 8, AF_INET, "10.200.0.1", true },
		{ AF_INET, "10.0.0.0", 8, AF_INET, "11.0.0.1", false },
		{ AF_INET, "10.0.0.0", 8, AF_INET6, "::ffff:10.0.0.1", true },
		{ AF_INET, "0.0.0.0", 0, AF_INET6, "::1", false },
		{ AF_INET, "10.0.0.6", 31, AF_INET, "10.0.0.7", true },
		{ AF_INET, "10.0.0.6", 31, AF_INET, "10.0.0.8", false },
		{ AF_INET6, "2001:db8::", 33, AF_INET6, "2001:db8:7fff::", true },
		{ AF_INET6, "2001:db8::", 33, AF_INET6, "2001:db8:8000::", false },
		{ AF_INET6, "::", 0, AF_INET6, "::1", true },
		{ AF_INET6, "::", 0, AF_INET, "10.0.0.1", false },
		{ AF_INET6, "::1", 128, AF_INET6, "::1", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool is_inet6 = cases[i].family == AF_INET6;
		struct cond_node leaf = { .kind = i & 1 ? COND_LOCAL_ADDR : COND_REMOTE_ADDR };
		struct sock sk = { .family = is_inet6 ? ADDR_INET6 : ADDR_INET };
		struct endpoint *end = i & 1 ? &sk.local : &sk.remote;

		leaf.prefix.family = cases[i].prefix_family == AF_INET6 ? ADDR_INET6 : ADDR_INET;
		leaf.prefix.len = cases[i].len;
		assert_int_equal(
			inet_pton(cases[i].prefix_family, cases[i].prefix, leaf.prefix.addr.bytes),
			1);
		assert_int_equal(inet_pton(cases[i].family, cases[i].addr, end->addr.bytes), 1);
		assert_int_equal(holds(&leaf, &sk), cases[i].wanted);
	}
}

/* Trees of leaves over few values, so that they decide one another. */
static void random_cond(uint64_t *seed, struct cond *c)
{
	uint32_t roots[16];
	size_t n = 1 + random_below(seed, 16);

	cond_init(c);
	for (size_t i = 0; i < n; i++) {
		bool is_negated = random_below(seed, 2);
		uint16_t port = (uint16_t)random_below(seed, 3);
		uint32_t bits = (uint32_t)random_next(seed);

		switch (random_below(seed, 5)) {
		case 0:
			roots[i] = bits_leaf(c, COND_PROTO, bits & PROTO_ALL, is_negated);
			break;
		case 1:
			roots[i] = bits_leaf(c, COND_FAMILY, bits & FAMILY_ALL, is_negated);
			break;
		case 2:
			roots[i] = bits_leaf(c, COND_STATE, bits & STATE_ALL, is_negated);
			break;
		case 3:
			roots[i] = port_leaf(c, COND_LOCAL_PORT, 0, port, is_negated);
			break;
		default:
			roots[i] = port_leaf(c, COND_REMOTE_PORT, port, port, is_negated);
		}
	}
	for (; n > 1; n--) {
		size_t at = random_below(seed, n - 1);

		roots[at] = random_below(seed, 2) ? cond_and(c, roots[at], roots[n - 1])
						  : cond_or(c, roots[at], roots[n - 1]);
	}
	c->root = roots[0];
}

/* For a socket of the kind and state it was made for, the special form says the same. */
static void test_restrict(void **state)
{
	uint64_t seed = 6;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		enum sock_proto proto = (enum sock_proto)random_below(&seed, PROTO_COUNT);
		enum addr_family family = (enum addr_family)random_below(&seed, ADDR_FAMILIES);
		uint8_t at = (uint8_t)(1 + random_below(&seed, 11));
		struct sock sk = { .proto = (uint8_t)proto,
				   .family = (uint8_t)family,
				   .state = at,
				   .local.port = (uint16_t)random_below(&seed, 3),
				   .remote.port = (uint16_t)random_below(&seed, 3) };
		struct cond all, one;

		if (proto == PROTO_RAW)
			sk.local.port = sk.remote.port = 0;
		random_cond(&seed, &all);
		/* Of both families it may let through more, never less. */
		cond_restrict(&all, proto, FAMILY_ALL, STATE_BIT(at), &one);
		assert_true(cond_holds(&one, &sk) || !cond_holds(&all, &sk));
		cond_fini(&one);
		cond_restrict(&all, proto, FAMILY_BIT(family), STATE_BIT(at), &one);
		assert_int_equal(cond_holds(&all, &sk), cond_holds(&one, &sk));
		for (size_t k = 2; k < one.n; k++)
			assert_true(one.nodes[k].kind != COND_STATE &&
				    one.nodes[k].kind != COND_PROTO &&
				    one.nodes[k].kind != COND_FAMILY);
		assert_int_equal(cond_states(&all, proto, family, STATE_BIT(at)) != 0,
				 one.root != COND_FALSE_AT);
		cond_fini(&one);
		cond_fini(&all);
	}
}

/* Of several states none is lost, and no other comes. */
static void test_states(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		unsigned int asked = (unsigned int)random_next(&seed) & STATE_ALL, wanted = 0;
		struct cond c;

		random_cond(&seed, &c);
		for (unsigned int at = 1; at < SOCK_STATE_COUNT; at++)
			wanted |= cond_states(&c, PROTO_TCP, ADDR_INET, asked & STATE_BIT(at));
		assert_int_equal(cond_states(&c, PROTO_TCP, ADDR_INET, asked), wanted);
		assert_int_equal(wanted & ~asked, 0);
		cond_fini(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constants), cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_prefixes),  cmocka_unit_test(test_restrict),
		cmocka_unit_test(test_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

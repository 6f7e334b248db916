/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Port sets against a plain array of booleans, and the classes of ports at their edges. */
#include <config.h>

#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "model/port_set.h"
#include "random.h"

#define N_PORTS (PORT_MAX + 1)

struct model {
	bool has[N_PORTS];
};

static void check(const struct port_set *set, const struct model *m)
{
	struct port_range range;
	uint32_t at = 0;
	bool is_empty = true;

	for (uint32_t port = 0; port < N_PORTS; port++) {
		assert_int_equal(port_set_has(set, (uint16_t)port), m->has[port]);
		is_empty = is_empty && !m->has[port];
	}
	assert_int_equal(port_set_is_empty(set), is_empty);
	/* The runs: nothing between them, all of each. */
	for (uint32_t from = 0; port_set_next(set, from, &range); from = range.last + 1U) {
		assert_true(range.first <= range.last);
		for (; at < range.first; at++)
			assert_false(m->has[at]);
		for (; at <= range.last; at++)
			assert_true(m->has[at]);
		assert_true(at == N_PORTS || !m->has[at]);
	}
	for (; at < N_PORTS; at++)
		assert_false(m->has[at]);
}

static struct port_range random_range(uint64_t *seed)
{
	uint16_t a = (uint16_t)random_next(seed), b = (uint16_t)random_next(seed);

	if (random_below(seed, 2))
		b = a < PORT_MAX - 2 ? (uint16_t)(a + random_below(seed, 3)) : a;
	return (struct port_range){ a < b ? a : b, a < b ? b : a };
}

static void test_random(void **state)
{
	static struct model m;
	struct port_set set = { 0 };
	uint64_t seed = 8;

	(void)state;
	memset(&m, 0, sizeof(m));
	check(&set, &m);
	for (int i = 0; i < 200; i++) {
		struct port_range range = random_range(&seed);
		bool is_added = random_below(&seed, 2);

		if (is_added)
			port_set_add(&set, range);
		else
			port_set_remove(&set, range);
		for (uint32_t port = range.first; port <= range.last; port++)
			m.has[port] = is_added;
		if (random_below(&seed, 16) == 0) {
			port_set_invert(&set);
			for (uint32_t port = 0; port < N_PORTS; port++)
				m.has[port] = !m.has[port];
		}
		check(&set, &m);
	}
}

static void test_sets(void **state)
{
	struct port_set a = { 0 }, b = { 0 };
	struct port_range range;

	(void)state;
	port_set_add(&a, (struct port_range){ 0, 100 });
	port_set_add(&b, (struct port_range){ 50, 65535 });
	port_set_remove_set(&a, &b);
	assert_true(port_set_next(&a, 0, &range));
	assert_int_equal(range.first, 0);
	assert_int_equal(range.last, 49);
	port_set_add_set(&a, &b);
	assert_true(port_set_next(&a, 0, &range));
	assert_int_equal(range.last, 65535);
	assert_false(port_set_next(&a, 65536, &range));
	port_set_invert(&a);
	assert_true(port_set_is_empty(&a));
}

static void test_classes(void **state)
{
	static const struct {
		uint16_t port;
		enum port_class class;
	} cases[] = {
		{ 0, PORT_CLASS_WELL_KNOWN },	 { 1023, PORT_CLASS_WELL_KNOWN },
		{ 1024, PORT_CLASS_REGISTERED }, { 49151, PORT_CLASS_REGISTERED },
		{ 49152, PORT_CLASS_DYNAMIC },	 { 65535, PORT_CLASS_DYNAMIC },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct port_range range = port_class_range(cases[i].class);

		assert_int_equal(port_class_of(cases[i].port), cases[i].class);
		assert_true(port_in_range(range, cases[i].port));
	}
	assert_string_equal(port_class_words[PORT_CLASS_WELL_KNOWN], "well-known");
	assert_string_equal(port_class_words[PORT_CLASS_REGISTERED], "registered");
	assert_string_equal(port_class_words[PORT_CLASS_DYNAMIC], "dynamic");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Port lists against port sets, and that their ranges are sorted and neither overlap nor touch. */
#include <config.h>

#include "test.h"

#include "base/buf.h"
#include "model/port_list.h"
#include "random.h"

static void check(const struct port_list *list, const struct port_set *set)
{
	struct port_range range;
	uint32_t from = 0;

	for (size_t i = 0; i < list->n; i++) {
		assert_true(port_set_next(set, from, &range));
		assert_int_equal(list->ranges[i].first, range.first);
		assert_int_equal(list->ranges[i].last, range.last);
		from = range.last + 1U;
	}
	assert_false(port_set_next(set, from, &range));
}

static struct port_range random_range(uint64_t *seed, unsigned int most)
{
	static const uint16_t edges[] = { 0, 1, 2, 65533, 65534, 65535 };
	uint16_t first =
		random_below(seed, 8) ? (uint16_t)random_next(seed) : edges[random_below(seed, 6)];
	uint32_t last = first + (uint32_t)random_below(seed, most);

	return (struct port_range){ first, last < PORT_MAX ? (uint16_t)last : PORT_MAX };
}

/* Many ranges, which come to touch, and then few large ones, which swallow them. */
static void test_random(void **state)
{
	struct port_list list = { 0 }, other = { 0 }, rest, copy;
	struct port_set set = { 0 };
	uint64_t seed = 5;

	(void)state;
	for (unsigned int i = 0; i < 3000; i++) {
		struct port_range range = random_range(&seed, i < 2900 ? 12 : 4000);

		port_list_add(i % 3 ? &list : &other, range);
		port_set_add(&set, range);
		if (i % 100)
			continue;
		port_list_add_list(&list, &other);
		check(&list, &set);
		copy = port_list_of(&set);
		check(&copy, &set);
		rest = port_list_rest(&copy);
		port_list_fini(&copy);
		copy = port_list_rest(&rest);
		check(&copy, &set);
		for (uint32_t port = 0; port <= PORT_MAX; port++) {
			assert_int_equal(port_list_has(&list, (uint16_t)port),
					 port_set_has(&set, (uint16_t)port));
			assert_int_equal(port_list_has(&rest, (uint16_t)port),
					 !port_set_has(&set, (uint16_t)port));
		}
		port_list_add_list(&rest, &list);
		assert_true(port_list_is_all(&rest));
		port_list_fini(&rest);
		port_list_fini(&copy);
	}
	port_list_fini(&list);
	port_list_fini(&other);
}

static void test_empty(void **state)
{
	struct port_list none = { 0 }, all = port_list_rest(&none), copy = port_list_copy(&none);

	(void)state;
	assert_int_equal(copy.n, 0);
	assert_false(port_list_has(&none, 0));
	assert_false(port_list_is_all(&none));
	assert_true(port_list_is_all(&all));
	port_list_fini(&copy);
	copy = port_list_rest(&all);
	assert_int_equal(copy.n, 0);
	port_list_fini(&copy);
	port_list_fini(&all);
}

static void test_print(void **state)
{
	struct port_list list = { 0 };
	struct buf text = { 0 };

	(void)state;
	port_list_add(&list, (struct port_range){ 80, 80 });
	port_list_add(&list, (struct port_range){ 0, 22 });
	port_list_print(&list, "", &text);
	buf_char(&text, ' ');
	port_list_print(&list, "!", &text);
	assert_string_equal(buf_cstr(&text), "0-22,80 !0-22,!80");
	buf_fini(&text);
	port_list_fini(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

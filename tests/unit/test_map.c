/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hash table against a plain array: what was added is found, and nothing else. */
#include <config.h>

#include "test.h"

#include "base/map.h"
#include "random.h"

static void test_empty(void **state)
{
	struct map m = { 0 };

	(void)state;
	assert_int_equal(map_get(&m, 0), MAP_NONE);
	assert_int_equal(map_get(&m, UINT64_MAX), MAP_NONE);
	map_clear(&m);
	map_fini(&m);
	map_fini(&m);
}

static void test_add(void **state)
{
	struct map m = { 0 };
	uint32_t *value;
	bool added;

	(void)state;
	value = map_add(&m, 0, 7, &added);
	assert_true(added);
	assert_int_equal(*value, 7);
	/* The first value stays, and can be changed where it stands. */
	value = map_add(&m, 0, 8, &added);
	assert_false(added);
	assert_int_equal(*value, 7);
	*value = 9;
	assert_int_equal(map_get(&m, 0), 9);
	assert_int_equal(*map_add(&m, UINT64_MAX, 0, NULL), 0);
	assert_int_equal(map_get(&m, UINT64_MAX), 0);
	assert_int_equal(m.n, 2);
	map_fini(&m);
	assert_int_equal(m.n, 0);
}

/* Keys as they come: counters, multiples of large powers of two, and what is in no order. */
static void check_keys(uint64_t (*key_of)(uint64_t i), bool is_reserved)
{
	enum { N = 30000 };
	struct map m = { 0 };
	size_t cap;

	if (is_reserved)
		map_reserve(&m, N);
	cap = m.cap;
	for (uint32_t i = 0; i < N; i++) {
		bool added;

		map_add(&m, key_of(i), i, &added);
		assert_true(added);
	}
	assert_int_equal(m.n, N);
	if (is_reserved)
		assert_int_equal(m.cap, cap);
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(map_get(&m, key_of(i)), i);
	for (uint64_t i = N; i < 2 * N; i++)
		assert_int_equal(map_get(&m, key_of(i)), MAP_NONE);
	cap = m.cap;
	map_clear(&m);
	assert_int_equal(m.n, 0);
	assert_int_equal(m.cap, cap);
	for (uint64_t i = 0; i < N; i++)
		assert_int_equal(map_get(&m, key_of(i)), MAP_NONE);
	assert_int_equal(*map_add(&m, key_of(3), 1, NULL), 1);
	map_fini(&m);
}

static uint64_t key_counter(uint64_t i)
{
	return i;
}

static uint64_t key_high_bits(uint64_t i)
{
	return i << 40;
}

static uint64_t key_scattered(uint64_t i)
{
	return random_next(&i);
}

static void test_keys(void **state)
{
	static uint64_t (*const keys[])(uint64_t) = { key_counter, key_high_bits, key_scattered };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		check_keys(keys[i], false);
		check_keys(keys[i], true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

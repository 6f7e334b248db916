/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The growable string: what is added stands there, however often it had to grow. */
#include <config.h>

#include "test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "random.h"

static void check(const struct buf *b, const char *want)
{
	assert_int_equal(b->len, strlen(want));
	assert_memory_equal(b->data, want, b->len);
}

static void test_empty(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_add(&b, NULL, 0);
	buf_str(&b, "");
	buf_fill(&b, 'x', 0);
	buf_printf(&b, "%s", "");
	assert_int_equal(b.len, 0);
	assert_string_equal(buf_cstr(&b), "");
	buf_fini(&b);
	assert_null(b.data);
	buf_fini(&b);
}

static void test_parts(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_char(&b, '[');
	buf_str(&b, "one");
	buf_add(&b, "\0two", 4);
	buf_fill(&b, '.', 3);
	buf_printf(&b, "%d-%s", 42, "end");
	assert_int_equal(b.len, 17);
	assert_memory_equal(b.data, "[one\0two...42-end", 17);
	buf_clear(&b);
	buf_str(&b, "new");
	check(&b, "new");
	assert_string_equal(buf_cstr(&b), "new");
	check(&b, "new");
	buf_fini(&b);
}

static void test_numbers(void **state)
{
	static const uint64_t values[] = {
		0,	   1, 9, 10, 99, 100, 65535, UINT32_MAX, INT64_MAX, (uint64_t)INT64_MAX + 1,
		UINT64_MAX
	};
	struct buf b = { 0 };
	uint64_t seed = 3;
	char want[64];

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values) + 20000; i++) {
		uint64_t v = i < sizeof(values) / sizeof(*values)
				     ? values[i]
				     : random_next(&seed) >> random_below(&seed, 64);

		buf_clear(&b);
		buf_u64(&b, v);
		snprintf(want, sizeof(want), "%" PRIu64, v);
		check(&b, want);
		buf_clear(&b);
		buf_i64(&b, (int64_t)v);
		snprintf(want, sizeof(want), "%" PRId64, (int64_t)v);
		check(&b, want);
		buf_clear(&b);
		buf_hex(&b, v, 16);
		snprintf(want, sizeof(want), "%016" PRIx64, v);
		check(&b, want);
	}
	buf_clear(&b);
	buf_hex(&b, 0x1f, 2);
	buf_hex(&b, 0x1f, 1);
	check(&b, "1ff");
	buf_fini(&b);
}

/* Adding at random against a plain array: every growth, at every offset. */
static void test_growth(void **state)
{
	enum { SIZE = 200000 };
	static char want[SIZE];
	struct buf b = { 0 };
	uint64_t seed = 5;
	size_t len = 0;

	(void)state;
	while (len < SIZE - 3000) {
		size_t n = random_below(&seed, 3000) >> random_below(&seed, 12);
		char c = (char)('a' + random_below(&seed, 26));

		memset(want + len, c, n);
		if (random_below(&seed, 2)) {
			buf_fill(&b, c, n);
		} else {
			memset(buf_reserve(&b, n), c, n);
			b.len += n;
		}
		len += n;
		assert_true(b.cap >= b.len);
	}
	assert_int_equal(b.len, len);
	assert_memory_equal(b.data, want, len);
	buf_fini(&b);
}

static void test_long_printf(void **state)
{
	struct buf b = { 0 };
	char text[5000];

	(void)state;
	memset(text, 'q', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 3; i++)
		buf_printf(&b, "%s", text);
	assert_int_equal(b.len, 3 * (sizeof(text) - 1));
	assert_memory_equal(b.data + 2 * (sizeof(text) - 1), text, sizeof(text) - 1);
	buf_fini(&b);
}

/* With less room than it needs, as much, and more: what is there before and after stays. */
static void test_printf_into_any_room(void **state)
{
	(void)state;
	for (size_t before = 0; before < 300; before++) {
		struct buf b = { 0 };

		buf_fill(&b, '.', before);
		buf_printf(&b, "%s-%d", "twelve", 12345);
		buf_char(&b, '!');
		assert_int_equal(b.len, before + 13);
		assert_memory_equal(b.data + before, "twelve-12345!", 13);
		assert_true(!before || b.data[before - 1] == '.');
		buf_fini(&b);
	}
}

/* The mapping of an address, as a line of /proc/self/maps. */
static void mapping_of(const char *at, char *out, size_t size)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	uintptr_t first, end;

	if (!maps)
		skip_because("there is no /proc");
	while (fgets(out, (int)size, maps))
		if (sscanf(out, "%" SCNxPTR "-%" SCNxPTR, &first, &end) == 2 &&
		    (uintptr_t)at >= first && (uintptr_t)at < end)
			break;
	fclose(maps);
}

static void test_sentence(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_sentence(&b, "one of %s.", "a, b");
	buf_sentence(&b, " None.", "x");
	buf_sentence(&b, "%s", "%s");
	assert_string_equal(buf_cstr(&b), "one of a, b. None.%s");
	buf_fini(&b);
}

/* mremap(2) enlarges nothing else, so that a copy would be made each time. */
static void a_large_one_is_one_mapping(void **state)
{
	const size_t large = 16 << 20;
	char start[256], inside[256];
	struct buf b = { 0 };

	(void)state;
	buf_fill(&b, 'x', large);
	mapping_of(b.data, start, sizeof(start));
	mapping_of(b.data + large / 2, inside, sizeof(inside));
	assert_string_equal(start, inside);
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),	    cmocka_unit_test(test_parts),
		cmocka_unit_test(test_numbers),	    cmocka_unit_test(test_growth),
		cmocka_unit_test(test_long_printf), cmocka_unit_test(test_printf_into_any_room),
		cmocka_unit_test(test_sentence),    cmocka_unit_test(a_large_one_is_one_mapping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

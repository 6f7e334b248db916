/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers: digits and nothing else, up to a maximum, read no further than their length. */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "edge.h"
#include "random.h"

#define UNTOUCHED 0xdeadbeefU

static void test_decimal(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		int err;
		uint64_t value;
	} cases[] = {
		{ "0", 0, 0, 0 },
		{ "00", 0, 0, 0 },
		{ "1", 0, -ERANGE, UNTOUCHED },
		{ "65535", 65535, 0, 65535 },
		{ "65536", 65535, -ERANGE, UNTOUCHED },
		{ "000065535", 65535, 0, 65535 },
		{ "7", 5, -ERANGE, UNTOUCHED },
		{ "18446744073709551615", UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, -ERANGE, UNTOUCHED },
		{ "99999999999999999999999999", UINT64_MAX, -ERANGE, UNTOUCHED },
		{ "", UINT64_MAX, -EINVAL, UNTOUCHED },
		{ "-1", UINT64_MAX, -EINVAL, UNTOUCHED },
		{ "+1", UINT64_MAX, -EINVAL, UNTOUCHED },
		{ " 1", UINT64_MAX, -EINVAL, UNTOUCHED },
		{ "1 ", UINT64_MAX, -EINVAL, UNTOUCHED },
		{ "0x1", UINT64_MAX, -EINVAL, UNTOUCHED },
		{ "1a", UINT64_MAX, -EINVAL, UNTOUCHED },
		{ "1.0", UINT64_MAX, -EINVAL, UNTOUCHED },
		/* A word that is no number is that, however long its digits are. */
		{ "99999999999999999999999999x", UINT64_MAX, -EINVAL, UNTOUCHED },
		{ "\xd9\xa1", UINT64_MAX, -EINVAL, UNTOUCHED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t value = UNTOUCHED;

		assert_int_equal(
			number_parse(cases[i].text, strlen(cases[i].text), cases[i].max, &value),
			cases[i].err);
		assert_int_equal(value, cases[i].value);
	}
}

static void test_hexadecimal(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		int err;
		uint64_t value;
	} cases[] = {
		{ "0", 0, 0, 0 },
		{ "1F90", 65535, 0, 8080 },
		{ "1f90", 65535, 0, 8080 },
		{ "ffff", 65535, 0, 65535 },
		{ "10000", 65535, -ERANGE, UNTOUCHED },
		{ "FFFFFFFFFFFFFFFF", UINT64_MAX, 0, UINT64_MAX },
		{ "10000000000000000", UINT64_MAX, -ERANGE, UNTOUCHED },
		{ "", 65535, -EINVAL, UNTOUCHED },
		{ "g", 65535, -EINVAL, UNTOUCHED },
		{ "0x1", 65535, -EINVAL, UNTOUCHED },
		{ "-1", 65535, -EINVAL, UNTOUCHED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t value = UNTOUCHED;

		assert_int_equal(number_parse_hex(cases[i].text, strlen(cases[i].text),
						  cases[i].max, &value),
				 cases[i].err);
		assert_int_equal(value, cases[i].value);
	}
}

static void test_random(void **state)
{
	uint64_t seed = 11;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t v = random_next(&seed) >> random_below(&seed, 64);
		uint64_t max = random_next(&seed) >> random_below(&seed, 64);
		uint64_t back = UNTOUCHED;
		char text[32];
		int err = v > max ? -ERANGE : 0;

		snprintf(text, sizeof(text), "%" PRIu64, v);
		assert_int_equal(number_parse(text, strlen(text), max, &back), err);
		assert_int_equal(back, err ? UNTOUCHED : v);
		back = UNTOUCHED;
		snprintf(text, sizeof(text), "%" PRIx64, v);
		assert_int_equal(number_parse_hex(text, strlen(text), max, &back), err);
		assert_int_equal(back, err ? UNTOUCHED : v);
	}
}

/* The length ends the number, not what stands behind it. */
static void test_cut(void **state)
{
	static const char digits[] = "1234567890";
	uint64_t want = 0, value;
	struct edge edge;

	(void)state;
	edge_init(&edge, 16);
	for (size_t n = 1; n < sizeof(digits); n++) {
		want = want * 10 + (uint64_t)(digits[n - 1] - '0');
		assert_int_equal(number_parse(edge_copy(&edge, digits, n), n, UINT64_MAX, &value),
				 0);
		assert_int_equal(value, want);
		assert_int_equal(
			number_parse_hex(edge_copy(&edge, digits, n), n, UINT64_MAX, &value), 0);
	}
	assert_int_equal(number_parse(edge_copy(&edge, digits, 0), 0, UINT64_MAX, &value), -EINVAL);
	edge_fini(&edge);
	assert_int_equal(number_parse("12\0003", 4, UINT64_MAX, &value), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decimal),
		cmocka_unit_test(test_hexadecimal),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

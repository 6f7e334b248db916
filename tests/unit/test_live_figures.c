/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Byte counts and ages in few columns, at the edges of their units; and text wrapped below labels. */
#include <config.h>

#include "live/figures.h"

#include <string.h>

#include "base/buf.h"
#include "live/frame.h"
#include "live/pad.h"
#include "test.h"

static void ages(void **state)
{
	static const struct {
		uint64_t seconds;
		const char *want;
	} cases[] = {
		{ 0, "0s" },	   { 59, "59s" },	  { 60, "1m0s" },      { 3599, "59m59s" },
		{ 3600, "1h0m" },  { 8079, "2h14m" },	  { 86399, "23h59m" }, { 86400, "1d0h" },
		{ 90000, "1d1h" }, { 8640000, "100d0h" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out = { 0 };

		age_text(cases[i].seconds * 1000 + 999, &out);
		assert_string_equal(buf_cstr(&out), cases[i].want);
		buf_fini(&out);
	}
}

static void byte_counts(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *want;
	} cases[] = {
		{ 0, "0" },
		{ 999, "999" },
		{ 1000, "0.9K" },
		{ 4300800, "4.1M" },
		{ 10485760, "10M" },
		{ UINT64_MAX - 1, "16E" },
		{ RATE_UNKNOWN, "-" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out = { 0 };

		bytes_text(cases[i].bytes, &out);
		assert_string_equal(buf_cstr(&out), cases[i].want);
		buf_fini(&out);
	}
}

static void times_rates_and_counts(void **state)
{
	static const struct {
		void (*add)(uint64_t value, struct buf *out);
		uint64_t value;
		const char *want;
	} cases[] = {
		{ duration_text, 0, "0us" },
		{ duration_text, 38, "38us" },
		{ duration_text, 1000, "1ms" },
		{ duration_text, 1250, "1.2ms" },
		{ duration_text, 450900, "450ms" },
		{ duration_text, 1500000, "1.5s" },
		{ duration_text, 59999999, "59.9s" },
		{ duration_text, 134000000, "2m14s" },
		{ bits_text, 999, "999bit/s" },
		{ bits_text, 1000, "1Kbit/s" },
		{ bits_text, 73959384608, "73.9Gbit/s" },
		{ bits_text, UINT64_MAX, "18.4Ebit/s" },
		{ count_text, 0, "0" },
		{ count_text, 999, "999" },
		{ count_text, 91224, "91,224" },
		{ count_text, 1000000, "1,000,000" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out = { 0 };

		cases[i].add(cases[i].value, &out);
		assert_string_equal(buf_cstr(&out), cases[i].want);
		buf_fini(&out);
	}
}

/* The lines of a pad, with a | at the end of each. */
static void expect_lines(const struct pad *pad, const char *want)
{
	struct buf got = { 0 };

	for (size_t i = 0; i < pad->n; i++) {
		size_t end = i + 1 < pad->n ? pad->lines[i + 1].start : pad->text.len;

		buf_add(&got, pad->text.data + pad->lines[i].start, end - pad->lines[i].start);
		buf_char(&got, '|');
	}
	assert_string_equal(buf_cstr(&got), want);
	buf_fini(&got);
}

/* A piece that does not fit goes to the next line, and one longer than a line is cut into lines. */
static void pieces(void **state)
{
	struct pad pad = { .width = 22 };

	(void)state;
	pad_line(&pad, "socket");
	pad_str(&pad, "one");
	pad_str(&pad, "two");
	pad_str(&pad, "three");
	pad_line(&pad, "more");
	pad_str(&pad, "abcdefghijklmnop");
	expect_lines(&pad, " socket    one   two|           three| more      abcdefghijk|"
			   "           lmnop|");
	pad_fini(&pad);
}

/* A label that takes the whole column keeps a space to what it labels. */
static void long_labels(void **state)
{
	struct pad pad = { .width = 40 };

	(void)state;
	pad_line(&pad, "other end");
	pad_str(&pad, "x");
	pad_line(&pad, "anderes Ende");
	pad_str(&pad, "x");
	pad_str(&pad, "y");
	expect_lines(&pad, " other end x| anderes Ende x   y|");
	pad_fini(&pad);
}

/* Where not even one character fits the text is written as it is: this ends. */
static void no_width(void **state)
{
	struct pad pad = { .width = PAD_INDENT + 1 };

	(void)state;
	pad_line(&pad, "");
	pad_str(&pad, "\xe6\xbc\xa2");
	expect_lines(&pad, "           \xe6\xbc\xa2|");
	pad_fini(&pad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ages),
		cmocka_unit_test(byte_counts),
		cmocka_unit_test(times_rates_and_counts),
		cmocka_unit_test(pieces),
		cmocka_unit_test(long_labels),
		cmocka_unit_test(no_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

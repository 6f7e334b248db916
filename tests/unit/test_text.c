/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside: every byte sequence becomes something that a terminal can be given. */
#include <config.h>

#include "test.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "edge.h"
#include "random.h"

/* Every code point there is, whole and cut, at the end of what may be read. */
static void test_decode_all(void **state)
{
	struct edge edge;

	(void)state;
	edge_init(&edge, 4);
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		bool is_surrogate = cp >= 0xd800 && cp <= 0xdfff;
		uint32_t back = UINT32_MAX;
		char bytes[4];
		size_t len = text_encode(cp, bytes);

		assert_int_equal(text_decode(edge_copy(&edge, bytes, len), len, &back),
				 is_surrogate ? 0 : len);
		if (!is_surrogate)
			assert_int_equal(back, cp);
		for (size_t n = 1; n < len; n++)
			assert_int_equal(text_decode(edge_copy(&edge, bytes, n), n, &back), 0);
	}
	edge_fini(&edge);
}

static void test_decode_refuses(void **state)
{
	static const char *const cases[] = {
		"\x80",
		"\xbf",
		"\xc0\x80",
		"\xc1\xbf", /* a continuation alone; overlong ASCII */
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", /* overlong */
		"\xed\xa0\x80",
		"\xed\xbf\xbf", /* surrogates */
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xfe",
		"\xff", /* behind U+10FFFF */
		"\xc3(",
		"\xe2\x82(",
		"\xe2(\x82",
		"\xf0\x9f\x98(",
		"\xc3\xc3",
	};
	uint32_t cp;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(text_decode(cases[i], strlen(cases[i]), &cp), 0);
}

static void check_visible(const char *in, size_t n, bool ascii_only, const char *want)
{
	struct buf out = { 0 };

	text_visible(&out, in, n, ascii_only);
	assert_string_equal(buf_cstr(&out), want);
	assert_int_equal(text_is_plain(in, n, ascii_only),
			 strlen(want) == n && !memcmp(in, want, n));
	buf_fini(&out);
}

static void test_visible(void **state)
{
	static const struct {
		const char *in;
		const char *out;
		const char *ascii; /* NULL: the same */
	} cases[] = {
		{ "", "", NULL },
		{ "nginx: worker ~", "nginx: worker ~", NULL },
		{ "\x1b[2J", "\\x1b[2J", NULL },
		{ "a\nb\tc\r\x7f\x01", "a\\x0ab\\x09c\\x0d\\x7f\\x01", NULL },
		{ "caf\xc3\xa9", "caf\xc3\xa9", "caf\\xc3\\xa9" },
		{ "\xe7\x8a\xb6", "\xe7\x8a\xb6", "\\xe7\\x8a\\xb6" },
		{ "\xc2\x9b"
		  "31m",
		  "\\xc2\\x9b31m", NULL }, /* CSI of C1 */
		{ "\xc2\xa0", "\xc2\xa0", "\\xc2\\xa0" },
		{ "\xff\xfe", "\\xff\\xfe", NULL },
		{ "a\xc3", "a\\xc3", NULL },
		{ "\xe2\x82(", "\\xe2\\x82(", NULL },
		{ "\xe2\x80\xae"
		  "gpj.exe",
		  "\\xe2\\x80\\xaegpj.exe", NULL }, /* right to left */
		{ "\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9", NULL },
		{ "\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f", "\\xd8\\x9c\\xe2\\x80\\x8e\\xe2\\x80\\x8f",
		  NULL },
		{ "\xe2\x80\xa8\xe2\x80\xa9", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9", NULL },
		{ "\xef\xbb\xbfx", "\\xef\\xbb\\xbfx", NULL },
		{ "web\xe2\x80\x8d", "web\\xe2\\x80\\x8d", NULL }, /* zero width joiner */
		{ "\xe2\x80\x8b\xe2\x80\xaf", "\\xe2\\x80\\x8b\\xe2\\x80\\xaf", NULL },
		{ "\xe2\x81\xa0", "\\xe2\\x81\\xa0", NULL }, /* word joiner */
		{ "\xef\xb8\x8f", "\\xef\\xb8\\x8f", NULL }, /* variation selector 16 */
		{ "\xc2\xad", "\\xc2\\xad", NULL }, /* soft hyphen */
		{ "\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81", NULL }, /* a tag */
		{ "\xe2\x80\x90\xe2\x80\xb0", "\xe2\x80\x90\xe2\x80\xb0",
		  "\\xe2\\x80\\x90\\xe2\\x80\\xb0" }, /* a hyphen, and per mille */
		{ "\\x1b", "\\x1b", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = strlen(cases[i].in);

		check_visible(cases[i].in, n, false, cases[i].out);
		check_visible(cases[i].in, n, true, cases[i].ascii ? cases[i].ascii : cases[i].out);
	}
	check_visible("a\0b", 3, false, "a\\x00b");
}

/* What no result may hold, whatever went in: control bytes, and with ascii_only anything else. */
static void test_visible_random(void **state)
{
	struct buf out = { 0 };
	struct edge edge;
	uint64_t seed = 13;

	(void)state;
	edge_init(&edge, 64);
	for (int i = 0; i < 100000; i++) {
		bool ascii_only = random_below(&seed, 2);
		size_t n = random_below(&seed, 24);
		char raw[24];
		char *in;

		for (size_t k = 0; k < n; k++)
			raw[k] = (char)(random_next(&seed) >> (random_below(&seed, 2) ? 1 : 0));
		in = edge_copy(&edge, raw, n);
		buf_clear(&out);
		text_visible(&out, in, n, ascii_only);
		assert_true(text_is_plain(out.data, out.len, ascii_only));
		for (size_t k = 0; k < out.len; k++) {
			unsigned char c = (unsigned char)out.data[k];

			assert_true(c >= 0x20 && c != 0x7f);
			assert_true(!ascii_only || c < 0x80);
		}
		text_width(in, n);
		assert_true(text_fit(in, n, 7, NULL) <= n);
	}
	edge_fini(&edge);
	buf_fini(&out);
}

static void test_width(void **state)
{
	static const struct {
		const char *text;
		size_t width;
	} cases[] = {
		{ "", 0 },
		{ "LISTEN", 6 },
		{ "\xc3\x89tat", 4 }, /* four letters in five bytes */
		{ "\xe7\x8a\xb6\xe6\x80\x81", 4 }, /* two wide characters */
		{ "e\xcc\x81", 1 }, /* a letter and its combining accent */
		{ "\xf0\x9f\x98\x80", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(text_width(cases[i].text, strlen(cases[i].text)), cases[i].width);
}

static void test_fit(void **state)
{
	static const struct {
		const char *text;
		size_t width;
		size_t bytes;
		size_t used;
	} cases[] = {
		{ "", 3, 0, 0 },
		{ "abc", 0, 0, 0 },
		{ "abc", 2, 2, 2 },
		{ "abc", 3, 3, 3 },
		{ "abc", 9, 3, 3 },
		/* A wide character is shown whole or not at all. */
		{ "\xe7\x8a\xb6\xe6\x80\x81", 1, 0, 0 },
		{ "\xe7\x8a\xb6\xe6\x80\x81", 2, 3, 2 },
		{ "\xe7\x8a\xb6\xe6\x80\x81", 3, 3, 2 },
		{ "\xe7\x8a\xb6\xe6\x80\x81", 4, 6, 4 },
		/* The accent goes with its letter. */
		{ "e\xcc\x81x", 1, 3, 1 },
		{ "e\xcc\x81x", 2, 4, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t used = 99;

		assert_int_equal(
			text_fit(cases[i].text, strlen(cases[i].text), cases[i].width, &used),
			cases[i].bytes);
		assert_int_equal(used, cases[i].used);
	}
}

/* Between words, and between wide characters, but not before one that closes what came before. */
static void test_break(void **state)
{
	static const struct {
		const char *text;
		size_t fits;
		size_t want;
	} cases[] = {
		{ "one two three", 9, 7 },	{ "one two three", 7, 7 },
		{ "one two three", 6, 3 },	{ "onetwo", 4, 4 },
		{ "状態 abc", 8, 6 },		{ "a bind するか、x", 13, 13 },
		{ "a bind するか、x", 16, 13 }, { "a bind するか、xyz", 20, 19 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(text_break(cases[i].text, strlen(cases[i].text), cases[i].fits),
				 cases[i].want);
}

/* What was there before stays, the tail as far as there is room for it and the mark. */
static void test_shorten(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		size_t room;
		size_t tail;
		const char *want;
	} cases[] = {
		{ "abcdef", 6, 0, "abcdef" },	{ "abcdef", 5, 0, "abcd~" },
		{ "abcdef", 1, 0, "~" },	{ "abcdef", 5, 2, "ab~ef" },
		{ "abcdef", 3, 2, "~ef" },	{ "abcdef", 2, 2, "a~" },
		{ "", 1, 0, "" },		{ "\xe7\x8a\xb6\xe7\x8a\xb6z", 4, 1, "\xe7\x8a\xb6~z" },
		{ "\xe7\x8a\xb6z", 2, 1, "~z" }, { "abcdef", 100, 6, "abcdef" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b = { 0 };

		buf_str(&b, "> ");
		buf_str(&b, cases[i].text);
		text_shorten(&b, 2, cases[i].room, "~", cases[i].tail);
		assert_string_equal(buf_cstr(&b) + 2, cases[i].want);
		assert_memory_equal(b.data, "> ", 2);
		buf_fini(&b);
	}
}

/* Letters of ASCII alone have two cases, and a name ends with its NUL. */
static void test_compare(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		size_t len;
		const char *word;
		int want;
	} cases[] = {
		{ "", 0, "", 0 },	    { "a", 1, "", 1 },	      { "", 0, "a", -1 },
		{ "LISTEN", 6, "listen", 0 }, { "listen", 6, "LISTEN", 0 }, { "lis", 3, "listen", -1 },
		{ "listen", 6, "lis", 1 },    { "listen\0x", 8, "listen", 1 }, { "a\0", 2, "a", 1 },
		{ "b", 1, "A", 1 },	    { "B", 1, "a", 1 },	      { "A", 1, "b", -1 },
		{ "[", 1, "{", -1 },	    { "@", 1, "`", -1 },      { "\xc4", 1, "\xe4", -1 },
		{ "\xff", 1, "z", 1 },	    { "z", 1, "\xff", -1 },   { "_", 1, "A", -1 },
	};
	/* clang-format on */
	struct edge edge;

	(void)state;
	edge_init(&edge, 8);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *text = edge_copy(&edge, cases[i].text, cases[i].len);

		assert_int_equal(text_compare(text, cases[i].len, cases[i].word), cases[i].want);
		assert_int_equal(text_is(text, cases[i].len, cases[i].word), !cases[i].want);
	}
	edge_fini(&edge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode_all), cmocka_unit_test(test_decode_refuses),
		cmocka_unit_test(test_visible),	   cmocka_unit_test(test_visible_random),
		cmocka_unit_test(test_width),	   cmocka_unit_test(test_fit),
		cmocka_unit_test(test_shorten),	   cmocka_unit_test(test_compare),
		cmocka_unit_test(test_break),
	};

	/* Widths are the locale's; this one is part of the C library. */
	if (!setlocale(LC_ALL, "C.UTF-8")) {
		puts("1..0 # SKIP no locale C.UTF-8");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

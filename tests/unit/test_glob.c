/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shell patterns: each of their signs, bytes that are no text, and no blow-up. */
#include <config.h>

#include "base/glob.h"

#include <string.h>

#include "test.h"

static const struct {
	const char *pattern;
	const char *text;
	bool matches;
} cases[] = {
	{ "", "", true },
	{ "", "a", false },
	{ "a", "", false },
	{ "abc", "abc", true },
	{ "abc", "abd", false },
	{ "abc", "abcd", false },
	{ "*", "", true },
	{ "*", "anything", true },
	{ "**", "x", true },
	{ "a*", "a", true },
	{ "a*", "ba", false },
	{ "*a", "ba", true },
	{ "*a*", "xxaxx", true },
	{ "a*b*c", "a1b2b3c", true },
	{ "a*b*c", "a1b2b3", false },
	{ "*.conf", "a.conf.conf", true },
	{ "?", "a", true },
	{ "?", "", false },
	{ "?", "ab", false },
	{ "a?c", "abc", true },
	{ "?*", "", false },
	{ "[abc]", "b", true },
	{ "[abc]", "d", false },
	{ "[a-c]x", "bx", true },
	{ "[a-c]", "d", false },
	{ "[!a-c]", "d", true },
	{ "[^a-c]", "a", false },
	{ "[]]", "]", true },
	{ "[!]]", "]", false },
	{ "[!]]", "a", true },
	{ "[a-]", "-", true },
	{ "[-a]", "-", true },
	{ "[a\\]b]", "]", true },
	{ "[\\!a]", "!", true },
	{ "[[:digit:]]", "7", true },
	{ "[[:digit:]]", "a", false },
	{ "[![:digit:]]", "a", true },
	{ "[[:nosuch:]]", "a", false },
	{ "[[:digit]", "d", true },
	{ "[[:digit]", ":", true },
	{ "[a[:digit:]b]", "b", true },
	{ "[", "[", true },
	{ "[a", "[a", true },
	{ "[a", "a", false },
	{ "[]", "[]", true },
	{ "a[b*", "a[bcd", true },
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "\\[a]", "[a]", true },
	{ "a\\", "a\\", true },
	{ "\\\\", "\\", true },
	{ "?", "\xc3\xa9", true },
	{ "??", "\xc3\xa9", false },
	{ "[\xc3\xa0-\xc3\xaf]", "\xc3\xa9", true },
	{ "?", "\xff", true },
	{ "\xff", "\xff", true },
	{ "\xff", "\xfe", false },
	{ "[\xf0-\xff]", "\xf8", true },
	{ "[!a]", "\xff", true },
	{ "[[:print:]]", "\xff", false },
	{ "a*b",
	  "a\xff\xfe\xc3"
	  "b",
	  true },
	{ "\xc3*", "\xc3\xa9", false },
	/* Where fnmatch(3) depends on the locale. */
	{ "caf?", "caf\xc3\xa9", true },
	{ "[a-z]", "\xc3\xa9", false },
	{ "[0-9]", "\xc2\xb2", false },
};

static void each_sign(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (glob_matches(cases[i].pattern, strlen(cases[i].pattern), cases[i].text,
				 strlen(cases[i].text)) != cases[i].matches)
			fail_msg("'%s' and '%s'", cases[i].pattern, cases[i].text);
}

static void bytes_of_any_kind(void **state)
{
	(void)state;
	assert_true(glob_matches("a?b", 3, "a\0b", 3));
	assert_true(glob_matches("a\0*", 3, "a\0bc", 4));
	assert_false(glob_matches("a\0b", 3, "a", 1));
	assert_true(glob_matches(NULL, 0, NULL, 0));
	assert_true(glob_is_pattern("a*", 2) && glob_is_pattern("?", 1) && glob_is_pattern("[", 1));
	assert_false(glob_is_pattern("a\\*\\?\\[", 7) || glob_is_pattern("", 0) ||
		     glob_is_pattern("a]!^-", 5) || glob_is_pattern("\\", 1));
}

/* With backtracking to every star this would not end in our lives. */
static void many_stars(void **state)
{
	char pattern[201], text[4000];

	(void)state;
	for (size_t i = 0; i < 200; i += 2)
		memcpy(pattern + i, "a*", 2);
	pattern[200] = 'b';
	memset(text, 'a', sizeof(text));
	assert_false(glob_matches(pattern, sizeof(pattern), text, sizeof(text)));
	text[sizeof(text) - 1] = 'b';
	assert_true(glob_matches(pattern, sizeof(pattern), text, sizeof(text)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sign),
		cmocka_unit_test(bytes_of_any_kind),
		cmocka_unit_test(many_stars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shell patterns that mean the same in every locale, except for named classes.  fnmatch(3) does
 * not: glibc's "?" matches one byte in the C locale, and its "[0-9]" a superscript two in
 * de_DE.UTF-8.
 */
#include <config.h>

#include "base/glob.h"

#include <stdint.h>
#include <string.h>
#include <wctype.h>

#include "base/text.h"

/* Marks a byte that is not part of a UTF-8 character; greater than every code point. */
#define RAW_BYTE 0x110000U

/* The unread rest of a pattern or of a text. */
struct reader {
	const char *s;
	size_t n;
};

/* Reads the next character; there must be one. */
static uint32_t next(struct reader *r)
{
	uint32_t c;
	size_t len = text_decode(r->s, r->n, &c);

	if (!len) {
		c = RAW_BYTE | (unsigned char)*r->s;
		len = 1;
	}
	r->s += len;
	r->n -= len;
	return c;
}

/* The same for a pattern, in which a backslash quotes the next character. */
static uint32_t next_plain(struct reader *r)
{
	uint32_t c = next(r);

	return c == '\\' && r->n ? next(r) : c;
}

bool glob_is_pattern(const char *pattern, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (pattern[i] == '\\')
			i++;
		else if (pattern[i] == '*' || pattern[i] == '?' || pattern[i] == '[')
			return true;
	}
	return false;
}

/* Reads a class such as "[:alpha:]" after its first "["; false if it is not one. */
static bool in_class(struct reader *set, uint32_t c, bool *is_in)
{
	const char *end = set->n ? memchr(set->s + 1, ':', set->n - 1) : NULL;
	char name[16];
	size_t len;

	if (!end || *set->s != ':' || end + 1 == set->s + set->n || end[1] != ']')
		return false;
	len = (size_t)(end - set->s) - 1;
	if (len >= sizeof(name))
		return false;
	memcpy(name, set->s + 1, len);
	name[len] = '\0';
	*is_in |= c < RAW_BYTE && iswctype((wint_t)c, wctype(name));
	set->n -= len + 3;
	set->s += len + 3;
	return true;
}

/* Reads a set after its "[".  False, and nothing is read, if the set has no end. */
static bool in_set(struct reader *pattern, uint32_t c, bool *is_in)
{
	struct reader set = *pattern;
	bool is_negated = set.n && (*set.s == '!' || *set.s == '^'), is_first = true, found = false;

	if (is_negated)
		next(&set);
	for (; set.n; is_first = false) {
		uint32_t low, high;

		if (*set.s == ']' && !is_first) {
			next(&set);
			*pattern = set;
			*is_in = found != is_negated;
			return true;
		}
		if (*set.s == '[') {
			struct reader class = { set.s + 1, set.n - 1 };

			if (in_class(&class, c, &found)) {
				set = class;
				continue;
			}
		}
		low = high = next_plain(&set);
		if (set.n > 1 && *set.s == '-' && set.s[1] != ']') {
			next(&set);
			high = next_plain(&set);
		}
		found |= c >= low && c <= high;
	}
	return false;
}

/* Matches one character of the text against the next of the pattern, which is not "*". */
static bool matches_one(struct reader *pattern, struct reader *text)
{
	uint32_t c = next(text);
	struct reader rest = *pattern;
	bool is_in;

	switch (next(&rest)) {
	case '?':
		*pattern = rest;
		return true;
	case '[':
		if (in_set(&rest, c, &is_in)) {
			*pattern = rest;
			return is_in;
		}
		break;
	}
	return next_plain(pattern) == c;
}

bool glob_matches(const char *pattern, size_t pattern_len, const char *s, size_t len)
{
	struct reader left = { pattern, pattern_len }, text = { s, len };
	struct reader after_star = { NULL, 0 }, star_text = { NULL, 0 };

	while (text.n || left.n) {
		if (left.n && *left.s == '*') {
			next(&left);
			after_star = left;
			star_text = text;
			continue;
		}
		if (left.n && text.n && matches_one(&left, &text))
			continue;
		/* Only the last "*" needs to match more: all before it matched as early as possible. */
		if (!after_star.s || !star_text.n)
			return false;
		next(&star_text);
		text = star_text;
		left = after_star;
	}
	return true;
}

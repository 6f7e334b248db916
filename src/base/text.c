/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside: decoded, made visible, measured in terminal columns. */
#include <config.h>

#include "base/text.h"

#include <string.h>
#include <wchar.h>

#include "base/buf.h"

/* RFC 3629 section 4: for some first bytes the range of the second byte is narrower. */
size_t text_decode(const char *s, size_t n, uint32_t *cp)
{
	const unsigned char *u = (const unsigned char *)s;
	uint32_t value, least;
	size_t len;

	if (u[0] < 0x80) {
		*cp = u[0];
		return 1;
	}
	if (u[0] >= 0xc2 && u[0] <= 0xdf) {
		len = 2, value = u[0] & 0x1f, least = 0x80;
	} else if (u[0] >= 0xe0 && u[0] <= 0xef) {
		len = 3, value = u[0] & 0x0f, least = 0x800;
	} else if (u[0] >= 0xf0 && u[0] <= 0xf4) {
		len = 4, value = u[0] & 0x07, least = 0x10000;
	} else {
		return 0;
	}
	if (n < len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (u[i] & 0x3f);
	}
	if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*cp = value;
	return len;
}

size_t text_encode(uint32_t cp, char out[static 4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

/*
 * Characters without a shape of their own, of which terminals disagree how many columns they take, or
 * which reorder or join the text around them: Unicode's Default_Ignorable_Code_Point, U+2028 to U+202F
 * and U+FFF9 to U+FFFB.
 */
static const struct {
	uint32_t first;
	uint32_t last;
} invisible[] = {
	{ 0xad, 0xad },	      { 0x34f, 0x34f },	  { 0x61c, 0x61c },	{ 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f }, { 0x200b, 0x200f },	{ 0x2028, 0x202f },
	{ 0x2060, 0x206f },   { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

static bool is_invisible(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(invisible) / sizeof(*invisible); i++)
		if (cp <= invisible[i].last)
			return cp >= invisible[i].first;
	return false;
}

static bool is_plain(uint32_t cp, bool ascii_only)
{
	if (cp < 0x80)
		return cp >= 0x20 && cp != 0x7f;
	return !ascii_only && cp >= 0xa0 && !is_invisible(cp);
}

void text_visible(struct buf *out, const char *s, size_t n, bool ascii_only)
{
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t len = text_decode(s + i, n - i, &cp);

		if (len && is_plain(cp, ascii_only)) {
			buf_add(out, s + i, len);
			i += len;
			continue;
		}
		for (size_t end = i + (len ? len : 1); i < end; i++) {
			buf_add(out, "\\x", 2);
			buf_hex(out, (unsigned char)s[i], 2);
		}
	}
}

/* Eight bytes at a time: one of these three terms has a top bit set for each byte out of range. */
size_t text_ascii_run(const char *s, size_t n)
{
	const uint64_t ones = 0x0101010101010101U, tops = 0x8080808080808080U;
	size_t i = 0;

	for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, s + i, sizeof(word));
		if (((word - ones * 0x20) | (word + ones) | word) & tops)
			break;
	}
	while (i < n && s[i] >= 0x20 && s[i] < 0x7f)
		i++;
	return i;
}

bool text_is_plain(const char *s, size_t n, bool ascii_only)
{
	for (size_t i = text_ascii_run(s, n); i < n;) {
		uint32_t cp;
		size_t len = text_decode(s + i, n - i, &cp);

		if (!len || !is_plain(cp, ascii_only))
			return false;
		i += len;
	}
	return true;
}

int text_compare(const char *s, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char a = (unsigned char)text_lower(s[i]);
		unsigned char b = (unsigned char)text_lower(word[i]);

		if (!word[i])
			return 1;
		if (a != b)
			return a < b ? -1 : 1;
	}
	return word[n] ? -1 : 0;
}

/* Returns the length of the character at s and sets its columns; an invalid byte counts as one. */
static size_t next(const char *s, size_t n, size_t *columns)
{
	uint32_t cp;
	size_t len = text_decode(s, n, &cp);
	int width;

	*columns = 1;
	if (len <= 1)
		return 1;
	width = wcwidth((wchar_t)cp);
	if (width >= 0)
		*columns = (size_t)width;
	return len;
}

size_t text_width(const char *s, size_t n)
{
	size_t run = text_ascii_run(s, n), width = run;

	for (size_t i = run, columns; i < n; width += columns)
		i += next(s + i, n - i, &columns);
	return width;
}

size_t text_fit(const char *s, size_t n, size_t width, size_t *used)
{
	size_t i = 0, taken = 0;

	while (i < n) {
		size_t columns;
		size_t len = next(s + i, n - i, &columns);

		if (taken + columns > width)
			break;
		taken += columns;
		i += len;
	}
	if (used)
		*used = taken;
	return i;
}

/* Does s begin with a character that no line begins with? */
static bool is_closing(const char *s, size_t n)
{
	static const char *const closing[] = { "、", "。", "」", "』", "）", "ー" };

	for (size_t i = 0; i < sizeof(closing) / sizeof(*closing); i++)
		if (n >= strlen(closing[i]) && !memcmp(s, closing[i], strlen(closing[i])))
			return true;
	return false;
}

size_t text_break(const char *s, size_t n, size_t fits)
{
	size_t best = 0;

	for (size_t i = 0; i <= fits && i < n;) {
		size_t columns;
		size_t len = next(s + i, n - i, &columns), end = i + len;

		if (s[i] == ' ')
			best = i;
		else if (columns == 2 && end <= fits && !is_closing(s + end, n - end))
			best = end;
		i = end;
	}
	return best ? best : fits;
}

void text_shorten(struct buf *out, size_t start, size_t room, const char *mark, size_t tail)
{
	const char *s = out->data + start;
	size_t n = out->len - start, tail_width;
	struct buf end = { 0 };

	if (text_fit(s, n, room, NULL) == n)
		return;
	tail_width = text_width(s + n - tail, tail);
	if (tail_width >= room)
		tail = tail_width = 0;
	buf_str(&end, mark);
	buf_add(&end, s + n - tail, tail);
	out->len = start + text_fit(s, n - tail, room - 1 - tail_width, NULL);
	buf_add(out, end.data, end.len);
	buf_fini(&end);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of a command line as one word that no shell changes. */
#include <config.h>

#include "remote/query_word.h"

#include <errno.h>
#include <stdint.h>

static const char digits[] = "0123456789ABCDEF";

static bool is_plain(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

static void add_byte(struct buf *query, char c)
{
	uint8_t byte = (uint8_t)c;

	if (is_plain(c)) {
		buf_char(query, c);
		return;
	}
	buf_char(query, '%');
	buf_char(query, digits[byte >> 4]);
	buf_char(query, digits[byte & 15]);
}

void query_word_add(struct buf *query, const char *word)
{
	if (query->len)
		add_byte(query, '\0');
	for (; *word; word++)
		add_byte(query, *word);
}

/* The value of an upper-case hexadecimal digit; -1 if it is none. */
static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int query_word_decode(const char *query, size_t n, struct buf *words)
{
	for (size_t i = 0; i < n; i++) {
		int high, low;
		char c = query[i];

		if (is_plain(c)) {
			buf_char(words, c);
			continue;
		}
		if (c != '%' || n - i < 3)
			return -EINVAL;
		high = digit_value(query[i + 1]);
		low = digit_value(query[i + 2]);
		if (high < 0 || low < 0 || is_plain((char)(high << 4 | low)))
			return -EINVAL;
		buf_char(words, (char)(high << 4 | low));
		i += 2;
	}
	if (n)
		buf_char(words, '\0');
	return 0;
}

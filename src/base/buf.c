/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growable byte string. */
#include <config.h>

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

void buf_fini(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

char *buf_grow(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 128;

	while (cap - b->len < n)
		cap = mem_more(cap);
	b->data = mem_resize(b->data, cap, 1);
	b->cap = cap;
	return b->data + b->len;
}

void buf_fill(struct buf *b, char c, size_t n)
{
	memset(buf_reserve(b, n), c, n);
	b->len += n;
}

void buf_vprintf(struct buf *b, const char *format, va_list ap)
{
	size_t room = b->data ? b->cap - b->len : 0;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(room ? b->data + b->len : NULL, room, format, ap);
	/* Nearly always there is room. */
	if (n > 0 && (size_t)n >= room)
		vsnprintf(buf_reserve(b, (size_t)n + 1), (size_t)n + 1, format, again);
	if (n > 0)
		b->len += (size_t)n;
	va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	buf_vprintf(b, format, ap);
	va_end(ap);
}

void buf_sentence(struct buf *b, const char *sentence, const char *what)
{
	const char *gap = strstr(sentence, "%s");

	if (gap) {
		buf_add(b, sentence, (size_t)(gap - sentence));
		buf_str(b, what);
		sentence = gap + strlen("%s");
	}
	buf_str(b, sentence);
}

void buf_u64(struct buf *b, uint64_t value)
{
	char digits[20];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	buf_add(b, digits + i, sizeof(digits) - i);
}

void buf_i64(struct buf *b, int64_t value)
{
	if (value < 0)
		buf_char(b, '-');
	buf_u64(b, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void buf_hex(struct buf *b, uint64_t value, unsigned int digits)
{
	char *out = buf_reserve(b, digits);

	for (unsigned int i = digits; i-- > 0; value >>= 4)
		out[i] = "0123456789abcdef"[value & 15];
	b->len += digits;
}

const char *buf_cstr(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return b->data;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growable byte string.  Clear and reuse it for each row, so that cells need no allocation. */
#ifndef PORTSTAT_BASE_BUF_H
#define PORTSTAT_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Ready when zero-initialised: struct buf b = { 0 }.  No NUL at the end of data: see buf_cstr(). */
struct buf {
	char *data;
	size_t len;
	size_t cap;
};

/* Frees the content and leaves an empty buffer, ready for use. */
void buf_fini(struct buf *b);

/* The slow path of buf_reserve(); not to be called directly. */
char *buf_grow(struct buf *b, size_t n);

/* Makes room for n more bytes after the content and returns it; add what you wrote to b->len. */
static inline char *buf_reserve(struct buf *b, size_t n)
{
	return b->cap - b->len >= n && b->data ? b->data + b->len : buf_grow(b, n);
}

/* Empties the buffer and keeps its memory. */
static inline void buf_clear(struct buf *b)
{
	b->len = 0;
}

/* Each adds to the end; text must not be part of the buffer. */
static inline void buf_add(struct buf *b, const char *text, size_t n)
{
	if (n)
		memcpy(buf_reserve(b, n), text, n);
	b->len += n;
}

static inline void buf_char(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->len++;
}

static inline void buf_str(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

/* Adds n copies of c. */
void buf_fill(struct buf *b, char c, size_t n);

/* Adds as printf(3) and vprintf(3) do. */
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Adds a sentence, with what substituted for its %s if it has one. */
void buf_sentence(struct buf *b, const char *sentence, const char *what);

/* Adds the number in decimal. */
void buf_u64(struct buf *b, uint64_t value);
void buf_i64(struct buf *b, int64_t value);

/* Adds exactly digits (1 to 16) lower-case hexadecimal digits. */
void buf_hex(struct buf *b, uint64_t value, unsigned int digits);

/* The content, NUL-terminated (len excludes the NUL).  Borrowed until the buffer changes. */
const char *buf_cstr(struct buf *b);

#endif

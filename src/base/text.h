/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside: decoded, made visible, measured in terminal columns. */
#ifndef PORTSTAT_BASE_TEXT_H
#define PORTSTAT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Decodes the UTF-8 character at s, of n > 0 bytes (RFC 3629: no surrogates, no overlong forms,
 * up to U+10FFFF).  Returns its length and sets *cp; returns 0 where the bytes are no character.
 */
size_t text_decode(const char *s, size_t n, uint32_t *cp);

/* Writes the character, up to U+10FFFF, as UTF-8; returns its length. */
size_t text_encode(uint32_t cp, char out[static 4]);

/*
 * Adds s so that a terminal can be given it: control characters (C0, DEL, C1), bidirectional
 * controls, line and paragraph separators, what is not UTF-8, and with ascii_only everything
 * outside ASCII, as \xNN for each byte.  Nothing in the result moves a cursor.
 */
void text_visible(struct buf *out, const char *s, size_t n, bool ascii_only);

/* How many bytes at the start of s are printable ASCII; what is that to the end is as wide as it is long. */
size_t text_ascii_run(const char *s, size_t n);

/* True where text_visible() would change nothing. */
bool text_is_plain(const char *s, size_t n, bool ascii_only);

/*
 * Orders n bytes of text against a word, ASCII letters of either case alike and all else by its
 * bytes, in every locale: in a Turkish one strcasecmp(3) takes "LISTEN" and "listen" for two words.
 */
int text_compare(const char *s, size_t n, const char *word);

/* An ASCII letter in lower case, in every locale; any other byte as it is. */
static inline char text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Are they the same in this sense? */
static inline bool text_is(const char *s, size_t n, const char *word)
{
	return !text_compare(s, n, word);
}

/* Columns that visible text takes on a terminal (wcwidth(3): combining 0, wide 2). */
size_t text_width(const char *s, size_t n);

/*
 * The bytes of the longest prefix of visible text that takes at most width columns, whole characters
 * with their combining marks.  *used (may be NULL) is the columns that it takes.
 */
size_t text_fit(const char *s, size_t n, size_t width, size_t *used);

/*
 * Shortens what stands in out from start on to room columns, at least one.  A mark of one column stands
 * for what is left out; the last tail bytes stay, if there is room for them.
 */
void text_shorten(struct buf *out, size_t start, size_t room, const char *mark, size_t tail);

#endif

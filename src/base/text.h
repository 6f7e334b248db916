/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Untrusted text: decoded, made safe for a terminal, measured in terminal columns. */
#ifndef PORTSTAT_BASE_TEXT_H
#define PORTSTAT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Decodes the UTF-8 character at s, of n > 0 bytes (RFC 3629: no surrogates, no overlong forms, up
 * to U+10FFFF).  Sets *cp and returns its length in bytes, or 0 if the bytes are not a character.
 */
size_t text_decode(const char *s, size_t n, uint32_t *cp);

/* Writes the character, at most U+10FFFF, as UTF-8.  Returns its length in bytes. */
size_t text_encode(uint32_t cp, char out[static 4]);

/*
 * Adds s in a form that is safe for a terminal.  These are written as \xNN for each byte: control
 * characters (C0, DEL, C1), invisible format characters (such as bidirectional controls, joiners and
 * variation selectors), line and paragraph separators, invalid UTF-8, and with ascii_only everything
 * outside ASCII.
 */
void text_visible(struct buf *out, const char *s, size_t n, bool ascii_only);

/* How many bytes at the start of s are printable ASCII.  If all n are, s takes n columns. */
size_t text_ascii_run(const char *s, size_t n);

/* Would text_visible() leave s unchanged? */
bool text_is_plain(const char *s, size_t n, bool ascii_only);

/*
 * Compares n bytes with a word as strcmp(3) does, but ignores ASCII case.  The result is the same
 * in every locale; to strcasecmp(3) "LISTEN" and "listen" are different words in a Turkish one.
 */
int text_compare(const char *s, size_t n, const char *word);

/* Lower-cases an ASCII letter, in every locale; any other byte is returned unchanged. */
static inline char text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Does text_compare() find them equal? */
static inline bool text_is(const char *s, size_t n, const char *word)
{
	return !text_compare(s, n, word);
}

/* Terminal columns of visible text (wcwidth(3): 0 for combining marks, 2 for wide characters). */
size_t text_width(const char *s, size_t n);

/*
 * The length in bytes of the longest prefix of visible text that fits into width columns;
 * characters keep their combining marks.  *used (may be NULL) is set to the columns that the prefix
 * takes.
 */
size_t text_fit(const char *s, size_t n, size_t width, size_t *used);

/*
 * Where to break a line of visible text, of which the first fits bytes fit: before a space, or between
 * wide characters, which are written without spaces; fits if there is no such place.
 */
size_t text_break(const char *s, size_t n, size_t fits);

/*
 * Shortens out, from offset start on, to room (at least 1) columns.  A mark one column wide
 * replaces what was cut; the last tail bytes are kept if there is room for them.
 */
void text_shorten(struct buf *out, size_t start, size_t room, const char *mark, size_t tail);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shell patterns over bytes that need not be text. */
#ifndef PORTSTAT_BASE_GLOB_H
#define PORTSTAT_BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* Has the pattern one of * ? [ that no backslash takes the meaning from? */
bool glob_is_pattern(const char *pattern, size_t len);

/*
 * Does the whole of s match?  "*" is anything, "?" one character, "[a-z]", "[!a-z]" and
 * "[[:digit:]]" one of a set, a backslash makes the next one plain.  A character is one of UTF-8;
 * a byte that belongs to none stands for itself.  A "[" that is never closed is plain.
 * Time grows with the product of both lengths at most.
 */
bool glob_matches(const char *pattern, size_t pattern_len, const char *s, size_t len);

#endif

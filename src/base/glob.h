/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shell patterns, as in filters, matched against bytes that need not be valid UTF-8. */
#ifndef PORTSTAT_BASE_GLOB_H
#define PORTSTAT_BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* Does the pattern contain a *, ? or [ that is not quoted by a backslash? */
bool glob_is_pattern(const char *pattern, size_t len);

/*
 * Does all of s match?  "*" matches anything, "?" one character, "[a-z]", "[!a-z]" and
 * "[[:digit:]]" one character of a set; a backslash quotes the next character.  Characters are
 * UTF-8; a byte that is not part of one matches only itself.  A "[" without its "]" is an ordinary
 * character.  Takes at most time proportional to the product of both lengths.
 */
bool glob_matches(const char *pattern, size_t pattern_len, const char *s, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was probably meant by a word that is no option: those of ss, netstat and lsof, and slips. */
#ifndef PORTSTAT_OPTION_HINTS_H
#define PORTSTAT_OPTION_HINTS_H

#include <stddef.h>

struct buf;

/* Puts the sentence in place of what error holds; -EINVAL. */
int option_fail(struct buf *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Each says why a word is no option and what to write in its place; -EINVAL.  word is the whole
 * one, next the one behind it (NULL: none).  name is what stands behind the dashes, up to a "=".
 */
int option_unknown_name(const char *word, const char *name, size_t len, const char *next,
			struct buf *error);

/* The letter at word[at] is none of ours, or a number begins there. */
int option_unknown_letter(const char *word, size_t at, struct buf *error);

/*
 * Is the rest of a word, from one of our letters on, how lsof(8) would have it (-iTCP:8080,
 * -sTCP:LISTEN)?  Then -EINVAL and the sentence, else 0.
 */
int option_of_lsof(const char *word, size_t at, struct buf *error);

#endif

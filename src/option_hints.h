/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for unknown options: those of ss, netstat and lsof, and typos. */
#ifndef PORTSTAT_OPTION_HINTS_H
#define PORTSTAT_OPTION_HINTS_H

#include <stddef.h>

struct buf;

/* Replaces the text in error with this message.  Returns -EINVAL. */
int option_fail(struct buf *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * These report an unknown option and suggest what to write instead; they return -EINVAL.  word is
 * the whole argument, next the following one or NULL, name the part between the dashes and any "=".
 */
int option_unknown_name(const char *word, const char *name, size_t len, const char *next,
			struct buf *error);

/* For an unknown letter, or a number, at word[at]. */
int option_unknown_letter(const char *word, size_t at, struct buf *error);

/*
 * Is the rest of a word, from one of our letters on, how lsof(8) would have it (-iTCP:8080,
 * -sTCP:LISTEN)?  Then -EINVAL and the sentence, else 0.
 */
int option_of_lsof(const char *word, size_t at, struct buf *error);

#endif

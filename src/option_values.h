/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words after an option that were meant as its optional value, which has to follow "=". */
#ifndef PORTSTAT_OPTION_VALUES_H
#define PORTSTAT_OPTION_VALUES_H

struct buf;
struct option_def;

/*
 * Looks at the word after an option that was given without its optional value, and at the word after
 * that (either may be NULL).  Returns 0, or -EINVAL with a sentence in error that says how to write it,
 * where the word is such a value and no test of a filter that people would write.
 */
int option_check_next(const struct option_def *def, const char *word, const char *after,
		      struct buf *error);

#endif

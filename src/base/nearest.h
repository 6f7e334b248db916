/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The most similar word to a mistyped one, for "did you mean". */
#ifndef PORTSTAT_BASE_NEAREST_H
#define PORTSTAT_BASE_NEAREST_H

#include <stddef.h>

/* All words are borrowed. */
struct nearest {
	const char *word;
	size_t len; /* of word; found_len: of found */
	size_t best; /* edits between word and found; before a match the most that are allowed */
	const char *found; /* the result; NULL: no candidate is similar enough */
	size_t found_len;
};

/*
 * Sets the mistyped word of len bytes.  A match may differ by one edit from a word of up to four
 * letters, by two from up to six, else by one more than a third of its letters.
 */
void nearest_start(struct nearest *n, const char *word, size_t len);

/* Tries a candidate.  ASCII case is ignored; on a tie the earlier candidate wins. */
void nearest_try(struct nearest *n, const char *word);

/* The same for a candidate that is not NUL-terminated. */
void nearest_try_bytes(struct nearest *n, const char *word, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The most similar word to a mistyped one, for "did you mean". */
#ifndef PORTSTAT_BASE_NEAREST_H
#define PORTSTAT_BASE_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *word; /* borrowed, as are all that are tried */
	size_t len;
	size_t best; /* edits to the one that was found */
	const char *found; /* NULL: none is near */
	size_t found_len;
};

/* Sets the mistyped word.  At most a third of its letters may differ in a match. */
void nearest_start(struct nearest *n, const char *word, size_t len);

/* Tries a candidate; on a tie the first one is kept.  Case is ignored. */
void nearest_try(struct nearest *n, const char *word);

/* The same for a word that need not end in NUL. */
void nearest_try_bytes(struct nearest *n, const char *word, size_t len);

#endif

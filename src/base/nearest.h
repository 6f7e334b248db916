/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The word that looks most like a mistyped one, for "did you mean". */
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

/* The mistyped word.  A third of its letters may be wrong; more makes another word. */
void nearest_start(struct nearest *n, const char *word, size_t len);

/* Offers a word that would be right; of two that are as near the first one stays.  Case does not matter. */
void nearest_try(struct nearest *n, const char *word);

/* The same for a word that need not end in NUL. */
void nearest_try_bytes(struct nearest *n, const char *word, size_t len);

#endif

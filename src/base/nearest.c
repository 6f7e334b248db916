/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The most similar word to a mistyped one: the one with the fewest edits. */
#include <config.h>

#include "base/nearest.h"

#include <string.h>

#include "base/text.h"

#define WORD_MAX 32

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * The Damerau-Levenshtein distance (optimal string alignment): letters to insert, delete or change,
 * and swapped neighbours, the most frequent typing error, as one edit.
 */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][WORD_MAX + 1], *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			char x = text_lower(a[i - 1]), y = text_lower(b[j - 1]);

			row[j] = least(last[j - 1] + (x != y), least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x == text_lower(b[j - 2]) &&
			    y == text_lower(a[i - 2]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[b_len];
}

void nearest_start(struct nearest *n, const char *word, size_t len)
{
	*n = (struct nearest){ .word = word,
			       .len = len,
			       .best = len < 5	 ? 1
				       : len < 7 ? 2
						 : len / 3 + 1 };
}

void nearest_try_bytes(struct nearest *n, const char *word, size_t len)
{
	size_t d;

	if (!n->len || n->len > WORD_MAX || len > WORD_MAX)
		return;
	d = distance(n->word, n->len, word, len);
	if (d > n->best || (d == n->best && n->found))
		return;
	n->best = d;
	n->found = word;
	n->found_len = len;
}

void nearest_try(struct nearest *n, const char *word)
{
	nearest_try_bytes(n, word, strlen(word));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completes a word of the filter that is typed: keys, states, and words of the table. */
#ifndef PORTSTAT_LIVE_WORD_ENDS_H
#define PORTSTAT_LIVE_WORD_ENDS_H

#include <stdbool.h>

struct buf;
struct cells;
struct prompt;
struct table;

/*
 * Completes the word before the cursor as far as all words that begin with it agree, where there is only
 * one with a space.  If nothing can be added, adds the words to choose from to choices, visible.  Returns
 * whether the text changed.
 */
bool word_complete(struct prompt *prompt, const struct table *table, const struct cells *cells,
		   struct buf *choices);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An explanation in words, as a terminal shows it. */
#ifndef PORTSTAT_EXPLAIN_WORDS_H
#define PORTSTAT_EXPLAIN_WORDS_H

#include <stdbool.h>

struct buf;
struct explanation;

/* Adds the whole answer, lines that end in newlines, safe for a terminal. */
void words_answer(const struct explanation *x, bool is_ascii, struct buf *out);

#endif

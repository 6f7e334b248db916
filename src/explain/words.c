/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An explanation in words, as a terminal shows it. */
#include <config.h>

#include "explain/words.h"

#include "explain/words_parts.h"

void words_answer(const struct explanation *x, bool is_ascii, struct buf *out)
{
	const struct words w = { x, out, is_ascii };

	words_headline(&w);
	words_blockers(&w);
	words_reasons(&w);
	words_takers(&w);
	words_firewall(&w);
	words_remedies(&w);
}

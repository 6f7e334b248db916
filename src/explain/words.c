/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An explanation in words, as a terminal shows it. */
#include <config.h>

#include "explain/words.h"

#include "base/buf.h"
#include "explain/words_parts.h"

static void add_parts(const struct words *w)
{
	words_headline(w);
	words_blockers(w);
	words_reasons(w);
	words_takers(w);
	words_firewall(w);
	words_remedies(w);
}

void words_answer(const struct explanation *x, bool is_ascii, struct buf *out)
{
	struct buf draft = { 0 };
	size_t label_width = 0;

	/* Once to measure the labels. */
	add_parts(&(struct words){ x, &draft, is_ascii, &label_width });
	buf_fini(&draft);
	add_parts(&(struct words){ x, out, is_ascii, &label_width });
}

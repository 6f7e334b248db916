/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of an answer, and what stands in them. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "explain/explain.h"
#include "explain/words_parts.h"
#include "query/columns.h"

/* Between the widest label and the texts. */
#define LABEL_GAP 2

void words_line(const struct words *w, const char *label, struct buf *text)
{
	size_t width = text_width(label, strlen(label));

	if (width > *w->label_width)
		*w->label_width = width;
	buf_printf(w->out, "  %s", label);
	buf_fill(w->out, ' ', *w->label_width - width + LABEL_GAP);
	text_visible(w->out, text->data, text->len, w->is_ascii);
	buf_char(w->out, '\n');
	buf_clear(text);
}

void words_cell(const struct words *w, const struct row *row, const char *key, struct buf *out)
{
	column_text(column_find(key, strlen(key)), &w->x->facts.snap, row, out);
}

bool words_has(const struct words *w, const struct row *row, const char *key)
{
	return !column_is_unknown(column_find(key, strlen(key)), &w->x->facts.snap, row);
}

void words_duration(uint64_t ms, struct buf *out)
{
	static const struct {
		unsigned int seconds;
		char letter;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	uint64_t seconds = ms / 1000;
	size_t i = 0;

	while (i < 3 && seconds < units[i].seconds)
		i++;
	for (size_t last = i; i < 4 && i <= last + 1; i++) {
		uint64_t n = seconds / units[i].seconds;

		if (n || i == last)
			buf_printf(out, "%u%c", (unsigned int)n, units[i].letter);
		seconds %= units[i].seconds;
	}
}

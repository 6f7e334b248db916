/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Labelled lines of text pieces, wrapped to a width: the contents of the details panel. */
#include <config.h>

#include "live/pad.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

void pad_fini(struct pad *pad)
{
	buf_fini(&pad->text);
	free(pad->lines);
}

void pad_line(struct pad *pad, const char *label)
{
	size_t width = text_width(label, strlen(label));

	pad->lines = mem_grow(pad->lines, pad->n, &pad->cap, sizeof(*pad->lines));
	pad->lines[pad->n].start = pad->text.len;
	buf_char(&pad->text, ' ');
	buf_str(&pad->text, label);
	pad->column = width + 1;
	if (pad->column < PAD_INDENT)
		buf_fill(&pad->text, ' ', PAD_INDENT - pad->column);
	else
		buf_char(&pad->text, ' ');
	if (pad->column < PAD_INDENT)
		pad->column = PAD_INDENT;
	else
		pad->column++;
	pad->lines[pad->n].label = pad->text.len - pad->lines[pad->n].start;
	pad->n++;
}

void pad_put(struct pad *pad, const char *text, size_t n)
{
	size_t width = text_width(text, n);
	/* A label may be wider than its column. */
	bool is_first =
		pad->text.len == pad->lines[pad->n - 1].start + pad->lines[pad->n - 1].label;

	if (is_first ? pad->column >= pad->width : pad->column + 3 + width > pad->width)
		pad_line(pad, "");
	else if (!is_first) {
		buf_str(&pad->text, "   ");
		pad->column += 3;
	}
	while (n) {
		size_t used, fits = text_fit(text, n, pad->width - pad->column, &used), gap = 0;

		if (!fits)
			fits = n;
		if (fits < n) {
			fits = text_break(text, n, fits);
			gap = text[fits] == ' ';
		}
		buf_add(&pad->text, text, fits);
		pad->column += used;
		text += fits + gap;
		n -= fits + gap;
		if (n)
			pad_line(pad, "");
	}
}

void pad_str(struct pad *pad, const char *text)
{
	pad_put(pad, text, strlen(text));
}

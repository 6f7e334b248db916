/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of pieces behind labels, wrapped to a width. */
#ifndef PORTSTAT_LIVE_PAD_H
#define PORTSTAT_LIVE_PAD_H

#include <stddef.h>

#include "base/buf.h"

#define PAD_INDENT 11 /* columns up to the text behind a label */

/* The text of all lines, and where each starts.  Zero-initialised, but for the width, is empty. */
struct pad {
	struct buf text;
	struct {
		size_t start;
		size_t label; /* bytes of it that are the label */
	} * lines;
	size_t n;
	size_t cap;
	size_t column; /* of the line that is being filled */
	size_t width; /* more than PAD_INDENT */
};

void pad_fini(struct pad *pad);

/* Starts a line with a label. */
void pad_line(struct pad *pad, const char *label);

/* Adds a piece that stays together where a line can hold it; longer ones are wrapped. */
void pad_put(struct pad *pad, const char *text, size_t n);
void pad_str(struct pad *pad, const char *text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Labelled lines of text pieces, wrapped to a width: the contents of the details panel. */
#ifndef PORTSTAT_LIVE_PAD_H
#define PORTSTAT_LIVE_PAD_H

#include <stddef.h>

#include "base/buf.h"

#define PAD_INDENT 11 /* columns of the label */

/* The text of all lines, and where each starts.  Zero-initialised except for width is empty. */
struct pad {
	struct buf text;
	struct {
		size_t start;
		size_t label; /* length of the label in bytes */
	} * lines;
	size_t n;
	size_t cap;
	size_t column; /* width of the last line so far */
	size_t width; /* more than PAD_INDENT */
};

void pad_fini(struct pad *pad);

/* Starts a line with this label. */
void pad_line(struct pad *pad, const char *label);

/* Adds a piece of text.  It is not broken unless it is longer than a line: at a space, if it has one. */
void pad_put(struct pad *pad, const char *text, size_t n);
void pad_str(struct pad *pad, const char *text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wraps a sentence to several lines. */
#ifndef PORTSTAT_LIVE_WRAP_H
#define PORTSTAT_LIVE_WRAP_H

#include "live/canvas.h"

/*
 * Draws text from line y on, wrapped between words to a width of columns, with all lines indented
 * as the first.  Returns its number of lines, at most n; the last line is cut.  out NULL: only
 * measures.
 */
int wrap_text(int columns, struct canvas *out, int y, int n, enum style style, const char *text);

/* The same, but all lines after the first are indented by hang columns. */
int wrap_hanging(int columns, struct canvas *out, int y, int n, enum style style, const char *text,
		 size_t hang);

#endif

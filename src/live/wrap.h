/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences longer than a line. */
#ifndef PORTSTAT_LIVE_WRAP_H
#define PORTSTAT_LIVE_WRAP_H

#include "live/canvas.h"

/*
 * Draws text from line y on, wrapped between words to so many columns, each line indented as the
 * first is.  Returns how many lines it takes, at most n; the last of them is cut.  out NULL: it is
 * only measured.
 */
int wrap_text(int columns, struct canvas *out, int y, int n, enum style style, const char *text);

#endif

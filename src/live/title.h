/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first line: host, counts, traffic, and whether the view is live, paused or failing. */
#ifndef PORTSTAT_LIVE_TITLE_H
#define PORTSTAT_LIVE_TITLE_H

#include <stdbool.h>

struct canvas;
struct frame;
struct live_setup;

/* What the line shows.  All pointers are borrowed. */
struct title {
	const struct live_setup *setup;
	const struct frame *frame; /* NULL: none yet */
	int error; /* -errno if the last refresh failed */
	bool is_paused;
};

/* Draws the line at y of the canvas. */
void title_draw(const struct title *t, struct canvas *out, int y);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The third line: the filter in force, and what else selects and sorts the rows. */
#ifndef PORTSTAT_LIVE_FILTER_LINE_H
#define PORTSTAT_LIVE_FILTER_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct canvas;
struct frame;
struct live_order;
struct live_setup;

/* What the line shows.  All pointers are borrowed. */
struct filter_line {
	const struct buf *text; /* the filter as it was typed */
	const struct live_setup *setup;
	unsigned int n_unseen; /* sockets that came and went between two frames */
	bool are_more_unseen;
	const struct live_order *order;
	size_t n_tags;
	unsigned int shown; /* SHOW_ bits */
	bool is_troubled;
	bool rings;
	const char *grouping; /* by what the view groups; NULL: as it always does */
	bool has_all_netns;
	const struct frame *frame; /* NULL: nothing was listed yet */
	size_t moment; /* index in the setup's moments */
};

/* Draws the line at y of the canvas. */
void filter_line_draw(const struct filter_line *l, struct canvas *out, int y);

#endif

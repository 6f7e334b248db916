/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares two refreshes: changed rows, rates, and rows that closed. */
#ifndef PORTSTAT_LIVE_COMPARE_H
#define PORTSTAT_LIVE_COMPARE_H

struct frame;

/*
 * Fills in the row history and the ghosts of f, whose snapshot was just taken at f->clock_ms, by
 * comparison with the frame before (NULL: there was none).  If the two answer different queries, no
 * row counts as new or closed.
 */
void frame_compare(struct frame *f, const struct frame *before);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changed from one look to the next: marks, rates, rows that closed. */
#ifndef PORTSTAT_LIVE_COMPARE_H
#define PORTSTAT_LIVE_COMPARE_H

struct frame;

/*
 * Fills in the notes and ghosts of a snapshot that was just taken at f->clock_ms, against the frame
 * before it (NULL: there was none).  Where the two answer different queries, nothing is marked as
 * new or closed.
 */
void frame_compare(struct frame *f, const struct frame *before);

#endif

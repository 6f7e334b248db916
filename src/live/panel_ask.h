/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the dialogs share that ask before something is done to the host. */
#ifndef PORTSTAT_LIVE_PANEL_ASK_H
#define PORTSTAT_LIVE_PANEL_ASK_H

#include <stddef.h>

struct canvas;
struct job;

/* More lines than any panel has. */
#define ASK_ALL_LINES 1000

/*
 * Draws whom the job is about, below each other from line y on, and how many more there are, in at
 * most n lines; out NULL: it is only measured.  Of those to be signalled one is chosen (job->n:
 * all).  Returns how many lines that takes.
 */
int ask_draw_targets(const struct job *job, size_t chosen, int width, struct canvas *out, int y,
		     int n);

#endif

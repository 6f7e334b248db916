/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the Kill and Close dialogs: the list of targets. */
#ifndef PORTSTAT_LIVE_PANEL_ASK_H
#define PORTSTAT_LIVE_PANEL_ASK_H

#include <stddef.h>

struct canvas;
struct job;

/* No limit on lines: more than any panel has. */
#define ASK_ALL_LINES 1000

/*
 * Lists the targets of the job from line y on, in at most n lines, the last of which counts the
 * rest.  Of processes the chosen one is highlighted (job->n: all).  out NULL: only measures.
 * Returns the number of lines.
 */
int ask_draw_targets(const struct job *job, size_t chosen, int width, struct canvas *out, int y,
		     int n);

#endif

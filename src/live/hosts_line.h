/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line below the title: the other hosts that do not answer. */
#ifndef PORTSTAT_LIVE_HOSTS_LINE_H
#define PORTSTAT_LIVE_HOSTS_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct canvas;
struct frame;

/* Is there anything to tell of the n_hosts hosts that are asked?  frame: NULL for none yet. */
bool hosts_line_is_needed(const struct frame *frame, size_t n_hosts);

/* Draws the line at y of the canvas. */
void hosts_line_draw(const struct frame *frame, size_t n_hosts, bool is_ascii, struct canvas *out,
		     int y);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second line: the names of the views, and the number of rows. */
#ifndef PORTSTAT_LIVE_TABS_H
#define PORTSTAT_LIVE_TABS_H

#include <stdbool.h>

#include "live/live_columns.h"

struct canvas;
struct live_tree;

/*
 * Draws the tabs, and the number of rows shown and of all, or why there are none (error: -errno), if
 * there is room for it.
 */
void tabs_draw(enum live_view current, const struct live_tree *tree, int error, struct canvas *out,
	       int y);

/* Gets the view at column x of a line of this width.  False if there is none. */
bool tabs_at(enum live_view current, int width, int x, enum live_view *view);

#endif

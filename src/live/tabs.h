/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second line: the names of the views, and the number of rows. */
#ifndef PORTSTAT_LIVE_TABS_H
#define PORTSTAT_LIVE_TABS_H

#include <stdbool.h>
#include <stddef.h>

#include "live/live_columns.h"

struct buf;
struct canvas;
struct live_tree;

/* error: -errno if the last refresh failed. */
void tabs_draw(enum live_view current, const struct live_tree *tree, int error, struct canvas *out,
	       int y);

/* Gets the view at column x of the line.  False if there is none. */
bool tabs_at(enum live_view current, int x, enum live_view *view);

/* Adds the number of rows shown and of all, or why there are none; shorter if room is small. */
void tabs_rows_text(const struct live_tree *tree, int error, size_t room, struct buf *out);

#endif

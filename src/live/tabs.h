/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second line: the views, and how many rows this one shows. */
#ifndef PORTSTAT_LIVE_TABS_H
#define PORTSTAT_LIVE_TABS_H

#include <stdbool.h>
#include <stddef.h>

#include "live/live_columns.h"

struct buf;
struct canvas;
struct live_tree;

/* error: -errno of the last look, where it failed. */
void tabs_draw(enum live_view current, const struct live_tree *tree, int error, struct canvas *out,
	       int y);

/* Which view stands at column x of the line.  False where none does. */
bool tabs_at(enum live_view current, int x, enum live_view *view);

/* Adds how many rows show of how many, or why there are none; shorter where room is less. */
void tabs_rows_text(const struct live_tree *tree, int error, size_t room, struct buf *out);

#endif

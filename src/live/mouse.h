/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a click means: a row, a column's head, a view, a key in the bar. */
#ifndef PORTSTAT_LIVE_MOUSE_H
#define PORTSTAT_LIVE_MOUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "live/input.h"
#include "live/live_columns.h"

struct live_layout;
struct table;

/* What is on the screen.  All pointers are borrowed. */
struct mouse_scene {
	const struct live_layout *layout;
	const struct table *table;
	const struct key_list *keys;
	size_t n_items; /* rows of the table */
	enum live_view view;
	bool has_message; /* where else the bar is */
};

/* Without a binding where it means nothing. */
struct live_input mouse_click(const struct mouse_scene *scene, int y, int x);

#endif

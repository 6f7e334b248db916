/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes a click: on a row, a column's head, a view, or a key in the bar. */
#ifndef PORTSTAT_LIVE_MOUSE_H
#define PORTSTAT_LIVE_MOUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "live/input.h"
#include "live/live_columns.h"

struct live_layout;
struct table;

/* What the screen shows.  All pointers are borrowed. */
struct mouse_scene {
	const struct live_layout *layout;
	int width; /* of the screen */
	const struct table *table;
	const struct key_list *keys;
	size_t n_items; /* rows of the table */
	enum live_view view;
	bool has_message; /* in place of the key bar */
};

/* Without a binding if nothing is there. */
struct live_input mouse_click(const struct mouse_scene *scene, int y, int x);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines of the screen each part of the view gets. */
#include <config.h>

#include "live/layout.h"

/* The table keeps at least so many rows above a panel. */
#define LEAST_ROWS 4

struct live_layout layout_of(int width, int height, int panel_height, bool is_panel_whole)
{
	struct live_layout l = { .title_y = -1, .tabs_y = -1, .filter_y = -1, .bar_y = height - 1 };
	int y = 0, room;

	l.is_too_small = width < LIVE_LEAST_WIDTH || height < LIVE_LEAST_HEIGHT;
	l.is_compact = width < LIVE_FULL_WIDTH || height < LIVE_FULL_HEIGHT;
	if (!l.is_compact) {
		l.title_y = y++;
		l.tabs_y = y++;
		l.filter_y = y++;
	}
	l.head_y = is_panel_whole ? -1 : y++;
	l.rows_y = y;
	room = height - 1 - y;
	l.panel_n = panel_height;
	if (!is_panel_whole && l.panel_n > room - LEAST_ROWS)
		l.panel_n = room - LEAST_ROWS;
	if (l.panel_n > room)
		l.panel_n = room;
	if (l.panel_n < 0)
		l.panel_n = 0;
	l.n_rows = room - l.panel_n;
	if (l.n_rows < 0)
		l.n_rows = 0;
	l.panel_y = l.rows_y + l.n_rows;
	return l;
}

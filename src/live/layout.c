/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines of the screen each part of the view gets. */
#include <config.h>

#include "live/layout.h"

/* The table keeps at least so many rows above a panel, and on a low screen. */
#define LEAST_ROWS 4
#define LEAST_ROWS_LOW 2

struct live_layout layout_of(const struct layout_wants *wants)
{
	bool has_bar = wants->height >= LIVE_BAR_HEIGHT || wants->has_message;
	bool has_hosts = wants->has_hosts_line && !wants->is_panel_whole;
	struct live_layout l = { .title_y = 0,
				 .hosts_y = has_hosts ? 1 : -1,
				 .tabs_y = 1 + has_hosts,
				 .filter_y = 2 + has_hosts };
	int least = wants->height < LIVE_BAR_HEIGHT ? LEAST_ROWS_LOW : LEAST_ROWS;
	int y = 3 + has_hosts, room;

	l.is_too_small = wants->width < LIVE_LEAST_WIDTH || wants->height < LIVE_LEAST_HEIGHT;
	l.bar_y = has_bar ? wants->height - 1 : -1;
	if (wants->is_panel_whole) {
		l.tabs_y = l.filter_y = l.head_y = -1;
		y = 1;
	} else {
		l.head_y = y++;
	}
	l.rows_y = y;
	room = wants->height - has_bar - y;
	l.panel_n = wants->panel_height;
	if (!wants->is_panel_whole && l.panel_n > room - least)
		l.panel_n = room - least;
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

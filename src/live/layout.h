/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines of the screen each part of the view gets. */
#ifndef PORTSTAT_LIVE_LAYOUT_H
#define PORTSTAT_LIVE_LAYOUT_H

#include <stdbool.h>

/* The smallest screen that shows a table, and the lowest that shows the key bar. */
#define LIVE_LEAST_WIDTH 60
#define LIVE_LEAST_HEIGHT 15
#define LIVE_BAR_HEIGHT 24

/* The size until the terminal's is known. */
#define LIVE_USUAL_WIDTH 80
#define LIVE_USUAL_HEIGHT 24

struct live_layout {
	bool is_too_small;
	int title_y; /* y of each part; -1: not shown */
	int hosts_y; /* what is told of other hosts */
	int tabs_y;
	int filter_y;
	int head_y;
	int rows_y;
	int n_rows;
	int panel_y; /* details or a dialog */
	int panel_n;
	int bar_y; /* the key bar, or a message */
};

/* What asks for lines. */
struct layout_wants {
	int width; /* of the screen */
	int height;
	int panel_height; /* 0: no panel */
	bool is_panel_whole; /* it may take every line but those of title and key bar */
	bool has_hosts_line;
	bool has_message; /* needs the lowest line even where the key bar is not shown */
};

struct live_layout layout_of(const struct layout_wants *wants);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialog that asks by which cell of a row to filter. */
#ifndef PORTSTAT_LIVE_PANEL_FILTER_H
#define PORTSTAT_LIVE_PANEL_FILTER_H

struct cell_tests;
struct panel;

/* Takes what the tests own. */
struct panel *panel_filter_new(struct cell_tests *tests);

#endif

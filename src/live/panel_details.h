/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The details panel: everything known about the row under the cursor. */
#ifndef PORTSTAT_LIVE_PANEL_DETAILS_H
#define PORTSTAT_LIVE_PANEL_DETAILS_H

struct panel;

/* To be freed with panel_free(), as all panels. */
struct panel *panel_details_new(void);

/* The cursor is on another row: scrolls back to the first line. */
void panel_details_rewind(struct panel *panel);

/* Turns to the raw columns, or back from them. */
void panel_details_turn(struct panel *panel);

#endif

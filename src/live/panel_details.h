/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The details of the row under the cursor, which scroll. */
#ifndef PORTSTAT_LIVE_PANEL_DETAILS_H
#define PORTSTAT_LIVE_PANEL_DETAILS_H

struct panel;

struct panel *panel_details_new(void);

/* Another row: from its first line on. */
void panel_details_rewind(struct panel *panel);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer of --why about the row under the cursor. */
#ifndef PORTSTAT_LIVE_PANEL_WHY_H
#define PORTSTAT_LIVE_PANEL_WHY_H

struct panel;

/* Shows these lines, which are visible text and copied. */
struct panel *panel_why_new(const char *answer);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one step after each input and each look: all that follows from what was chosen. */
#ifndef PORTSTAT_LIVE_APP_SETTLE_H
#define PORTSTAT_LIVE_APP_SETTLE_H

struct app;

/*
 * Brings the query, the tree, the cursor, the layout and the widths up to date, each where what it
 * is made from has changed.  So whoever changes something only changes it.
 */
void app_settle(struct app *a);

#endif

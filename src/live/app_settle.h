/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs after each input and each refresh: brings everything derived from the app's state up to
 * date.
 */
#ifndef PORTSTAT_LIVE_APP_SETTLE_H
#define PORTSTAT_LIVE_APP_SETTLE_H

struct app;

/*
 * Updates the query, the tree, the cursor, the layout and the column widths, each only if what it
 * is derived from has changed.  Code that changes the app's state calls this once afterwards, and
 * nothing else.
 */
void app_settle(struct app *a);

#endif

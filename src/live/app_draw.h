/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the whole screen: calls the function that draws each part. */
#ifndef PORTSTAT_LIVE_APP_DRAW_H
#define PORTSTAT_LIVE_APP_DRAW_H

struct app;
struct canvas;

/* Fills out with the current picture.  Only reads: app_key() and the like have settled already. */
void app_draw(const struct app *a, struct canvas *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys that open a dialog: functions of rows in live/keys.c, as those in live/actions.h. */
#ifndef PORTSTAT_LIVE_DIALOGS_H
#define PORTSTAT_LIVE_DIALOGS_H

struct app;

void act_help(struct app *a);
void act_columns(struct app *a);
void act_sort(struct app *a);

/* Where there is nobody to ask about, they say why. */
void act_kill(struct app *a);
void act_close(struct app *a);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that live/keys.c binds to the keys which open a dialog. */
#ifndef PORTSTAT_LIVE_DIALOGS_H
#define PORTSTAT_LIVE_DIALOGS_H

struct app;
struct job;

/* These open their dialog in place of one that is open. */
void act_help(struct app *a);
void act_columns(struct app *a);
void act_filter_by(struct app *a);
void act_sort(struct app *a);

/* If nothing can be signalled or closed, these show the reason instead. */
void act_kill(struct app *a);
void act_why(struct app *a);
void act_close(struct app *a);

/*
 * The job of a dialog that was confirmed, with all that is meant; takes the job.  While a dialog is open the rows
 * stay as they are: see app_wants().
 */
struct job *dialog_whole_job(struct app *a, struct job *job);

#endif

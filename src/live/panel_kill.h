/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialog that asks which signal to send, and to whom. */
#ifndef PORTSTAT_LIVE_PANEL_KILL_H
#define PORTSTAT_LIVE_PANEL_KILL_H

#include <stdbool.h>

struct job;
struct panel;

/*
 * Takes ownership of the job, which has at least one target.  Preselects all targets, or the first.
 */
struct panel *panel_kill_new(struct job *job, bool are_all_meant);

#endif

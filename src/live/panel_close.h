/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialog that asks before sockets are closed. */
#ifndef PORTSTAT_LIVE_PANEL_CLOSE_H
#define PORTSTAT_LIVE_PANEL_CLOSE_H

struct job;
struct panel;

/* Takes ownership of the job, which has at least one target. */
struct panel *panel_close_new(struct job *job);

#endif

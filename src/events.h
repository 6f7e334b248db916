/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells what happens on the ports, until interrupted (--events). */
#ifndef PORTSTAT_EVENTS_H
#define PORTSTAT_EVENTS_H

struct program;

/* Prints an event a line.  Returns the exit status: EXIT_ROWS also where none came. */
int run_events(struct program *p);

#endif

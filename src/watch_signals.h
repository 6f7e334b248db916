/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals end --watch: between two listings, or within one if its reader has stalled. */
#ifndef PORTSTAT_WATCH_SIGNALS_H
#define PORTSTAT_WATCH_SIGNALS_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

struct watch_signals {
	sigset_t signals; /* signals that end --watch; blocked */
	int waiting; /* signalfd: readable while one is pending; -1: not available */
	int released; /* eventfd: ends the thread */
	int status;
	pthread_t thread;
	bool has_thread;
};

/*
 * Blocks SIGINT, SIGTERM and SIGHUP from now on, except those that are ignored, as after nohup(1)
 * or in background jobs of a script: they stay ignored.
 */
void watch_signals_init(struct watch_signals *e);
void watch_signals_fini(struct watch_signals *e);

/*
 * Output written between these two is complete whatever signals arrive, with one exception: if a
 * signal is pending and the reader of standard output has stalled, the program exits at once with
 * this status.
 */
void watch_signals_guard(struct watch_signals *e, int status);
void watch_signals_release(struct watch_signals *e);

/* Waits up to pause for a signal.  True if one has arrived, now or before. */
bool watch_signals_has_come(struct watch_signals *e, const struct timespec *pause);

#endif

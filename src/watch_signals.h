/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How signals end --watch: between two listings, or within one that nobody reads. */
#ifndef PORTSTAT_WATCH_SIGNALS_H
#define PORTSTAT_WATCH_SIGNALS_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

struct watch_signals {
	sigset_t signals; /* those that end it, blocked */
	int waiting; /* signalfd: readable while one of them waits; -1: cannot be had */
	int released; /* eventfd: ends the thread */
	int status;
	pthread_t thread;
	bool has_thread;
};

/*
 * Holds SIGINT, SIGTERM and SIGHUP back from now on, but for those that are ignored, as with
 * nohup(1) or in a script's background jobs: these mean nothing here, too.
 */
void watch_signals_init(struct watch_signals *e);
void watch_signals_fini(struct watch_signals *e);

/*
 * What is written between these two is whole, whatever signals come, with one exception: where a
 * signal waits and standard output takes nothing, the program ends at once with this exit status.
 */
void watch_signals_guard(struct watch_signals *e, int status);
void watch_signals_release(struct watch_signals *e);

/* Waits so long for a signal.  Has one come, now or before? */
bool watch_signals_has_come(struct watch_signals *e, const struct timespec *pause);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How signals end --watch: between two listings, or within one that nobody reads. */
#ifndef PORTSTAT_ENDING_H
#define PORTSTAT_ENDING_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

struct ending {
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
void ending_init(struct ending *e);
void ending_fini(struct ending *e);

/*
 * What is written between these two is whole, whatever signals come, with one exception: where a
 * signal waits and standard output takes nothing, the program ends at once with this exit status.
 */
void ending_guard(struct ending *e, int status);
void ending_release(struct ending *e);

/* Waits so long for a signal.  Has one come, now or before? */
bool ending_has_come(struct ending *e, const struct timespec *pause);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that do a piece of work beside the rest. */
#ifndef PORTSTAT_BASE_THREAD_H
#define PORTSTAT_BASE_THREAD_H

#include <pthread.h>
#include <signal.h>
#include <stddef.h>

/*
 * Blocks all signals for the threads that are started next, but those by which a thread's own fault
 * ends the program: blocked, they would end it before a handler has put the terminal in order.  The
 * mask that was goes to before, to be set again with pthread_sigmask(3).
 */
void thread_block_signals(sigset_t *before);

/*
 * Starts a thread that takes no signals, with a stack of 256 KiB.  Join it or detach it.  Returns 0
 * or -errno where there can be none.
 */
int thread_start(pthread_t *thread, void *(*run)(void *), void *data);

/* A crew is no larger. */
#define THREAD_CREW_MAX 8U

/* How many workers n pieces of work are for, at least some for each: one, or up to a processor each. */
unsigned int thread_crew_size(size_t n, size_t least);

/*
 * Calls work for each worker from 0 to n - 1 (n at most THREAD_CREW_MAX), side by side as far as
 * there can be threads; the caller's is worker 0.  Returns when all have come back.
 */
void thread_crew(unsigned int n, void (*work)(void *data, unsigned int worker), void *data);

/* How many threads can run at once: processors that this process may use, at least 1. */
unsigned int thread_processors(void);

#endif

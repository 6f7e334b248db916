/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts threads, and divides work among a crew of them. */
#ifndef PORTSTAT_BASE_THREAD_H
#define PORTSTAT_BASE_THREAD_H

#include <pthread.h>
#include <signal.h>
#include <stddef.h>

/*
 * Blocks all signals in the calling thread, and thus in threads that it starts, except those that
 * report a fault of the thread itself (SIGSEGV ...): if these were blocked, the kernel would kill
 * the process before a handler could restore the terminal.  Saves the old mask to *before; restore
 * it with pthread_sigmask(3).
 */
void thread_block_signals(sigset_t *before);

/*
 * Starts a thread that blocks signals as above, with a stack of 256 KiB.  Returns 0 or -errno; join
 * or detach the thread (pthread_join(3)).
 */
int thread_start(pthread_t *thread, void *(*run)(void *), void *data);

/* The most workers that a crew can have. */
#define THREAD_CREW_MAX 8U

/*
 * How many workers to use for n pieces of work if a worker pays from least pieces on: 1 to
 * THREAD_CREW_MAX, and no more than thread_processors().
 */
unsigned int thread_crew_size(size_t n, size_t least);

/*
 * Calls work(data, worker) for each worker from 0 to n - 1 (n at most THREAD_CREW_MAX), in parallel
 * as far as threads can be started; worker 0 runs in the calling thread.  Returns when all are
 * done.
 */
void thread_crew(unsigned int n, void (*work)(void *data, unsigned int worker), void *data);

/* Processors that this process may use (sched_getaffinity(2)); at least 1. */
unsigned int thread_processors(void);

#endif

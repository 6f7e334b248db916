/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that do a piece of work beside the rest. */
#ifndef PORTSTAT_BASE_THREAD_H
#define PORTSTAT_BASE_THREAD_H

#include <pthread.h>

/*
 * Starts a thread that takes no signals, with a stack of 256 KiB.  Join it or detach it.  Returns 0
 * or -errno where there can be none.
 */
int thread_start(pthread_t *thread, void *(*run)(void *), void *data);

/* How many threads can run at once: processors that this process may use, at least 1. */
unsigned int thread_processors(void);

#endif

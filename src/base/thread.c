/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that do a piece of work beside the rest. */
#include <config.h>

#include "base/thread.h"

#include <sched.h>
#include <signal.h>

/* A hundred threads are to fit where address space is short. */
#define STACK_BYTES (256U << 10)

int thread_start(pthread_t *thread, void *(*run)(void *), void *data)
{
	sigset_t all, before;
	pthread_attr_t attr;
	int err;

	err = pthread_attr_init(&attr);
	if (err)
		return -err;
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	/* A thread inherits the mask: signals go to those who wait for them. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(thread, &attr, run, data);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return -err;
}

unsigned int thread_processors(void)
{
	cpu_set_t set;

	/* Fails on hosts with more than 1,024 processors: they are not short of them. */
	if (sched_getaffinity(0, sizeof(set), &set))
		return CPU_SETSIZE;
	return CPU_COUNT(&set) > 0 ? (unsigned int)CPU_COUNT(&set) : 1;
}

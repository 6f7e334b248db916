/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts threads, and divides work among a crew of them. */
#include <config.h>

#include "base/thread.h"

#include <sched.h>
#include <stdbool.h>

/* Small, so that a hundred threads fit even under a limit on address space (RLIMIT_AS). */
#define STACK_BYTES (256U << 10)

void thread_block_signals(sigset_t *before)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS };
	sigset_t blocked;

	sigfillset(&blocked);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		sigdelset(&blocked, faults[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, before);
}

int thread_start(pthread_t *thread, void *(*run)(void *), void *data)
{
	sigset_t before;
	pthread_attr_t attr;
	int err;

	err = pthread_attr_init(&attr);
	if (err)
		return -err;
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	/* The new thread inherits the mask, so signals go to the threads that wait for them. */
	thread_block_signals(&before);
	err = pthread_create(thread, &attr, run, data);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return -err;
}

unsigned int thread_processors(void)
{
	cpu_set_t set;

	/* EINVAL on hosts with more than 1,024 processors: then assume CPU_SETSIZE of them. */
	if (sched_getaffinity(0, sizeof(set), &set))
		return CPU_SETSIZE;
	return CPU_COUNT(&set) > 0 ? (unsigned int)CPU_COUNT(&set) : 1;
}

unsigned int thread_crew_size(size_t n, size_t least)
{
	size_t size = n / least;

	if (size < 2)
		return 1;
	if (size > THREAD_CREW_MAX)
		size = THREAD_CREW_MAX;
	return size < thread_processors() ? (unsigned int)size : thread_processors();
}

struct worker {
	void (*work)(void *data, unsigned int worker);
	void *data;
	pthread_t thread;
	unsigned int number;
	bool is_started;
};

static void *run_worker(void *data)
{
	const struct worker *w = data;

	w->work(w->data, w->number);
	return NULL;
}

void thread_crew(unsigned int n, void (*work)(void *data, unsigned int worker), void *data)
{
	struct worker workers[THREAD_CREW_MAX];

	for (unsigned int i = 1; i < n; i++) {
		workers[i] = (struct worker){ .work = work, .data = data, .number = i };
		workers[i].is_started = !thread_start(&workers[i].thread, run_worker, &workers[i]);
	}
	work(data, 0);
	for (unsigned int i = 1; i < n; i++) {
		if (workers[i].is_started)
			pthread_join(workers[i].thread, NULL);
		else
			work(data, i);
	}
}

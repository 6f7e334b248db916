/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals end --watch: between two listings, or within one if its reader has stalled. */
#include <config.h>

#include "watch_signals.h"

#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/thread.h"

/* A reader that takes nothing for this long has stalled. */
#define ASLEEP_MS 500
/* How often to check whether the reader has stalled. */
#define LOOK_MS 50

void watch_signals_init(struct watch_signals *e)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

	*e = (struct watch_signals){ 0 };
	sigemptyset(&e->signals);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct sigaction found;

		/* An ignored signal, once blocked, would become pending like any other. */
		if (!sigaction(numbers[i], NULL, &found) && found.sa_handler != SIG_IGN)
			sigaddset(&e->signals, numbers[i]);
	}
	sigprocmask(SIG_BLOCK, &e->signals, NULL);
	e->waiting = signalfd(-1, &e->signals, SFD_CLOEXEC);
	e->released = eventfd(0, EFD_CLOEXEC);
}

void watch_signals_fini(struct watch_signals *e)
{
	if (e->waiting >= 0)
		close(e->waiting);
	if (e->released >= 0)
		close(e->released);
}

static void *run(void *data)
{
	const struct watch_signals *e = data;
	struct pollfd fds[] = { { .fd = e->released, .events = POLLIN },
				{ .fd = e->waiting, .events = POLLIN } };

	if (poll(fds, 2, -1) < 0)
		return NULL;
	fds[1] = (struct pollfd){ .fd = STDOUT_FILENO, .events = POLLOUT };
	while (!fds[0].revents) {
		if (!poll(fds, 2, ASLEEP_MS))
			_exit(e->status);
		poll(fds, 1, LOOK_MS);
	}
	return NULL;
}

/* Without a descriptor or thread, a signal still ends --watch between two listings. */
void watch_signals_guard(struct watch_signals *e, int status)
{
	e->status = status;
	e->has_thread = e->waiting >= 0 && e->released >= 0 && !thread_start(&e->thread, run, e);
}

void watch_signals_release(struct watch_signals *e)
{
	uint64_t count = 1;

	if (!e->has_thread)
		return;
	/*
	 * Retry both: the thread waits for the write, and a count left unread would end the next
	 * one.
	 */
	while (write(e->released, &count, sizeof(count)) < 0)
		;
	pthread_join(e->thread, NULL);
	while (read(e->released, &count, sizeof(count)) < 0)
		;
	e->has_thread = false;
}

bool watch_signals_has_come(struct watch_signals *e, const struct timespec *pause)
{
	return sigtimedwait(&e->signals, NULL, pause) >= 0;
}

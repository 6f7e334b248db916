/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refreshes in a thread of its own, so that keys never wait for the kernel. */
#include <config.h>

#include "live/collector.h"

#include <errno.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"
#include "live/frame.h"
#include "action/jobs.h"
#include "live/refresh.h"
#include "live/why_job.h"
#include "query/collect.h"
#include "query/namespaces.h"

/* Who has a frame. */
enum frame_place {
	PLACE_FREE,
	PLACE_READY,
	PLACE_TAKEN,
};

struct place {
	struct frame frame;
	enum frame_place where;
};

struct collector {
	struct collector_setup setup;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* wakes the thread after a change below */
	int fd;
	struct place places[2];
	struct live_query query;
	char *filter;
	bool has_query;
	bool is_asked;
	bool stops;
	uint64_t steps;
	struct job *todo; /* linked by their next */
	struct job *done;
	struct why_job *why; /* to be answered */
	struct why_job *answered;
};

uint64_t collector_clock(struct collector *c)
{
	uint64_t steps;

	if (c->setup.interval_ms)
		return refresh_clock_ms(CLOCK_MONOTONIC);
	pthread_mutex_lock(&c->lock);
	steps = c->steps;
	pthread_mutex_unlock(&c->lock);
	return steps * COLLECTOR_STEP_MS;
}

static void wake_drawing(const struct collector *c)
{
	uint64_t one = 1;
	ssize_t n;

	/* A write fails only if the counter is full, and then the descriptor is readable. */
	do
		n = write(c->fd, &one, sizeof(one));
	while (n < 0 && errno == EINTR);
}

/*
 * The frame to fill next: a free one, or a ready one not taken before another refresh was
 * requested.
 */
static struct place *find_place(struct collector *c)
{
	for (size_t i = 0; i < 2; i++)
		if (c->places[i].where == PLACE_READY)
			return c->is_asked ? &c->places[i] : NULL;
	for (size_t i = 0; i < 2; i++)
		if (c->places[i].where == PLACE_FREE)
			return &c->places[i];
	return NULL;
}

static const struct frame *find_shown(const struct collector *c)
{
	for (size_t i = 0; i < 2; i++)
		if (c->places[i].where == PLACE_TAKEN)
			return &c->places[i].frame;
	return NULL;
}

/* The caller holds the lock; it is released during the refresh. */
static void refresh_once(struct collector *c, struct place *place)
{
	struct refresh refresh = {
		.query = c->query,
		.filter = mem_strdup(c->filter),
		.names = c->setup.names[place - c->places],
		.clock_ms = c->steps * COLLECTOR_STEP_MS,
	};
	const struct frame *shown = find_shown(c);

	if (c->setup.interval_ms)
		refresh.clock_ms = refresh_clock_ms(CLOCK_MONOTONIC);
	/*
	 * The lock can be released: no one else uses a free frame, and the shown one stays as it
	 * is.
	 */
	place->where = PLACE_FREE;
	c->is_asked = false;
	pthread_mutex_unlock(&c->lock);
	refresh_run(&c->setup, &refresh, &place->frame, shown);
	free(refresh.filter);
	pthread_mutex_lock(&c->lock);
	place->where = PLACE_READY;
	wake_drawing(c);
}

/* A socket of another network namespace is closed there. */
static int open_diag(void *data, uint16_t netns)
{
	const struct collector *c = data;
	const struct namespaces *n = c->setup.sources->namespaces;

	return n ? namespaces_socket(n, netns, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG)
		 : -EOPNOTSUPP;
}

static void run_job(struct collector *c)
{
	struct job *job = c->todo, **end = &c->done;

	c->todo = job->next;
	pthread_mutex_unlock(&c->lock);
	job->open_diag = open_diag;
	job->data = c;
	job_run(job, c->setup.proc_root);
	pthread_mutex_lock(&c->lock);
	job->next = NULL;
	while (*end)
		end = &(*end)->next;
	*end = job;
	wake_drawing(c);
}

static void answer_why(struct collector *c)
{
	struct why_job *job = c->why;
	const struct why_job_scene scene = { .proc_root = c->setup.proc_root,
					     .sources = c->setup.sources,
					     .names = c->setup.job_names,
					     .host = c->setup.host,
					     .netns = c->setup.netns,
					     .is_ascii = c->setup.is_ascii };

	c->why = NULL;
	pthread_mutex_unlock(&c->lock);
	why_job_run(job, &scene);
	pthread_mutex_lock(&c->lock);
	why_job_free(c->answered);
	c->answered = job;
	wake_drawing(c);
}

/* Waits for a change, at most until due on the clock (0: no limit). */
static void wait_until(struct collector *c, uint64_t due)
{
	struct timespec at = { .tv_sec = (time_t)(due / 1000),
			       .tv_nsec = (long)(due % 1000) * 1000000 };

	if (due)
		pthread_cond_timedwait(&c->changed, &c->lock, &at);
	else
		pthread_cond_wait(&c->changed, &c->lock);
}

/* Where a refresh takes long, at least as much time passes until the next one as it took. */
static uint64_t next_refresh(const struct collector *c, uint64_t start)
{
	uint64_t end = refresh_clock_ms(CLOCK_MONOTONIC), took = end - start;

	return took * 2 < c->setup.interval_ms ? start + c->setup.interval_ms : end + took;
}

/*
 * A key is answered by the other thread: where both want a processor, that one is to have most of it.  The nice
 * value is a thread's own (sched(7)), and that of the threads it starts.
 */
#define REFRESH_NICE 5

static void yield_to_keys(void)
{
	setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + REFRESH_NICE);
}

static void *run(void *data)
{
	struct collector *c = data;
	uint64_t due = 0;

	yield_to_keys();
	pthread_mutex_lock(&c->lock);
	while (!c->stops) {
		uint64_t now = refresh_clock_ms(CLOCK_MONOTONIC);
		bool is_time = c->is_asked || (c->setup.interval_ms && now >= due);
		struct place *place = c->has_query && is_time ? find_place(c) : NULL;

		if (c->todo) {
			run_job(c);
		} else if (c->why) {
			answer_why(c);
		} else if (place) {
			refresh_once(c, place);
			due = next_refresh(c, now);
		} else {
			wait_until(c, c->has_query && !is_time && c->setup.interval_ms ? due : 0);
		}
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static void free_collector(struct collector *c)
{
	frame_fini(&c->places[0].frame);
	frame_fini(&c->places[1].frame);
	while (c->todo || c->done) {
		struct job **list = c->todo ? &c->todo : &c->done, *job = *list;

		*list = job->next;
		job_free(job);
	}
	why_job_free(c->why);
	why_job_free(c->answered);
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	close(c->fd);
	free(c->filter);
	free(c);
}

int collector_start(struct collector **out, const struct collector_setup *setup)
{
	struct collector *c = mem_calloc(1, sizeof(*c));
	pthread_condattr_t attributes;
	sigset_t before;
	int err;

	c->setup = *setup;
	c->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (c->fd < 0) {
		err = -errno;
		free(c);
		return err;
	}
	pthread_mutex_init(&c->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&c->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	/* Signals go to the thread that draws. */
	thread_block_signals(&before);
	err = -pthread_create(&c->thread, NULL, run, c);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err) {
		free_collector(c);
		return err;
	}
	*out = c;
	return 0;
}

/* A refresh takes less even on a busy host; a thread that takes longer hangs. */
#define PATIENCE_SECONDS 2

bool collector_stop(struct collector *c)
{
	struct timespec until;

	pthread_mutex_lock(&c->lock);
	c->stops = true;
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_SECONDS;
	if (pthread_timedjoin_np(c->thread, NULL, &until))
		return false;
	free_collector(c);
	return true;
}

int collector_fd(const struct collector *c)
{
	return c->fd;
}

/*
 * Does the newest frame have what the query needs?  One that is being filled is being filled for an
 * older query.
 */
static bool is_answered(const struct collector *c, const struct live_query *query)
{
	const struct frame *newest = NULL;

	for (size_t i = 0; i < 2; i++)
		if (c->places[i].where == PLACE_READY ||
		    (c->places[i].where == PLACE_TAKEN && !newest))
			newest = &c->places[i].frame;
	return newest && live_query_is_answered(query, &newest->scope);
}

void collector_ask(struct collector *c, const struct live_query *query)
{
	pthread_mutex_lock(&c->lock);
	free(c->filter);
	c->filter = mem_strdup(query->filter);
	c->query = *query;
	c->query.filter = NULL;
	/* In a recording the first query plays the first dump; the R key plays the others. */
	if (!c->has_query || (!c->setup.is_replay && !is_answered(c, query)))
		c->is_asked = true;
	c->has_query = true;
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

void collector_refresh(struct collector *c)
{
	pthread_mutex_lock(&c->lock);
	c->is_asked = true;
	c->steps++;
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

bool collector_peek(struct collector *c, struct frame_scope *scope)
{
	bool is_ready = false;
	uint64_t count;
	ssize_t n;

	pthread_mutex_lock(&c->lock);
	n = read(c->fd, &count, sizeof(count));
	(void)n; /* EAGAIN, nothing to read, is fine */
	for (size_t i = 0; i < 2; i++) {
		if (c->places[i].where != PLACE_READY)
			continue;
		*scope = c->places[i].frame.scope;
		is_ready = true;
	}
	pthread_mutex_unlock(&c->lock);
	return is_ready;
}

struct frame *collector_take(struct collector *c)
{
	struct frame *frame = NULL;

	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < 2; i++) {
		if (c->places[i].where != PLACE_READY)
			continue;
		c->places[i].where = PLACE_TAKEN;
		frame = &c->places[i].frame;
	}
	pthread_mutex_unlock(&c->lock);
	return frame;
}

void collector_give(struct collector *c, struct frame *frame)
{
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < 2; i++)
		if (frame == &c->places[i].frame)
			c->places[i].where = PLACE_FREE;
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

void collector_do(struct collector *c, struct job *job)
{
	struct job **end = &c->todo;

	pthread_mutex_lock(&c->lock);
	job->next = NULL;
	while (*end)
		end = &(*end)->next;
	*end = job;
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

struct job *collector_done(struct collector *c)
{
	struct job *job;

	pthread_mutex_lock(&c->lock);
	job = c->done;
	if (job)
		c->done = job->next;
	pthread_mutex_unlock(&c->lock);
	return job;
}

void collector_ask_why(struct collector *c, struct why_job *job)
{
	pthread_mutex_lock(&c->lock);
	why_job_free(c->why);
	c->why = job;
	pthread_cond_signal(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

struct why_job *collector_answer(struct collector *c)
{
	struct why_job *job;

	pthread_mutex_lock(&c->lock);
	job = c->answered;
	c->answered = NULL;
	pthread_mutex_unlock(&c->lock);
	return job;
}

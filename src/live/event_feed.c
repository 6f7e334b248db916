/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hears of sockets as they open and end, in a thread of its own. */
#include <config.h>

#include "live/event_feed.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"
#include "events/event.h"
#include "events/event_table.h"
#include "events/listed_owner.h"
#include "events/way.h"
#include "live/event_log.h"
#include "live/frame.h"

/* BPF's events wait in a ring, which wakes us where a quarter of it is used. */
#define REST_MS 500

struct event_feed {
	struct event_request *request;
	struct event_way *way;
	pthread_t thread;
	pthread_mutex_t lock; /* of all below, and of the way and the table */
	struct event_log log;
	bool has_list; /* until then nothing is read: it waits in the kernel */
	int wake; /* an eventfd */
	bool stops;
};

/* ---- what is there ---- */

/* Listeners tell whose the connections are; of what is bound only, BPF has to know the cookies. */
static bool is_told(const struct sock *sk)
{
	return sock_is_serving(sk) || sk->proto != PROTO_TCP;
}

static void list(struct event_feed *feed, const struct frame *f)
{
	for (size_t i = 0; i < f->snap.n_rows; i++) {
		const struct row *row = &f->snap.rows[i];
		struct event_entry entry = { .sock = *row->sk };
		const struct process *process;
		const struct snapshot_netns *ns;

		if (!is_told(row->sk))
			continue;
		ns = snapshot_netns_of(&f->snap, row->sk);
		entry.netns = row->sk->netns && ns ? ns->inode : f->snap.netns;
		entry.sock.extra = 0;
		process = row_first_process(&f->snap, row);
		if (process)
			listed_process(process, &entry.owner);
		event_table_put(feed->request->table, &entry);
	}
}

static void wake(const struct event_feed *feed)
{
	uint64_t one = 1;
	ssize_t n = write(feed->wake, &one, sizeof(one));

	(void)n; /* it is readable already */
}

/* ---- hearing ---- */

static void add(void *data, const struct event *event)
{
	event_log_add(data, event);
}

/* The caller holds the lock. */
static void hear(struct event_feed *feed)
{
	const struct event_sink sink = { .add = add, .data = &feed->log };

	if (feed->has_list && event_way_read(feed->way, &sink))
		feed->log.kinds = 0;
}

/* ---- the way, and what there is ---- */

/* By BPF, else as announced; the caller holds the lock.  0 or -errno. */
static int open_way(struct event_feed *feed)
{
	int err = way_bpf_open(&feed->way, feed->request);

	if (err)
		err = way_announced_open(&feed->way, feed->request);
	feed->log.kinds = err ? 0 : feed->way->kinds;
	feed->log.request = feed->request;
	feed->has_list = false;
	return err;
}

bool event_feed_follow(struct event_feed *feed, bool are_all)
{
	bool is_other;

	pthread_mutex_lock(&feed->lock);
	is_other = feed->request->is_every_netns != are_all;
	if (is_other) {
		feed->request->is_every_netns = are_all;
		event_way_free(feed->way);
		feed->way = NULL;
		open_way(feed);
	}
	pthread_mutex_unlock(&feed->lock);
	return is_other;
}

void event_feed_list(struct event_feed *feed, const struct frame *f)
{
	bool is_first;

	if (f->error)
		return;
	pthread_mutex_lock(&feed->lock);
	if (!feed->way) {
		pthread_mutex_unlock(&feed->lock);
		return;
	}
	is_first = !feed->has_list;
	/* BPF follows what comes later by itself; else the frame is all that there is. */
	if (is_first || !(feed->way->kinds & EVENT_BIT(EVENT_OPENED))) {
		hear(feed);
		event_table_free(feed->request->table);
		feed->request->table = event_table_new();
		list(feed, f);
	}
	feed->has_list = true;
	pthread_mutex_unlock(&feed->lock);
	if (is_first)
		wake(feed);
}

int event_feed_count(void *data, uint64_t cookie, struct event_count *out)
{
	struct event_feed *feed = data;
	int err;

	pthread_mutex_lock(&feed->lock);
	err = feed->way ? event_way_count(feed->way, cookie, out) : -EOPNOTSUPP;
	pthread_mutex_unlock(&feed->lock);
	return err;
}

void event_feed_take(struct event_feed *feed, struct event_log *log)
{
	const struct event_sink sink = { .add = add, .data = &feed->log };
	struct event_log heard;

	event_log_clear(log);
	pthread_mutex_lock(&feed->lock);
	hear(feed);
	if (feed->has_list && feed->log.kinds)
		event_way_finish(feed->way, &sink);
	heard = feed->log;
	feed->log = *log;
	feed->log.kinds = heard.kinds;
	feed->log.request = feed->request;
	pthread_mutex_unlock(&feed->lock);
	*log = heard;
}

/* For poll(2).  The way may want less: who takes what was heard reads it, too. */
static int rest_ms(const struct event_feed *feed)
{
	if (!feed->has_list || !feed->way->pause_ms)
		return -1;
	return feed->way->pause_ms > REST_MS ? (int)feed->way->pause_ms : REST_MS;
}

static void *run(void *data)
{
	struct event_feed *feed = data;

	pthread_mutex_lock(&feed->lock);
	while (!feed->stops) {
		struct pollfd fds[] = {
			{ .fd = feed->wake, .events = POLLIN },
			{ .fd = feed->has_list ? feed->way->fd : -1, .events = POLLIN },
		};
		int rest = rest_ms(feed);
		uint64_t count;
		ssize_t n;

		pthread_mutex_unlock(&feed->lock);
		poll(fds, 2, rest);
		n = fds[0].revents ? read(feed->wake, &count, sizeof(count)) : 0;
		(void)n;
		pthread_mutex_lock(&feed->lock);
		hear(feed);
	}
	pthread_mutex_unlock(&feed->lock);
	return NULL;
}

static void free_feed(struct event_feed *feed)
{
	event_way_free(feed->way);
	event_log_fini(&feed->log);
	pthread_mutex_destroy(&feed->lock);
	if (feed->wake >= 0)
		close(feed->wake);
	free(feed);
}

int event_feed_start(struct event_feed **out, struct event_request *request)
{
	struct event_feed *feed = mem_calloc(1, sizeof(*feed));
	int err;

	*out = NULL;
	feed->request = request;
	pthread_mutex_init(&feed->lock, NULL);
	feed->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	err = feed->wake < 0 ? -errno : open_way(feed);
	if (!err)
		err = thread_start(&feed->thread, run, feed);
	if (err) {
		free_feed(feed);
		return err;
	}
	*out = feed;
	return 0;
}

void event_feed_stop(struct event_feed *feed)
{
	if (!feed)
		return;
	pthread_mutex_lock(&feed->lock);
	feed->stops = true;
	pthread_mutex_unlock(&feed->lock);
	wake(feed);
	pthread_join(feed->thread, NULL);
	free_feed(feed);
}

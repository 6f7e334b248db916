/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How events come to us.  Several ways are open at once; each tells of some kinds, and never of what
 * another one tells:
 *
 *   bpf             opened unbound connected accepted closed failed    way_bpf.c
 *   announcements   closed                                             way_announced.c
 *   looks           opened unbound                                     way_looks.c
 *   attempts        refused scan flood knock                           attempts.c, fed by BPF or by
 *                                                                      the counters of /proc/net
 */
#ifndef PORTSTAT_EVENTS_WAY_H
#define PORTSTAT_EVENTS_WAY_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;
struct event_table;
struct event_way;

/* Where a way puts its events; each is borrowed during the call. */
struct event_sink {
	void (*add)(void *data, const struct event *event);
	void *data;
	/* Would add() do anything with it?  NULL: it always would. */
	bool (*wants)(void *data, const struct event *event);
};

static inline bool event_sink_wants(const struct event_sink *sink, const struct event *event)
{
	return !sink->wants || sink->wants(sink->data, event);
}

/* What a datagram socket carried since the way was opened: payload only. */
struct event_count {
	uint64_t sent;
	uint64_t received;
	uint64_t packets_sent;
	uint64_t packets_received;
};

/* A network namespace that is watched. */
struct event_netns {
	uint64_t inode;
	uint16_t index; /* as that of struct sock; 0: the one we run in */
};

/* What a way is opened with; all of it is borrowed until the way is freed. */
struct event_request {
	unsigned int kinds; /* EVENT_BIT()s: others need not be told */
	unsigned int protos; /* PROTO_BIT()s */
	unsigned int families; /* FAMILY_BIT()s */
	int proc_root;
	/*
	 * Sockets that were there before, by cookie: filled after the way was opened, and before it is
	 * read.  The way removes what closes.
	 */
	struct event_table *table;
	struct event_netns *netns; /* none: only the one we run in */
	size_t n_netns;
	bool is_every_netns; /* what has no entry in netns, too */
	/* A socket(2) in another namespace: a descriptor or -errno. */
	int (*open_socket)(void *data, uint16_t netns, int domain, int type, int protocol);
	/* A file of /proc/PID/net in another namespace: as above. */
	int (*open_file)(void *data, uint16_t netns, const char *name);
	void *data;
	const uint16_t *knock; /* the ports of --knock, in order */
	size_t n_knock;
	/* Only one of the ways is opened, and looks are not: what is announced is told of UDP, too. */
	bool is_alone;
};

struct event_way_ops {
	const char *name; /* as in the first line: "bpf" */
	/*
	 * Adds everything that happened since the last call, oldest first.  Never blocks.  Returns 0, or
	 * -errno if the way has failed for good.
	 */
	int (*read)(struct event_way *way, const struct event_sink *sink);
	/* Adds what it keeps back to tell it together; NULL: nothing. */
	void (*finish)(struct event_way *way, const struct event_sink *sink);
	/* Counts of a datagram socket.  0, or -errno if they are not known; NULL: they never are. */
	int (*count)(struct event_way *way, uint64_t cookie, struct event_count *out);
	/* The i-th thing that it cannot see, a translated clause; NULL after the last. */
	const char *(*lack)(const struct event_way *way, size_t i);
	void (*free)(struct event_way *way);
};

struct event_way {
	const struct event_way_ops *ops;
	unsigned int kinds; /* EVENT_BIT()s that it tells of */
	/* Readable when read() should not wait; -1: there is nothing but the clock. */
	int fd;
	/* read() wants to be called at least so often; 0: only when fd is readable. */
	unsigned int pause_ms;
};

/*
 * Each opens a way, to be freed with event_way_free(), and returns 0 or -errno: -EPERM without the
 * privilege, -EOPNOTSUPP where this kernel or this build does not have it.
 */
int way_bpf_open(struct event_way **out, const struct event_request *request);
int way_announced_open(struct event_way **out, const struct event_request *request);
int way_looks_open(struct event_way **out, const struct event_request *request);
int way_attempts_open(struct event_way **out, const struct event_request *request);

static inline int event_way_read(struct event_way *way, const struct event_sink *sink)
{
	return way->ops->read(way, sink);
}

static inline int event_way_count(struct event_way *way, uint64_t cookie, struct event_count *out)
{
	return way->ops->count ? way->ops->count(way, cookie, out) : -EOPNOTSUPP;
}

static inline void event_way_finish(struct event_way *way, const struct event_sink *sink)
{
	if (way->ops->finish)
		way->ops->finish(way, sink);
}

static inline void event_way_free(struct event_way *way)
{
	if (way)
		way->ops->free(way);
}

#endif

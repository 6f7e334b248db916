/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where sockets come from: the whole interface of netlink, a recording and /proc/net. */
#ifndef PORTSTAT_SOURCE_SOURCE_H
#define PORTSTAT_SOURCE_SOURCE_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "model/problem.h"
#include "model/sock.h"

struct cond;
struct sock_table;

struct source_query {
	unsigned int protos; /* PROTO_BIT()s */
	unsigned int families; /* FAMILY_BIT()s */
	unsigned int states; /* STATE_BIT()s */
	unsigned int extras; /* SOCK_EXTRA_BIT()s to bring along */
	const struct cond *cond; /* NULL: all.  A source may bring more than this, never less. */
	bool is_aside; /* a question about an earlier answer: no part of a recording */
};

/* For each protocol and family asked for: 0, or why its list is missing or not whole, -errno. */
struct source_outcome {
	int error[PROTO_COUNT][ADDR_FAMILIES];
	/* TCP sockets that are only bound were asked for, and this source cannot list them. */
	bool lacks_bound;
};

/* The errors with a meaning of their own; any other one says that the list was cut short. */
#define SOURCE_ERROR_UNSUPPORTED (-ENOENT) /* no handler for this protocol in this kernel */
#define SOURCE_ERROR_DENIED (-EPERM) /* not allowed to ask at all */

/* The error where some sockets came all the same: these two say that none did. */
static inline int source_partial_error(int error)
{
	return error == SOURCE_ERROR_UNSUPPORTED || error == SOURCE_ERROR_DENIED ? -EIO : error;
}

struct source;

struct source_ops {
	/* Adds what matches to the table; fills outcome.  Calls may follow one another without end. */
	void (*list)(struct source *src, const struct source_query *query, struct sock_table *table,
		     struct source_outcome *outcome);
	/* See source_in_use(); NULL where that is not known. */
	unsigned int (*in_use)(struct source *src, unsigned int families);
	void (*free)(struct source *src);
};

struct source {
	const struct source_ops *ops;
};

static inline void source_list(struct source *src, const struct source_query *query,
			       struct sock_table *table, struct source_outcome *outcome)
{
	src->ops->list(src, query, table, outcome);
}

/*
 * The protocols, PROTO_BIT()s, of which there are sockets of these families in use, whether or not
 * they can be listed.  None where that is not known; NULL is fine.
 */
static inline unsigned int source_in_use(struct source *src, unsigned int families)
{
	return src && src->ops->in_use ? src->ops->in_use(src, families) : 0;
}

/* Frees the source; NULL is fine. */
static inline void source_free(struct source *src)
{
	if (src)
		src->ops->free(src);
}

/* Where what the kernel says is kept. */
struct source_record {
	FILE *stream;
	int error; /* -errno of the first write that failed: nothing is kept from there on */
};

/*
 * Each opens a source and returns 0 or -errno.
 * Netlink lists the network namespace in which it is opened (sock_diag(7)).  What is said goes to
 * record, too, unless it is NULL (borrowed; flushed when a list is complete).
 */
int source_netlink_open(struct source **src, struct source_record *record);

/*
 * What would make the running kernel list a protocol that it does not list now: a module can be
 * loaded only if it is installed; a protocol that the kernel was built without cannot be listed.
 */
enum problem_remedy source_remedy(enum sock_proto proto);

/*
 * Plays a recording; every list plays the next dump of a request and stays on the last.  The file is
 * read with the caller's own privileges.  -EBADMSG where it is no recording, -ENODATA where it is empty.
 */
int source_replay_open(struct source **src, const char *path);

/* The header of what such a source plays; NULL where it has none.  Borrowed from the source. */
struct recording;
const struct recording *source_replay_recording(const struct source *src);

/* Reads net/tcp and its siblings below proc_root (a directory descriptor, borrowed). */
int source_procfs_open(struct source **src, int proc_root);

/*
 * The kernel's announcements of TCP and UDP sockets as they close (SKNLGRP_INET_TCP_DESTROY and its
 * siblings, since Linux 4.3), in the network namespace in which it is opened.  0 or -errno.
 */
struct destroy_events;
int destroy_events_open(struct destroy_events **out);
/* NULL is fine. */
void destroy_events_free(struct destroy_events *c);

/*
 * Adds the sockets that closed since the last call; their states are those at the end.  Never waits.
 * False where some were lost because too many closed.
 */
bool destroy_events_drain(struct destroy_events *c, struct sock_table *table);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where sockets come from: the whole interface of netlink.c, replay.c (a recording), procfs.c
 * (/proc/net), lookup.c and destroy_events.c, which have no other header.
 */
#ifndef PORTSTAT_SOURCE_SOURCE_H
#define PORTSTAT_SOURCE_SOURCE_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "model/problem.h"
#include "model/sock.h"

struct cond;
struct sock_table;

/* Which sockets to list. */
struct source_query {
	unsigned int protos; /* PROTO_BIT()s */
	unsigned int families; /* FAMILY_BIT()s */
	unsigned int states; /* STATE_BIT()s */
	unsigned int extras; /* SOCK_EXTRA_BIT()s to request */
	uint16_t netns; /* the index that the sockets get: see struct sock */
	const struct cond *cond; /* borrowed; NULL: all.  A source may list more, never less. */
	bool is_aside; /* a query about an earlier result; not to be recorded */
	bool is_repeated; /* again and again: it need not be quick, but must not cost much */
};

/* For each protocol and family of the query: 0, or -errno if its list is missing or incomplete. */
struct source_outcome {
	int error[PROTO_COUNT][ADDR_FAMILIES];
	/* The query includes TCP sockets that are only bound, and this source cannot list them. */
	bool lacks_bound;
};

/* With these errors no socket is listed.  Any other one means that the list is incomplete. */
#define SOURCE_ERROR_UNSUPPORTED (-ENOENT) /* the kernel cannot list this protocol */
#define SOURCE_ERROR_DENIED (-EPERM) /* we may not use this source */

/* The error to report if some sockets were listed nevertheless: never one of these two. */
static inline int source_partial_error(int error)
{
	return error == SOURCE_ERROR_UNSUPPORTED || error == SOURCE_ERROR_DENIED ? -EIO : error;
}

struct source;

struct source_ops {
	/* See source_list(). */
	void (*list)(struct source *src, const struct source_query *query, struct sock_table *table,
		     struct source_outcome *outcome);
	/* See source_in_use(); NULL if the source cannot tell. */
	unsigned int (*in_use)(struct source *src, unsigned int families);
	void (*free)(struct source *src);
};

struct source {
	const struct source_ops *ops;
};

/*
 * Adds the sockets of the query to the table and sets *outcome.  May be called any number of times;
 * not by two threads at once.
 */
static inline void source_list(struct source *src, const struct source_query *query,
			       struct sock_table *table, struct source_outcome *outcome)
{
	src->ops->list(src, query, table, outcome);
}

/*
 * The protocols (PROTO_BIT()s) that have sockets of these families, whether or not the source can
 * list them.  0 if that is unknown, or if src is NULL.
 */
static inline unsigned int source_in_use(struct source *src, unsigned int families)
{
	return src && src->ops->in_use ? src->ops->in_use(src, families) : 0;
}

/* Frees the source; src may be NULL. */
static inline void source_free(struct source *src)
{
	if (src)
		src->ops->free(src);
}

/* The recording that is being written. */
struct source_record {
	FILE *stream;
	int error; /* -errno of the first failed write; nothing is written after it */
};

/*
 * Each of these opens a source, to be freed with source_free(), and returns 0 or -errno.
 *
 * Lists the network namespace in which it is opened, by sock_diag(7).  Requests and replies are
 * also written to record (borrowed) unless it is NULL; it is flushed after each listing.
 */
int source_netlink_open(struct source **src, struct source_record *record);

/*
 * The same in another network namespace: open_socket(data) makes a NETLINK_SOCK_DIAG socket there
 * (returns a descriptor or -errno).  An open netlink socket keeps its namespace alive, so free
 * the source after one listing.
 */
int source_netlink_open_in(struct source **src, int (*open_socket)(void *data), void *data);

/*
 * What would make the running kernel list a protocol that it cannot list now: loading a module, if
 * that is installed, or nothing, if the kernel was built without the protocol.
 */
enum problem_remedy source_remedy(enum sock_proto proto);

/*
 * Plays a recording: each listing plays the next recorded one, and the last one again and again.
 * The file is read with the caller's own privileges.  -EBADMSG if it is not a recording, -ENODATA
 * if it is empty.
 */
int source_replay_open(struct source **src, const char *path);

/* The header of the recording that src plays, NULL if it has none.  Borrowed from src. */
struct recording;
const struct recording *source_replay_recording(const struct source *src);

/* Reads net/tcp and its siblings below proc_root (a directory descriptor of /proc, borrowed). */
int source_procfs_open(struct source **src, int proc_root);

/* The text of such a file, which another host sent. */
struct procfs_text {
	enum sock_proto proto;
	const struct proto_file *file; /* one of the protocol's */
	const char *release; /* of that host's kernel, as uname(2) reports it */
	const char *bytes;
	size_t len;
};

/*
 * Adds the sockets of the file to the table, in the namespace 0, without looking for duplicates, which
 * would let the host choose what that costs.  Returns 0, or -EBADMSG or -EPROTO if a line is malformed,
 * and is left out, or if the end is missing.
 */
int procfs_parse(const struct procfs_text *text, struct sock_table *table);

/*
 * Asks the kernel where a packet would go: a new connection, or a datagram from an unknown peer.
 * open_socket(data) makes a NETLINK_SOCK_DIAG socket in the network namespace that is asked (returns
 * a descriptor or -errno); NULL: in this one.  The socket keeps its namespace alive: free it soon.
 * Returns 0 or -errno.
 */
struct lookup;
int lookup_open(struct lookup **out, int (*open_socket)(void *data), void *data);
void lookup_free(struct lookup *lookup);

/*
 * Adds the socket that gets a packet to this end: what the kernel itself would find, with
 * SO_REUSEPORT groups and BPF sk_lookup programs.  proto: PROTO_TCP or PROTO_UDP.  Needs no
 * privilege.  Returns 0, -ENOENT if nobody gets it, or another -errno.
 */
int lookup_ask(const struct lookup *lookup, enum sock_proto proto, enum addr_family family,
	       const struct endpoint *to, struct sock_table *table);

/*
 * Subscribes to the kernel's notifications of closed TCP and UDP sockets (SKNLGRP_INET_TCP_DESTROY
 * and its siblings, since Linux 4.3) in the current network namespace.  protos: PROTO_BIT()s; room:
 * bytes that the kernel keeps of each for us, 0 for its default.  Returns 0 or -errno.
 */
struct destroy_events;
int destroy_events_open(struct destroy_events **out, unsigned int protos, int room);
/* Ends the subscription; c may be NULL. */
void destroy_events_free(struct destroy_events *c);

/*
 * Adds the sockets that were closed since the last call, with their final states and these extras
 * (SOCK_EXTRA_BIT()s; there is only SOCK_EXTRA_TCP_INFO).  Never blocks.  Returns false if
 * notifications were lost because there were too many.
 */
bool destroy_events_drain(struct destroy_events *c, unsigned int extras, struct sock_table *table);

/* Descriptors that are readable while there are notifications; -1: not of this protocol. */
#define DESTROY_EVENTS_FDS 2
void destroy_events_fds(const struct destroy_events *c, int fds[static DESTROY_EVENTS_FDS]);

#endif

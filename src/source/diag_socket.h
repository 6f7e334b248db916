/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One netlink socket, and sock_diag(7) dumps over it. */
#ifndef PORTSTAT_SOURCE_DIAG_SOCKET_H
#define PORTSTAT_SOURCE_DIAG_SOCKET_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct mnl_socket;
struct request;
struct sock_table;
struct source_query;
struct source_record;

struct diag_socket {
	struct mnl_socket *socket; /* NULL after a failure: the next dump opens it again */
	int (*open)(void *data); /* how; NULL: in the caller's network namespace */
	void *open_data;
	struct source_record *record; /* borrowed, NULL for none */
	pthread_mutex_t *table_lock; /* borrowed */
	uint32_t seq; /* nlmsg_seq of the last request */
	bool orphans_have_uid; /* kernel_orphans_have_uid() */
	uint8_t *buffer; /* the last datagram received */
	struct buf message; /* the last request, and its bytecode */
	struct buf bytecode;
};

/*
 * Opens the socket: open(data) does, unless it is NULL.  Requests and replies are also written to record_to, unless it is NULL.  The
 * lock is held while a table changes, so that two sockets can fill one.  Returns 0 or -errno; call
 * diag_socket_fini() either way.
 */
int diag_socket_init(struct diag_socket *ds, struct source_record *record_to,
		     pthread_mutex_t *table_lock, int (*open)(void *data), void *data);
void diag_socket_fini(struct diag_socket *ds);

/*
 * Lists the sockets of one request of a query, in one or more dumps, filtered by bytecode if the
 * kernel accepts it.  Returns 0, or why sockets may be missing: -ENOENT if the kernel has no
 * handler for them, -ETIMEDOUT if it has stopped answering.
 */
int diag_socket_list(struct diag_socket *ds, const struct source_query *query,
		     const struct request *request, struct sock_table *table);

#endif

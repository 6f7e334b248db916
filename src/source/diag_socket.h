/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One netlink socket and the sock_diag(7) dumps that are asked for over it. */
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
	struct mnl_socket *socket; /* NULL after a failure: opened again for the next dump */
	struct source_record *record; /* borrowed, NULL for none */
	pthread_mutex_t *table_lock; /* borrowed */
	uint32_t seq;
	bool orphans_have_uid;
	uint8_t *buffer;
	struct buf message;
	struct buf bytecode;
};

/*
 * Opens the socket.  What is said goes to record_to, too, unless it is NULL.  The lock is held
 * whenever a table is changed, so that several sockets can fill one.  0 or -errno; to be freed
 * with diag_socket_fini() either way.
 */
int diag_socket_init(struct diag_socket *ds, struct source_record *record_to,
		     pthread_mutex_t *table_lock);
void diag_socket_fini(struct diag_socket *ds);

/*
 * One request of a query: as many dumps as it takes, with bytecode where the kernel takes it.
 * 0, or why the sockets are not all there: -ENOENT where the kernel has no handler for them,
 * -ETIMEDOUT where it has stopped answering.
 */
int diag_socket_list(struct diag_socket *ds, const struct source_query *query,
		     const struct request *request, struct sock_table *table);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel as a source: one netlink socket, or two in parallel if there is much to list. */
#include <config.h>

#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/thread.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "source/bound.h"
#include "source/diag_socket.h"
#include "source/request.h"
#include "source/sockstat.h"

/* With fewer connections a second thread and one more walk over the kernel's table do not pay. */
#define CONNECTIONS_WORTH_TWO 4096U

struct netlink {
	struct source source;
	struct source_record *record; /* borrowed, NULL for none */
	pthread_mutex_t lock; /* guards the table and struct listing while two sockets work */
	struct diag_socket first;
	struct diag_socket second; /* opened on first use */
	bool has_second;
	bool has_tried_bound; /* lists_bound is known */
	bool lists_bound;
};

/* The requests of one listing, which the sockets share; guarded by the source's lock. */
struct listing {
	struct netlink *netlink;
	const struct source_query *query;
	struct request requests[REQUESTS_MAX];
	size_t n;
	size_t next;
	struct sock_table *table;
	struct source_outcome *outcome;
	bool has_some[PROTO_COUNT][ADDR_FAMILIES]; /* at least one of their requests succeeded */
	bool is_silent; /* the kernel has stopped answering */
};

/* The next request that no socket has sent; NULL if none is left. */
static const struct request *take_request(struct listing *l)
{
	const struct request *r = NULL;

	pthread_mutex_lock(&l->netlink->lock);
	if (l->next < l->n)
		r = &l->requests[l->next++];
	pthread_mutex_unlock(&l->netlink->lock);
	return r;
}

/* Once a request has timed out the rest is not sent: each would take seconds to time out, too. */
static bool is_silent(struct listing *l)
{
	bool result;

	pthread_mutex_lock(&l->netlink->lock);
	result = l->is_silent;
	pthread_mutex_unlock(&l->netlink->lock);
	return result;
}

static void note_outcome(struct listing *l, const struct request *r, int err)
{
	pthread_mutex_lock(&l->netlink->lock);
	for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
		int *error = &l->outcome->error[r->proto][family];

		if (!(r->families & FAMILY_BIT(family)))
			continue;
		if (!*error)
			*error = err;
		if (!err)
			l->has_some[r->proto][family] = true;
	}
	l->is_silent = l->is_silent || err == -ETIMEDOUT;
	pthread_mutex_unlock(&l->netlink->lock);
}

static int run_request(struct listing *l, struct diag_socket *ds, const struct request *r)
{
	return is_silent(l) ? -ETIMEDOUT : diag_socket_list(ds, l->query, r, l->table);
}

/* Runs the request once for each family.  False if it is for one family anyway. */
static bool run_for_each_family(struct listing *l, struct diag_socket *ds, const struct request *r)
{
	bool is_split = false;

	for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
		struct request one;

		if (!request_split(r, (enum addr_family)family, &one))
			continue;
		is_split = true;
		note_outcome(l, &one, run_request(l, ds, &one));
	}
	return is_split;
}

/* Runs requests over one of the sockets until none is left. */
static void work(void *data, unsigned int worker)
{
	struct listing *l = data;
	struct diag_socket *ds = worker ? &l->netlink->second : &l->netlink->first;
	const struct request *r;

	while ((r = take_request(l))) {
		int err = run_request(l, ds, r);

		/* If both families at once fail, one may still succeed, or its error says more. */
		if (!err || err == -ETIMEDOUT || !run_for_each_family(l, ds, r))
			note_outcome(l, r, err);
	}
}

/* Does the kernel walk its table of connections for it, which is slow? */
static bool needs_table_walk(const struct request *r)
{
	return !r->is_listeners_only && !proto_has_associations(r->proto);
}

static size_t count_table_walks(const struct listing *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += needs_table_walk(&l->requests[i]);
	return n;
}

/* Does the query match all connections? */
static bool covers_all(const struct source_query *query)
{
	return query->states & STATE_BIT(SOCK_STATE_ESTABLISHED) &&
	       (!query->cond || query->cond->root == COND_TRUE_AT);
}

/*
 * Split point between the two netlink sockets.  Usually one end has an ephemeral port
 * (32768-60999).  The socket that lists bound sockets as well gets the smaller share.
 */
#define SPLIT_PORT 50000

/*
 * Plans the requests.  True if two sockets should share them; never for a recording, nor in
 * another namespace, whose number of connections is unknown.
 */
static bool plan(struct listing *l)
{
	size_t n_walks, n_connections;

	l->n = request_plan(l->query, 0, l->requests);
	n_walks = count_table_walks(l);
	if (!n_walks || l->netlink->record || l->netlink->first.open)
		return false;
	if (l->query->is_repeated)
		return false;
	n_connections = sockstat_connections();
	if (n_connections >= CONNECTIONS_WORTH_TWO) {
		l->n = request_plan(l->query, SPLIT_PORT, l->requests);
		n_walks = count_table_walks(l);
		if (covers_all(l->query))
			sock_table_reserve(l->table, n_connections + n_connections / 64);
	}
	return n_walks > 1;
}

static bool has_second(struct netlink *nl)
{
	if (nl->has_second)
		return true;
	if (diag_socket_init(&nl->second, NULL, &nl->lock, NULL, NULL)) {
		diag_socket_fini(&nl->second);
		return false;
	}
	nl->has_second = true;
	return true;
}

/*
 * "Unsupported" and "denied" tell the caller that it may use another source for all of these
 * sockets.  With some of them here, the error says that the list is incomplete.
 */
static void mark_partial_lists(struct listing *l)
{
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
			int *error = &l->outcome->error[proto][family];

			if (l->has_some[proto][family])
				*error = source_partial_error(*error);
		}
	}
}

/* Is the TCP list complete but for sockets that are only bound? */
static bool lacks_bound(struct netlink *nl, const struct source_query *query,
			const struct source_outcome *outcome)
{
	const int *errors = outcome->error[PROTO_TCP];

	/* The caller's own namespace tells it for the whole kernel. */
	if (query->is_aside || nl->first.open || !bound_is_wanted(query) || errors[ADDR_INET] ||
	    errors[ADDR_INET6])
		return false;
	if (!nl->has_tried_bound) {
		nl->has_tried_bound = true;
		/* This probe does not belong in the recording. */
		nl->first.record = NULL;
		nl->lists_bound = bound_is_listed(&nl->first);
	}
	return !nl->lists_bound;
}

static unsigned int in_use(struct source *src, unsigned int families)
{
	(void)src;
	return sockstat_in_use(AT_FDCWD, "/proc/self/net/protocols", families);
}

static void list(struct source *src, const struct source_query *query, struct sock_table *table,
		 struct source_outcome *outcome)
{
	struct netlink *nl = (struct netlink *)src;
	struct listing l = { .netlink = nl, .query = query, .table = table, .outcome = outcome };
	bool needs_two;

	*outcome = (struct source_outcome){ 0 };
	nl->first.record = query->is_aside ? NULL : nl->record;
	needs_two = plan(&l);
	thread_crew(needs_two && has_second(nl) ? 2 : 1, work, &l);
	mark_partial_lists(&l);
	outcome->lacks_bound = lacks_bound(nl, query, outcome);
	if (nl->record && !nl->record->error && fflush(nl->record->stream))
		nl->record->error = -errno;
}

static void free_source(struct source *src)
{
	struct netlink *nl = (struct netlink *)src;

	diag_socket_fini(&nl->first);
	diag_socket_fini(&nl->second);
	pthread_mutex_destroy(&nl->lock);
	free(nl);
}

static int open_source(struct source **src, struct source_record *record,
		       int (*open_socket)(void *data), void *data)
{
	static const struct source_ops ops = { .list = list,
					       .in_use = in_use,
					       .free = free_source };
	struct netlink *nl = mem_calloc(1, sizeof(*nl));
	int err;

	nl->source.ops = &ops;
	nl->record = record;
	pthread_mutex_init(&nl->lock, NULL);
	err = diag_socket_init(&nl->first, record, &nl->lock, open_socket, data);
	if (err) {
		free_source(&nl->source);
		return err;
	}
	*src = &nl->source;
	return 0;
}

int source_netlink_open(struct source **src, struct source_record *record)
{
	return open_source(src, record, NULL, NULL);
}

int source_netlink_open_in(struct source **src, int (*open_socket)(void *data), void *data)
{
	return open_source(src, NULL, open_socket, data);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source that asks the kernel, with two sockets side by side where that is worth it. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/thread.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "source/bound.h"
#include "source/request.h"
#include "source/sockstat.h"
#include "source/source.h"
#include "source/diag_socket.h"

/* A thread and one more walk over the kernel's table cost as much as listing so many. */
#define CONNECTIONS_WORTH_TWO 4096U

struct netlink {
	struct source source;
	struct source_record *record; /* borrowed, NULL for none */
	pthread_mutex_t lock;
	pthread_cond_t left; /* a helper has */
	struct listing *listing; /* that can be helped with; NULL for none */
	struct diag_socket first;
	struct diag_socket second; /* opened when it is needed */
	bool has_second;
	bool has_tried_bound; /* the next is known */
	bool lists_bound;
};

/* The requests of one listing, which the sockets share out among them; under the source's lock. */
struct listing {
	struct netlink *netlink;
	const struct source_query *query;
	struct request requests[REQUESTS_MAX];
	size_t n;
	size_t next;
	struct sock_table *table;
	struct source_outcome *outcome;
	bool has_some[PROTO_COUNT][ADDR_FAMILIES]; /* a request of theirs went well */
	bool is_silent; /* the kernel has stopped answering */
	unsigned int n_helpers;
};

/* Takes a request and counts it as taken; NULL where none is left. */
static const struct request *take_request(struct listing *l)
{
	const struct request *r = NULL;

	pthread_mutex_lock(&l->netlink->lock);
	if (l->next < l->n)
		r = &l->requests[l->next++];
	pthread_mutex_unlock(&l->netlink->lock);
	return r;
}

/* A kernel that is silent is so for the rest of the listing: each try would take seconds. */
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

static int ask(struct listing *l, struct diag_socket *ds, const struct request *r)
{
	return is_silent(l) ? -ETIMEDOUT : diag_socket_list(ds, l->query, r, l->table);
}

/* Asks for each family alone.  False where it is a request for one. */
static bool ask_each(struct listing *l, struct diag_socket *ds, const struct request *r)
{
	bool is_split = false;

	for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
		struct request one;

		if (!request_split(r, (enum addr_family)family, &one))
			continue;
		is_split = true;
		note_outcome(l, &one, ask(l, ds, &one));
	}
	return is_split;
}

static void work(struct listing *l, struct diag_socket *ds)
{
	const struct request *r;

	while ((r = take_request(l))) {
		int err = ask(l, ds, r);

		/* Whatever is wrong with one for both, those for each may do and tell more closely. */
		if (!err || err == -ETIMEDOUT || !ask_each(l, ds, r))
			note_outcome(l, r, err);
	}
}

/* What takes the kernel long is its table of connections. */
static bool is_dear(const struct request *r)
{
	return !r->is_listeners_only && !proto_has_associations(r->proto);
}

static size_t count_dear(const struct listing *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += is_dear(&l->requests[i]);
	return n;
}

/* Will the answer be about every connection? */
static bool covers_all(const struct source_query *query)
{
	return query->states & STATE_BIT(SOCK_STATE_ESTABLISHED) &&
	       (!query->cond || query->cond->root == COND_TRUE_AT);
}

/*
 * The port at which connections are divided between two who ask.  One end has most often a port that
 * its system chose, Linux from 32768 to 60999.  A helper comes when it has found the owners, which
 * takes about as long as to ask for bound ports; else who asks for these has the smaller part.
 */
#define SPLIT_WITH_HELPER 46884
#define SPLIT_ALONE 50000

/* Plans the requests.  True where two should share them out; a recording is one conversation. */
static bool plan(struct listing *l)
{
	size_t n_dear, n_connections;

	l->n = request_plan(l->query, 0, l->requests);
	n_dear = count_dear(l);
	if (!n_dear || l->netlink->record)
		return false;
	n_connections = sockstat_connections();
	if (n_connections >= CONNECTIONS_WORTH_TWO) {
		l->n = request_plan(l->query,
				    l->query->has_helper ? SPLIT_WITH_HELPER : SPLIT_ALONE,
				    l->requests);
		n_dear = count_dear(l);
		if (covers_all(l->query))
			sock_table_reserve(l->table, n_connections + n_connections / 64);
	}
	return n_dear > 1;
}

static bool has_second(struct netlink *nl)
{
	if (nl->has_second)
		return true;
	if (diag_socket_init(&nl->second, NULL, &nl->lock)) {
		diag_socket_fini(&nl->second);
		return false;
	}
	nl->has_second = true;
	return true;
}

/* Takes requests until none is left, over the second socket. */
static void help(struct source *src)
{
	struct netlink *nl = (struct netlink *)src;
	struct listing *l;

	pthread_mutex_lock(&nl->lock);
	l = nl->listing;
	if (l)
		l->n_helpers++;
	pthread_mutex_unlock(&nl->lock);
	if (!l)
		return;
	if (has_second(nl))
		work(l, &nl->second);
	pthread_mutex_lock(&nl->lock);
	l->n_helpers--;
	pthread_cond_signal(&nl->left);
	pthread_mutex_unlock(&nl->lock);
}

static void *help_beside(void *data)
{
	help(data);
	return NULL;
}

static void invite_helpers(struct netlink *nl, struct listing *l)
{
	pthread_mutex_lock(&nl->lock);
	nl->listing = l;
	pthread_mutex_unlock(&nl->lock);
}

/* No more may come, and those who are there finish what they have taken. */
static void dismiss_helpers(struct netlink *nl, struct listing *l)
{
	pthread_mutex_lock(&nl->lock);
	nl->listing = NULL;
	while (l->n_helpers)
		pthread_cond_wait(&nl->left, &nl->lock);
	pthread_mutex_unlock(&nl->lock);
}

/*
 * Not supported and not permitted mean that nothing is here, so that something else may be asked
 * for all of it; with a part here the list is cut short.
 */
static void settle_outcome(struct listing *l)
{
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
			int *error = &l->outcome->error[proto][family];

			if (l->has_some[proto][family])
				*error = source_partial_error(*error);
		}
	}
}

/* Are TCP sockets missing that are only bound, and else the list went well? */
static bool lacks_bound(struct netlink *nl, const struct source_query *query,
			const struct source_outcome *outcome)
{
	const int *errors = outcome->error[PROTO_TCP];

	if (query->is_aside || !bound_is_wanted(query) || errors[ADDR_INET] || errors[ADDR_INET6])
		return false;
	if (!nl->has_tried_bound) {
		nl->has_tried_bound = true;
		/* No part of the conversation that is recorded. */
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
	bool has_thread = false;
	pthread_t thread;

	*outcome = (struct source_outcome){ 0 };
	nl->first.record = query->is_aside ? NULL : nl->record;
	if (plan(&l)) {
		invite_helpers(nl, &l);
		has_thread = !query->has_helper && !thread_start(&thread, help_beside, src);
	}
	work(&l, &nl->first);
	if (has_thread)
		pthread_join(thread, NULL);
	dismiss_helpers(nl, &l);
	settle_outcome(&l);
	outcome->lacks_bound = lacks_bound(nl, query, outcome);
	if (nl->record && !nl->record->error && fflush(nl->record->stream))
		nl->record->error = -errno;
}

static void free_source(struct source *src)
{
	struct netlink *nl = (struct netlink *)src;

	diag_socket_fini(&nl->first);
	diag_socket_fini(&nl->second);
	pthread_cond_destroy(&nl->left);
	pthread_mutex_destroy(&nl->lock);
	free(nl);
}

int source_netlink_open(struct source **src, struct source_record *record)
{
	static const struct source_ops ops = {
		.list = list, .help = help, .in_use = in_use, .free = free_source
	};
	struct netlink *nl = mem_calloc(1, sizeof(*nl));
	int err;

	nl->source.ops = &ops;
	nl->record = record;
	pthread_mutex_init(&nl->lock, NULL);
	pthread_cond_init(&nl->left, NULL);
	err = diag_socket_init(&nl->first, record, &nl->lock);
	if (err) {
		free_source(&nl->source);
		return err;
	}
	*src = &nl->source;
	return 0;
}

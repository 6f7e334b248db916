/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the user asked for to what is asked of the kernel and what is looked up. */
#ifndef PORTSTAT_QUERY_PLAN_H
#define PORTSTAT_QUERY_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "model/cond.h"
#include "query/sort.h"
#include "source/source.h"

struct column;
struct filter;
struct resolver;

/* What the user asked for; all pointers are borrowed for as long as the plan lives. */
struct plan_request {
	unsigned int protos; /* PROTO_BIT()s asked for by option; 0: none was, so the usual ones */
	unsigned int families; /* FAMILY_BIT()s asked for by option; 0: none was, so both */
	bool is_listening; /* only what waits for peers */
	unsigned int
		hidden; /* enum need bits that columns do not bring: read as unknown in views */
	const struct filter *filter; /* NULL: everything */
	const struct column *const *columns;
	size_t n_columns;
	const struct sort_key *sort;
	size_t n_sort;
	/*
	 * For the names of devices in the filter: with them the kernel selects by number, so such a plan is
	 * for one listing (devices come and go).  NULL: their names are compared here.
	 */
	const struct resolver *names;
	bool may_mark; /* may the kernel be asked for marks (CAP_NET_ADMIN)? */
	unsigned int hosts_wait_ms; /* how long a listing may wait for host names; 0: not at all */
	bool in_kernel; /* let the kernel filter; off, user space does it all */
};

struct plan {
	struct plan_request request;
	struct source_query query; /* for the source; its cond is the one below */
	struct cond cond;
	unsigned int families; /* FAMILY_BIT()s; the query may have more, for IPv4 over IPv6 */
	bool is_exact; /* cond says just what the filter says */
	unsigned int shown; /* enum need bits of columns and sort keys */
	unsigned int needs; /* the same and those of the filter */
};

void plan_init(struct plan *plan, const struct plan_request *request);
void plan_fini(struct plan *plan);

/* Does the query bring every listener of its protocols? */
static inline bool plan_brings_listeners(const struct plan *plan)
{
	return plan->cond.root == COND_TRUE_AT && plan->query.families == FAMILY_ALL;
}

/* Is the socket of a protocol, family and kind that was asked for?  The filter is not looked at. */
bool plan_selects(const struct plan *plan, const struct sock *sk);

#endif

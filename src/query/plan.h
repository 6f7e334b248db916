/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Derives what to request from the kernel and what to resolve from what the user requested. */
#ifndef PORTSTAT_QUERY_PLAN_H
#define PORTSTAT_QUERY_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "model/cond.h"
#include "query/sort.h"
#include "source/source.h"

struct column;
struct expected;
struct filter;
struct resolver;

/* What the user requested; all pointers are borrowed for as long as the plan lives. */
struct plan_request {
	unsigned int protos; /* PROTO_BIT()s requested by options; 0: the default protocols */
	unsigned int families; /* FAMILY_BIT()s requested by options; 0: both */
	bool is_listening; /* only listeners (see listening.h) */
	bool has_forwards; /* also rows for what NAT rules send on */
	bool forwards_are_optional; /* rules that this user may not read are no problem */
	unsigned int hidden; /* enum need bits that columns must not request: shown as unknown */
	const struct filter *filter; /* NULL: no filter */
	const struct expected *expected; /* NULL: nothing is; what is needed for it is resolved */
	bool lists_unexpected; /* rows that are expected are left out */
	const struct column *const *columns;
	size_t n_columns;
	const struct sort_key *sort;
	size_t n_sort;
	/*
	 * Resolves interface names in the filter, so that the kernel selects by number.  Such a
	 * plan is for one listing, since interfaces come and go.  NULL: names are compared in user
	 * space.
	 */
	const struct resolver *names;
	bool is_order_free; /* nothing that is printed depends on the order of rows */
	bool is_repeated; /* again and again: it need not be quick, but must not cost much */
	bool may_mark; /* may marks be requested (needs CAP_NET_ADMIN)? */
	unsigned int hosts_wait_ms; /* maximum wait for host names, in ms; 0: do not wait */
	unsigned int
		also; /* enum need bits that are resolved, whether or not a column shows them */
	bool in_kernel; /* let the kernel filter; false: filter only in user space */
};

struct plan {
	struct plan_request request;
	struct source_query query; /* for the source; points to cond below */
	struct cond cond;
	/* FAMILY_BIT()s to show; the query may have more, because IPv6 sockets may serve IPv4. */
	unsigned int families;
	bool is_exact; /* cond is equivalent to the filter */
	unsigned int shown; /* enum need bits of columns and sort keys */
	unsigned int needs; /* shown, and those of the filter */
};

void plan_init(struct plan *plan, const struct plan_request *request);
void plan_fini(struct plan *plan);

/* Does the query return every listener of its protocols? */
static inline bool plan_brings_listeners(const struct plan *plan)
{
	return plan->cond.root == COND_TRUE_AT && plan->query.families == FAMILY_ALL;
}

/* Does the socket have a requested protocol, family and kind?  Ignores the filter. */
bool plan_selects(const struct plan *plan, const struct sock *sk);

#endif

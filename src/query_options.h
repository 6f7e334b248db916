/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the options into a filter, columns and sort keys, and these into the plan of a listing. */
#ifndef PORTSTAT_QUERY_OPTIONS_H
#define PORTSTAT_QUERY_OPTIONS_H

#include <stdbool.h>

struct document_head;
struct options;
struct plan;
struct program;

/*
 * Parse the filters, and choose the columns and sort keys.  Return 0, or an exit status after
 * reporting the error.
 */
int parse_filter(struct program *p);
int parse_expected(struct program *p); /* --except, --missing */
int choose_columns(struct program *p);

/* Can sockets of more than one network namespace be listed (--netns)? */
bool has_several_namespaces(const struct options *opt);

/* What a plan is for. */
enum plan_aim {
	PLAN_LISTING, /* rows with the columns and in the order that the options select */
	PLAN_MATCH, /* only which rows match */
};

/* Makes the plan of one listing.  Call plan_fini() afterwards. */
void make_plan(const struct program *p, enum plan_aim aim, struct plan *plan);

/* Fills in what a JSON document says besides its rows.  Free it with document_head_fini(). */
void make_head(const struct program *p, struct document_head *head);

/*
 * --explain-filter: prints the filter and which part the kernel evaluates.  Returns an exit status.
 */
int explain_filter(const struct program *p);

#endif

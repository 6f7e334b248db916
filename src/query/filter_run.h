/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjacent bare words: those of one kind form a list, and all are combined with "and". */
#ifndef PORTSTAT_QUERY_FILTER_RUN_H
#define PORTSTAT_QUERY_FILTER_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "query/filter_parse.h"

/*
 * What a bare word is.  Items of the first three kinds (groups) are combined wherever they are in a
 * run.
 */
enum bare_kind {
	BARE_PORTS, /* including names of services */
	BARE_PROTO,
	BARE_STATE,
	BARE_ADDR,
	BARE_NAME,
};
#define BARE_GROUPS 3

/* A run of tests separated only by white space.  Zero-initialised is empty and ready. */
struct bare_run {
	struct filter_node **list; /* in the order of the text; NULL: the position of a group */
	size_t n;
	size_t cap;
	bool has_group[BARE_GROUPS];
	size_t place[BARE_GROUPS]; /* in list */
	struct port_sets *ports; /* for BARE_PORTS; NULL: none yet */
	struct filter_node *any; /* alternatives to ports: services, and ports of one protocol */
	unsigned int in[BARE_GROUPS]; /* PROTO_BIT()s, STATE_BIT()s */
	unsigned int out[BARE_GROUPS];
};

/* Frees a run after an error. */
void bare_run_fini(struct bare_run *run);

/* Adds a test, combined with all others by "and"; takes ownership of it. */
void bare_run_add(struct bare_run *run, struct filter_node *node);

/* Call before adding to a group: its first item determines the position of the group. */
void bare_run_start(struct bare_run *run, enum bare_kind kind);

/* The ports of the run, to be added to; borrowed. */
struct port_sets *bare_run_ports(struct bare_run *run);

/* Combines the run into one test and empties it.  Not NULL if anything was added. */
struct filter_node *bare_run_finish(struct bare_run *run);

#endif

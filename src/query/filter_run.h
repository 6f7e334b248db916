/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjacent bare words: those of one kind form a list, and all are combined with "and". */
#ifndef PORTSTAT_QUERY_FILTER_RUN_H
#define PORTSTAT_QUERY_FILTER_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "query/filter_parse.h"

/* What a bare word is.  The items of the first three kinds are joined wherever they stand in a run. */
enum bare_kind {
	BARE_PORTS, /* names of services among them */
	BARE_PROTO,
	BARE_STATE,
	BARE_ADDR,
	BARE_NAME,
};
#define BARE_GROUPS 3

/* A run of tests separated only by white space.  Zero-initialised is empty and ready. */
struct bare_run {
	struct filter_node **list; /* in the order of the text; NULL is the place of a group */
	size_t n;
	size_t cap;
	bool has_group[BARE_GROUPS];
	size_t place[BARE_GROUPS]; /* in list */
	struct port_sets *ports; /* of BARE_PORTS; NULL: none yet */
	struct filter_node *any; /* or one of these: services, and ports of one protocol */
	unsigned int in[BARE_GROUPS]; /* PROTO_BIT()s, STATE_BIT()s */
	unsigned int out[BARE_GROUPS];
};

/* Frees what is left of a run after an error. */
void bare_run_fini(struct bare_run *run);

/* Adds a test that all others are joined with by "and"; takes it over. */
void bare_run_add(struct bare_run *run, struct filter_node *node);

/* The first item of a group: that is where the group stands. */
void bare_run_start(struct bare_run *run, enum bare_kind kind);

/* The ports of the run, of which any is enough; borrowed, for adding to. */
struct port_sets *bare_run_ports(struct bare_run *run);

/* All of the run as one test, which is never NULL where something was added; the run is empty then. */
struct filter_node *bare_run_finish(struct bare_run *run);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words without a key: ports, addresses, protocols, states, and names that people use. */
#ifndef PORTSTAT_QUERY_FILTER_BARE_H
#define PORTSTAT_QUERY_FILTER_BARE_H

#include "query/filter_run.h"

/* What the bare word at the position is. */
enum bare_kind parse_bare_kind(struct filter_parser *p);

/* Reads the bare word at the position, with commas a list, into the run. */
int parse_bare(struct filter_parser *p, struct bare_run *run);

#endif

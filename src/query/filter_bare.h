/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads words without a key: ports, addresses, protocols, states, and names that people use. */
#ifndef PORTSTAT_QUERY_FILTER_BARE_H
#define PORTSTAT_QUERY_FILTER_BARE_H

#include "query/filter_parse.h"
#include "query/filter_run.h"

/*
 * Reads the bare word or list at the position and adds it to the run; skips white space after it.
 * Returns 0, or -EINVAL and fills in the error.
 */
int parse_bare(struct filter_parser *p, struct bare_run *run);

#endif

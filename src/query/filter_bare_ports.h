/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bare words that are ports: one, or a list that may have protocols ("80,443/tcp", "udp:53"). */
#ifndef PORTSTAT_QUERY_FILTER_BARE_PORTS_H
#define PORTSTAT_QUERY_FILTER_BARE_PORTS_H

#include "query/filter_parse.h"
#include "query/filter_run.h"

/*
 * Adds the word that was just read, a single port without a protocol, to the run.  It needs no
 * allocation: a filter may have thousands of ports in a row.
 */
int parse_bare_port(struct filter_parser *p, const struct filter_word *word, struct bare_run *run);

/* Reads the list at the position and adds its ports to the run. */
int parse_bare_port_list(struct filter_parser *p, struct bare_run *run);

#endif

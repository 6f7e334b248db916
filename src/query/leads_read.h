/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what forwards ports in the network namespaces that are listed. */
#ifndef PORTSTAT_QUERY_LEADS_READ_H
#define PORTSTAT_QUERY_LEADS_READ_H

#include <stdbool.h>

struct forward_rules;
struct sources;

/*
 * Reads the rules of all of them, anew where they have changed, and keeps them or not, see
 * forward_rules_begin().  Returns with no socket open.
 */
void leads_read_rules(struct forward_rules *rules, const struct sources *sources,
		      bool keeps_firewalls);

#endif

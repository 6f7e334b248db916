/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which other network namespaces ports lead to, where the caller's own alone is listed. */
#ifndef PORTSTAT_QUERY_LEAD_ELSEWHERE_H
#define PORTSTAT_QUERY_LEAD_ELSEWHERE_H

#include <stdbool.h>

struct snapshot;
struct sources;

/*
 * Chooses among sources->every the namespaces that have an address to which a lead goes, and
 * the caller's own if with_own.  The
 * snapshot gets the addresses and names of all of them for it; a search that is not complete is no
 * problem, because they are not listed.  False if there are none, or the listed ones were chosen.
 */
bool lead_elsewhere_choose(struct snapshot *snap, const struct sources *sources, bool with_own);

#endif

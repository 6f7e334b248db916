/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which listener of this listing takes what a lead sends on. */
#ifndef PORTSTAT_QUERY_LEAD_TARGETS_H
#define PORTSTAT_QUERY_LEAD_TARGETS_H

#include <stddef.h>

struct plan;
struct row;
struct snapshot;
struct sources;

/* Works out the ports that the leads from the first one on lead to. */
void lead_targets_set_ports(struct snapshot *snap, size_t first);

/*
 * Asks for the listeners that leads go to, where the plan's query does not bring them: also for those
 * in namespaces that are not listed.  Then finds them.
 */
void lead_targets_ask(struct snapshot *snap, const struct plan *plan,
		      const struct sources *sources);

/* Finds the listeners of all leads, among those of the table and those that were asked for, anew. */
void lead_targets_find(struct snapshot *snap);

enum row_service {
	ROW_IS_SERVED, /* by its own socket, or by a listener that it leads to */
	ROW_IS_UNSERVED, /* it leads to listeners, and none of them is there */
	ROW_LEADS_AWAY, /* it leads to an address that no listed namespace has, or to an unknown one */
};

/* Is there a listener behind a row that leads elsewhere?  After leads_finish(). */
enum row_service row_is_served(const struct snapshot *snap, const struct row *row);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins rows with the processes that hold their sockets, or with the reason why there is none. */
#ifndef PORTSTAT_QUERY_ROW_OWNERS_H
#define PORTSTAT_QUERY_ROW_OWNERS_H

struct plan;
struct snapshot;
struct sources;

/*
 * Notes for every row what its socket alone tells (time-wait, not accepted, no longer anybody's)
 * and, for a connection that waits to be accepted, its listener: asked for where the plan's query
 * does not bring all listeners.
 */
void row_owners_note(struct snapshot *snap, const struct plan *plan, const struct sources *sources);

/*
 * Looks for the owners of all rows and notes why a row has none.  Returns what owners_scan() does;
 * the notes are made in any case.
 */
int row_owners_find(struct snapshot *snap, const struct plan *plan, const struct sources *sources);

#endif

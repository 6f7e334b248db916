/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the owner processes of rows, or the reason why a row has none. */
#ifndef PORTSTAT_QUERY_ROW_OWNERS_H
#define PORTSTAT_QUERY_ROW_OWNERS_H

struct plan;
struct snapshot;
struct sources;

/*
 * Sets the note of every row that its socket alone determines (TIME-WAIT, not accepted yet,
 * closed).  For a connection that is not accepted yet, also finds its listener, requesting the
 * listeners if the plan's query does not return all of them.
 */
void row_owners_note(struct snapshot *snap, const struct plan *plan, const struct sources *sources);

/*
 * Finds the owners of all rows and sets the note of rows without one.  Returns what owners_scan()
 * does; notes are set in any case.
 */
int row_owners_find(struct snapshot *snap, const struct plan *plan, const struct sources *sources);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds who may hold the sockets of rows whose owners are hidden. */
#ifndef PORTSTAT_QUERY_ROW_CANDIDATES_H
#define PORTSTAT_QUERY_ROW_CANDIDATES_H

struct snapshot;

/*
 * Sets the candidates of every row whose owners are hidden, and NEED_CANDIDATES as resolved.  Call
 * it after row_owners_find().  Reads nothing if no row is hidden, or if the snapshot's resolver has
 * no candidates.
 */
void row_candidates_find(struct snapshot *snap);

#endif

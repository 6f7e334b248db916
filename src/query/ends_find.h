/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the other ends of connections on this machine. */
#ifndef PORTSTAT_QUERY_ENDS_FIND_H
#define PORTSTAT_QUERY_ENDS_FIND_H

struct plan;
struct snapshot;
struct sources;

/*
 * Finds the socket at the other end of each row's connection, in the namespaces that are listed, if
 * the plan needs it, and sets snap->ends.  It is the one whose addresses and ports are mirrored, as
 * NAT leaves them, in the namespace to which the packets go; where that is not certain there is none.
 * Requests the sockets that the plan's query does not bring.  The namespaces' addresses must have been
 * read.
 */
void ends_find(struct snapshot *snap, const struct plan *plan, const struct sources *sources);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which columns a host's document has. */
#ifndef PORTSTAT_QUERY_HOST_COLUMNS_H
#define PORTSTAT_QUERY_HOST_COLUMNS_H

#include <stdbool.h>

struct column;
struct snapshot;
struct snapshot_host;
struct sock;

/* Has the document this column? */
bool host_has_column(const struct snapshot_host *host, const struct column *c);

/* Adds a column, or removes it, with the members if it is a group. */
void host_set_column(struct snapshot_host *host, const struct column *named, bool has);

/* All columns that need not be chosen themselves. */
void host_add_columns(struct snapshot_host *host);

/*
 * Adds or removes what follows from other columns: groups, composites, port_class.  Call it after the
 * last change.
 */
void host_finish_columns(struct snapshot_host *host);

/* Is a column of this socket unknown because its document does not have it?  False if none told of it. */
bool told_lacks(const struct column *c, const struct snapshot *snap, const struct sock *sk);

#endif

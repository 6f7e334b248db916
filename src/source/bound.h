/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP sockets that are bound, but neither listening nor connected: not every source lists them. */
#ifndef PORTSTAT_SOURCE_BOUND_H
#define PORTSTAT_SOURCE_BOUND_H

#include <stdbool.h>

struct source_query;
struct diag_socket;

/* Does the query include such sockets?  Its condition may exclude them all. */
bool bound_is_wanted(const struct source_query *query);

/*
 * Does the kernel list them?  Linux 6.8 and later do; earlier kernels silently ignore the requested
 * state (inet_diag_dump_icsk()).  The change may have been backported, so on an older release we
 * bind a socket and request it.  The kernel walks its whole table for that: call this only once.
 */
bool bound_is_listed(struct diag_socket *ds);

#endif

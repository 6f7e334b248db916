/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP sockets that are bound and no more: not every source lists them. */
#ifndef PORTSTAT_SOURCE_BOUND_H
#define PORTSTAT_SOURCE_BOUND_H

#include <stdbool.h>

struct source_query;
struct speaker;

/* Does the query ask for such sockets, as far as its condition tells? */
bool bound_is_wanted(const struct source_query *query);

/*
 * Does the kernel list them?  It does from Linux 6.8 on; before, it ignores their state without a
 * word (inet_diag_dump_icsk()).  A kernel whose release is older may have that change all the same,
 * so there a socket is bound, and asked for.  That takes a walk over the kernel's table: ask once.
 */
bool bound_is_listed(struct speaker *sp);

#endif

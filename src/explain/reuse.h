/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SO_REUSEADDR, SO_REUSEPORT and, for connections, IPV6_V6ONLY of other processes' sockets, which
 * sock_diag(7) does not report: asked of a copy of their descriptor (pidfd_getfd(2), since Linux
 * 5.6), as far as we may trace them.
 */
#ifndef PORTSTAT_EXPLAIN_REUSE_H
#define PORTSTAT_EXPLAIN_REUSE_H

#include "explain/rules.h"

struct row;
struct snapshot;

/* Sets them in a holder by the owners of its row; unknown where no owner can be asked. */
void reuse_find(const struct snapshot *snap, const struct row *row, struct holder *holder);

#endif

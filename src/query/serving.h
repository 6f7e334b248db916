/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which end of a connection is the server: that of a local listener, else a guess by port. */
#ifndef PORTSTAT_QUERY_SERVING_H
#define PORTSTAT_QUERY_SERVING_H

#include <stdint.h>

struct plan;
struct resolver;
struct serving;
struct sock;
struct sock_table;
struct sources;

/*
 * Collects the listeners in the table.  If the plan's query excludes listeners and there are
 * connections, the listeners are requested separately.  Borrows the table, which must not change;
 * never NULL.
 */
struct serving *serving_new(const struct sock_table *table, const struct plan *plan,
			    const struct sources *sources);
void serving_free(struct serving *s);

/*
 * The port of the serving end, as described in portstat(8) under "service".  s: NULL: no listeners
 * are known.
 */
uint16_t serving_port(const struct serving *s, const struct resolver *names, const struct sock *sk);

#endif

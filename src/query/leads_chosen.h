/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which ports BPF programs of the kind sk_lookup send on: they have no rules that could be read. */
#ifndef PORTSTAT_QUERY_LEADS_CHOSEN_H
#define PORTSTAT_QUERY_LEADS_CHOSEN_H

struct plan;
struct snapshot;
struct sources;

/*
 * In each listed namespace with such a program (see leads_read_rules()), asks the kernel who gets a
 * packet to each of its ports, sent by an unknown peer to the loopback address and to the first other
 * one of each family (snap->own_addrs), TCP and UDP, and adds what another socket gets to the forwards
 * of the resolver.  It asks about 500,000 times, so call it only where forwards were asked for.
 */
void leads_find_chosen(struct snapshot *snap, const struct plan *plan,
		       const struct sources *sources);

#endif

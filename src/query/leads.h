/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where ports lead to: what NAT rules send on becomes sockets of the state forward, what a proxy sends
 * on belongs to its own socket, and both find the listener at the other end where that is known.
 */
#ifndef PORTSTAT_QUERY_LEADS_H
#define PORTSTAT_QUERY_LEADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/port_set.h"
#include "model/sock_table.h"

struct forward;
struct row;
struct snapshot;

/* A port leads to one place; from one port there can be several. */
struct lead {
	const struct sock *from; /* of the snapshot's table, or of unlisted */
	const struct sock *to; /* the listener that takes it; NULL: not known */
	uint32_t forward; /* which of the resolver's forwards */
	uint32_t process; /* a place in texts: who serves there, "httpd[812]", or "" */
	uint32_t to_range; /* the same: all that it leads to where that is a range, or "" */
	uint32_t range; /* the same: what is sent on where it is a range, "0.0.0.0:80-90", or "" */
	struct port_range ports; /* that it leads to; 0 to 0 is unknown */
};

/* A listener, and one of the leads to it. */
struct published {
	const struct sock *sk;
	uint32_t lead;
};

/* Zero-initialised is empty and ready. */
struct leads {
	struct lead *list; /* by from, when finished */
	size_t n;
	size_t cap;
	struct published *published; /* by sk, when finished */
	size_t n_published;
	size_t published_cap;
	struct sock_table unlisted; /* of rules that are no rows */
	struct sock_table asked; /* listeners that the snapshot's table may lack */
	struct buf texts;
	bool knows_every_netns; /* the snapshot has the addresses of all, also of those not listed */
};

void leads_fini(struct leads *leads);
/* Empties it and keeps its memory. */
void leads_clear(struct leads *leads);

/* Is any listener known to which a port leads? */
bool leads_have_targets(const struct leads *leads);

/* Where a row leads to; NULL, with *n 0, where it leads nowhere. */
const struct lead *leads_of(const struct snapshot *snap, const struct row *row, size_t *n);

/* The leads to a row's listener; NULL, with *n 0, where there are none. */
const struct published *leads_to(const struct snapshot *snap, const struct row *row, size_t *n);

/* Adds the address, or range of addresses, that it leads to: nothing where that stays; and ":80-90". */
struct nat_target;
void lead_addr_text(const struct nat_target *to, struct buf *out);
void lead_ports_text(struct port_range ports, struct buf *out);

const struct forward *lead_forward(const struct snapshot *snap, const struct lead *lead);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which ports BPF programs of the kind sk_lookup send on. */
#include <config.h>

#include "query/leads_chosen.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "model/sock_table.h"
#include "query/collect.h"
#include "query/namespaces.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "resolve/forward_rules.h"
#include "resolve/resolver.h"

/* The ports in a row for which the same socket gets the packets; none where first is 0. */
struct run {
	struct chosen_ports chosen;
	struct forwards *forwards;
};

static bool is_same_end(const struct chosen_ports *chosen, const struct sock *sk)
{
	return chosen->to_family == (enum addr_family)sk->family &&
	       chosen->to.port == sk->local.port &&
	       !memcmp(&chosen->to.addr, &sk->local.addr, sizeof(sk->local.addr));
}

static void end_run(struct run *run)
{
	if (run->chosen.ports.first)
		forwards_add_chosen(run->forwards, &run->chosen);
	run->chosen.ports = (struct port_range){ 0, 0 };
}

/* to: who gets what is sent to the port; NULL: the program does not send it on. */
static void continue_run(struct run *run, uint16_t port, const struct sock *to)
{
	struct chosen_ports *chosen = &run->chosen;

	if (chosen->ports.first && to && is_same_end(chosen, to)) {
		chosen->ports.last = port;
		return;
	}
	end_run(run);
	if (!to)
		return;
	chosen->ports = (struct port_range){ port, port };
	chosen->to_family = (enum addr_family)to->family;
	chosen->to = to->local;
}

/* The addresses that packets are sent to: one that others reach, if there is any, and the loopback. */
enum { ASK_LOOPBACK, ASK_OUTSIDE, ASKED_ADDRS };

struct question {
	const struct lookup *lookup;
	enum sock_proto proto;
	enum addr_family family;
	const struct addr *addrs[ASKED_ADDRS]; /* NULL: there is none */
	struct run everywhere; /* what both addresses say */
	struct run at[ASKED_ADDRS]; /* what only one of them says */
};

/* The socket that a program chose, in table; NULL where it is the one that listens there, or none. */
static const struct sock *ask(const struct question *q, const struct addr *addr, uint16_t port,
			      struct sock_table *table, int *err)
{
	const struct endpoint to = { *addr, port };
	const struct sock *sk;

	sock_table_clear(table);
	*err = lookup_ask(q->lookup, q->proto, q->family, &to, table);
	if (*err || !table->n)
		return NULL;
	sk = table->socks;
	if (sk->local.port == port &&
	    (addr_is_any(&sk->local.addr) ||
	     !addr_compare(q->family, addr, (enum addr_family)sk->family, &sk->local.addr)))
		return NULL;
	return sk;
}

static bool is_same_socket(const struct sock *a, const struct sock *b)
{
	return a && b && a->cookie == b->cookie;
}

/* Asks for one port; false where the kernel cannot be asked. */
static bool ask_port(struct question *q, uint16_t port, struct sock_table tables[ASKED_ADDRS])
{
	const struct sock *to[ASKED_ADDRS] = { NULL };
	bool is_everywhere;

	for (int i = 0; i < ASKED_ADDRS; i++) {
		int err = 0;

		if (q->addrs[i])
			to[i] = ask(q, q->addrs[i], port, &tables[i], &err);
		if (err && err != -ENOENT)
			return false;
	}
	is_everywhere = !q->addrs[ASK_OUTSIDE] || is_same_socket(to[ASK_LOOPBACK], to[ASK_OUTSIDE]);
	continue_run(&q->everywhere, port, is_everywhere ? to[ASK_LOOPBACK] : NULL);
	for (int i = 0; i < ASKED_ADDRS; i++)
		continue_run(&q->at[i], port, is_everywhere ? NULL : to[i]);
	return true;
}

static void ask_ports(struct question *q)
{
	struct sock_table tables[ASKED_ADDRS] = { 0 };
	uint16_t port = 1;

	while (ask_port(q, port, tables) && port < PORT_MAX)
		port++;
	end_run(&q->everywhere);
	for (int i = 0; i < ASKED_ADDRS; i++) {
		end_run(&q->at[i]);
		sock_table_fini(&tables[i]);
	}
}

static const struct addr *outside_addr(const struct own_addrs *own, uint16_t netns,
				       enum addr_family family)
{
	for (size_t i = 0; i < own->n; i++)
		if (own->list[i].family == family && own->list[i].netns == netns)
			return &own->list[i].addr;
	return NULL;
}

static void ask_family(struct snapshot *snap, const struct lookup *lookup, uint16_t netns,
		       enum sock_proto proto, enum addr_family family)
{
	static const struct addr loopback[ADDR_FAMILIES] = {
		[ADDR_INET] = { { 127, 0, 0, 1 } },
		[ADDR_INET6] = { { [15] = 1 } },
	};
	struct question q = {
		.lookup = lookup,
		.proto = proto,
		.family = family,
		.addrs = { &loopback[family], outside_addr(&snap->own_addrs, netns, family) },
	};

	q.everywhere.forwards = &snap->names->forwards->forwards;
	q.everywhere.chosen = (struct chosen_ports){ .netns = netns,
						     .proto = (uint8_t)proto_rows[proto].number,
						     .family = family };
	for (int i = 0; i < ASKED_ADDRS; i++) {
		q.at[i] = q.everywhere;
		if (q.addrs[i])
			q.at[i].chosen.addr = *q.addrs[i];
	}
	ask_ports(&q);
}

static void ask_namespace(struct snapshot *snap, const struct plan *plan,
			  const struct sources *sources, uint16_t netns)
{
	static const enum sock_proto protos[] = { PROTO_TCP, PROTO_UDP };
	struct namespace_at at = { sources->namespaces, netns };
	struct lookup *lookup;

	if (lookup_open(&lookup, netns ? namespace_at_open_diag : NULL, &at))
		return;
	for (size_t i = 0; i < sizeof(protos) / sizeof(*protos); i++)
		for (int family = 0; family < ADDR_FAMILIES; family++)
			if (plan->query.protos & PROTO_BIT(protos[i]))
				ask_family(snap, lookup, netns, protos[i],
					   (enum addr_family)family);
	lookup_free(lookup);
}

void leads_find_chosen(struct snapshot *snap, const struct plan *plan,
		       const struct sources *sources)
{
	const struct forward_rules *rules = snap->names->forwards;

	for (size_t i = 0; i < rules->n_looked; i++)
		if (rules->seen[i].has_sk_lookup)
			ask_namespace(snap, plan, sources, rules->seen[i].netns);
}

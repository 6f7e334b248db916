/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which listener of this listing takes what a lead sends on. */
#include <config.h>

#include "query/lead_targets.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/cond.h"
#include "model/port_list.h"
#include "query/collect.h"
#include "query/lead_elsewhere.h"
#include "query/leads.h"
#include "query/listening.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "resolve/forwards.h"

/* More are not kept; a rule for every port leads to every listener. */
#define PUBLISHED_MAX ((size_t)1 << 20)

/* A condition on more ports costs the kernel more than it saves here. */
#define PORTS_WORTH_A_CONDITION 16U

/* A proxy has one target for each of its ports; of a rule's several ports the kernel chooses one. */
static struct port_range ports_of(const struct forward *fw, const struct sock *from)
{
	const struct nat_target *to = &fw->leads_to;
	uint16_t last = sock_is_forward(from) ? from->remote.port : from->local.port;
	struct port_range ports = { to->port, to->port_last };

	if (to->is_unknown)
		return (struct port_range){ 0, 0 };
	if (!to->has_port)
		return (struct port_range){ from->local.port, last };
	if (ports.last < ports.first)
		ports.last = ports.first;
	if (fw->pid && ports.last - ports.first == fw->port_last - fw->port_first) {
		ports.first = (uint16_t)(ports.first + from->local.port - fw->port_first);
		ports.last = ports.first;
	}
	return ports;
}

void lead_targets_set_ports(struct snapshot *snap, size_t first)
{
	for (size_t i = first; i < snap->leads.n; i++) {
		struct lead *lead = &snap->leads.list[i];

		lead->ports = ports_of(lead_forward(snap, lead), lead->from);
	}
}

struct listeners {
	const struct sock **list; /* by port */
	size_t n;
	size_t cap;
};

static void add_listeners(struct listeners *l, const struct sock_table *table)
{
	for (size_t i = 0; i < table->n; i++) {
		if (!is_listening(&table->socks[i]))
			continue;
		l->list = mem_grow(l->list, l->n, &l->cap, sizeof(*l->list));
		l->list[l->n++] = &table->socks[i];
	}
}

static int by_port(const void *a, const void *b)
{
	const struct sock *const *x = a, *const *y = b;

	return (int)(*x)->local.port - (int)(*y)->local.port;
}

static size_t first_at(const struct listeners *l, uint16_t port)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->list[middle]->local.port < port)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How well a listener fits: one that is bound to the very address better than a wildcard. */
enum fit {
	FIT_NONE,
	FIT_WILDCARD,
	FIT_ADDR,
};

static bool is_wildcard_for(const struct sock *sk, enum addr_family family)
{
	if (!addr_is_any(&sk->local.addr))
		return false;
	return sk->family == family || (family == ADDR_INET && sock_is_dual_stack(sk));
}

static bool is_bound_to(const struct sock *sk, enum addr_family family, const struct addr *addr)
{
	return !addr_is_any(addr) &&
	       !addr_compare((enum addr_family)sk->family, &sk->local.addr, family, addr);
}

/*
 * Does what is sent to the address from one namespace come to another one?  Where several others
 * have the address, routes decide, and none is named.  One whose addresses nobody read may have it.
 */
static bool is_reached(const struct own_addrs *own, const struct nat_target *to, uint16_t from,
		       uint16_t netns)
{
	const struct own_addr *at;
	size_t n;

	if (own_addrs_has(own, from, to->family, &to->addr))
		return netns == from;
	at = own_addrs_find(own, to->family, &to->addr, &n);
	return netns != from && (!n || (n == 1 && at->netns == netns));
}

static enum fit fit_of_addr(const struct snapshot *snap, const struct lead *lead,
			    const struct sock *sk)
{
	const struct own_addrs *own = &snap->own_addrs;
	const struct nat_target *to = &lead_forward(snap, lead)->leads_to;

	if (!nat_target_has_one_addr(to) || !is_reached(own, to, lead->from->netns, sk->netns))
		return FIT_NONE;
	if (is_bound_to(sk, to->family, &to->addr))
		return FIT_ADDR;
	return own_addrs_has(own, sk->netns, to->family, &to->addr) &&
			       is_wildcard_for(sk, to->family)
		       ? FIT_WILDCARD
		       : FIT_NONE;
}

static enum fit fit_of(const struct snapshot *snap, const struct lead *lead, const struct sock *sk)
{
	const struct forward *fw = lead_forward(snap, lead);
	const struct nat_target *to = &fw->leads_to;
	enum addr_family family = (enum addr_family)lead->from->family;

	if (sk->proto != lead->from->proto || sk == lead->from)
		return FIT_NONE;
	if (to->has_addr)
		return fit_of_addr(snap, lead, sk);
	/* Without an address a proxy leads into a namespace that is not told. */
	if (fw->pid || sk->netns != lead->from->netns)
		return FIT_NONE;
	if (to->how != NAT_REDIRECT && sock_has_one_addr(lead->from) &&
	    is_bound_to(sk, family, &lead->from->local.addr))
		return FIT_ADDR;
	return is_wildcard_for(sk, family) ? FIT_WILDCARD : FIT_NONE;
}

static void publish(struct leads *leads, const struct sock *sk, size_t lead)
{
	if (leads->n_published == PUBLISHED_MAX)
		return;
	leads->published = mem_grow(leads->published, leads->n_published, &leads->published_cap,
				    sizeof(*leads->published));
	leads->published[leads->n_published++] = (struct published){ sk, (uint32_t)lead };
}

/* Where several fit as well, as in a SO_REUSEPORT group, the first stands for all. */
static void find_target(struct snapshot *snap, const struct listeners *l, size_t at)
{
	struct lead *lead = &snap->leads.list[at];
	enum fit best = FIT_NONE;

	lead->to = NULL;
	if (!lead->ports.last)
		return;
	for (size_t i = first_at(l, lead->ports.first);
	     i < l->n && l->list[i]->local.port <= lead->ports.last; i++) {
		enum fit fit = fit_of(snap, lead, l->list[i]);

		if (fit)
			publish(&snap->leads, l->list[i], at);
		if (fit <= best || lead->ports.first != lead->ports.last)
			continue;
		lead->to = l->list[i];
		best = fit;
	}
}

static int by_sock(const void *a, const void *b)
{
	const struct published *x = a, *y = b;

	if (x->sk != y->sk)
		return x->sk < y->sk ? -1 : 1;
	return (x->lead > y->lead) - (x->lead < y->lead);
}

void lead_targets_find(struct snapshot *snap)
{
	struct leads *leads = &snap->leads;
	struct listeners listeners = { 0 };

	leads->n_published = 0;
	add_listeners(&listeners, &snap->table);
	add_listeners(&listeners, &leads->asked);
	if (listeners.n)
		qsort(listeners.list, listeners.n, sizeof(*listeners.list), by_port);
	for (size_t i = 0; i < leads->n; i++)
		find_target(snap, &listeners, i);
	if (leads->n_published)
		qsort(leads->published, leads->n_published, sizeof(*leads->published), by_sock);
	free(listeners.list);
}

static unsigned int protos_of(const struct leads *leads)
{
	unsigned int protos = 0;

	for (size_t i = 0; i < leads->n; i++)
		protos |= PROTO_BIT(leads->list[i].from->proto);
	return protos;
}

static uint32_t ports_cond(struct cond *c, const struct leads *leads)
{
	struct cond_node leaf = { .kind = COND_LOCAL_PORT };
	uint32_t root = COND_TRUE_AT;

	for (size_t i = 0; i < leads->n && leaf.ports.n <= PORTS_WORTH_A_CONDITION; i++)
		port_list_add(&leaf.ports, leads->list[i].ports);
	if (leaf.ports.n <= PORTS_WORTH_A_CONDITION)
		root = cond_leaf(c, &leaf);
	port_list_fini(&leaf.ports);
	return root;
}

/* For listeners at the ports that are led to. */
static void ask(struct snapshot *snap, const struct plan *plan, const struct sources *sources)
{
	struct source_query query = plan->query;
	struct collected collected;
	struct cond cond;

	cond_init(&cond);
	cond.root = cond_and(&cond, listening_cond(&cond), ports_cond(&cond, &snap->leads));
	query.protos = protos_of(&snap->leads);
	query.families = FAMILY_ALL;
	query.extras = 0;
	query.cond = &cond;
	query.is_aside = true;
	collect(sources, &query, &snap->leads.asked, &collected);
	cond_fini(&cond);
}

void lead_targets_ask(struct snapshot *snap, const struct plan *plan, const struct sources *sources)
{
	bool asks_here = !plan_brings_listeners(plan);
	struct sources asked = *sources;

	if (!snap->leads.n)
		return;
	sock_table_clear(&snap->leads.asked);
	if (lead_elsewhere_choose(snap, sources, asks_here))
		asked.namespaces = sources->every;
	if (asks_here || asked.namespaces != sources->namespaces)
		ask(snap, plan, &asked);
	lead_targets_find(snap);
}

/* Would the listener at the other end be in the listing, so that it is not there if none was found? */
static bool is_listed_if_there(const struct snapshot *snap, const struct lead *lead)
{
	const struct forward *fw = lead_forward(snap, lead);
	const struct nat_target *to = &fw->leads_to;
	size_t n;

	if (!lead->ports.last || lead->ports.first != lead->ports.last)
		return false;
	if (!to->has_addr)
		return !fw->pid;
	if (to->is_prefix || memcmp(&to->addr, &to->addr_last, sizeof(to->addr)) != 0)
		return false;
	if (own_addrs_has(&snap->own_addrs, lead->from->netns, to->family, &to->addr))
		return true;
	own_addrs_find(&snap->own_addrs, to->family, &to->addr, &n);
	return n == 1;
}

enum row_service row_is_served(const struct snapshot *snap, const struct row *row)
{
	enum row_service service = ROW_IS_UNSERVED;
	size_t n;
	const struct lead *leads = leads_of(snap, row, &n);

	for (size_t i = 0; i < n; i++) {
		if (leads[i].to)
			return ROW_IS_SERVED;
		if (!is_listed_if_there(snap, &leads[i]))
			service = ROW_LEADS_AWAY;
	}
	return n ? service : ROW_IS_SERVED;
}

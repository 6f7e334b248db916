/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of a connection's packets through the network namespaces of this machine. */
#include <config.h>

#include "resolve/paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "resolve/links.h"
#include "resolve/netns.h"
#include "resolve/own_addrs.h"
#include "resolve/routes.h"
#include "resolve/stops.h"

/* Packets that need more hops than this go around in a circle. */
#define HOPS_MAX 16
/* Bridges that are joined to bridges. */
#define BRIDGES_MAX 8

/* What becomes of packets in one namespace: the answer to a question. */
struct hop {
	struct route_question question;
	uint16_t netns;
	bool is_known;
	bool is_local;
	uint16_t next; /* else the namespace that gets them */
	uint32_t next_in; /* and the interface on which it does */
};

struct paths {
	const struct netns_list *all;
	const struct own_addrs *own;
	struct stops *stops;
	struct hop *hops;
	size_t n_hops;
	size_t hops_cap;
	struct map by_question;
};

struct paths *paths_new(const struct netns_list *all, const struct own_addrs *own, int proc_root)
{
	struct paths *p = mem_calloc(1, sizeof(*p));

	p->all = all;
	p->own = own;
	p->stops = stops_new(all, proc_root);
	return p;
}

void paths_free(struct paths *p)
{
	if (!p)
		return;
	stops_free(p->stops);
	free(p->hops);
	map_fini(&p->by_question);
	free(p);
}

/* ---- what joins namespaces ---- */

/* A search for the namespace with an address, among those that an interface reaches. */
struct search {
	struct paths *p;
	enum addr_family family;
	const struct addr *addr;
	size_t n_found; /* namespaces, each once */
	uint16_t netns; /* the first of them, and the interface on which packets arrive */
	uint32_t in;
	unsigned int n_bridges;
};

/* Has the namespace the address that is sought, as seen on this interface? */
static bool has_addr(const struct search *s, uint16_t netns, uint32_t in)
{
	struct route_question question = { .to = *s->addr, .family = s->family };
	struct route route = { 0 };
	int fd;

	/* The addresses of namespaces that are listed were read. */
	if (addr_is_link_local(s->family, s->addr))
		question.out = in;
	else if (s->p->all->list[netns].is_chosen)
		return own_addrs_has(s->p->own, netns, s->family, s->addr);
	fd = stops_socket(s->p->stops, netns);
	return fd >= 0 && !route_find(fd, &question, &route) && route.is_local;
}

static void arrive(struct search *s, uint16_t netns, uint32_t in)
{
	if ((s->n_found && s->netns == netns) || !has_addr(s, netns, in))
		return;
	if (!s->n_found++) {
		s->netns = netns;
		s->in = in;
	}
}

static void cross(struct search *s, uint16_t netns, const struct link *link);

/* To all ports of a bridge but the one that packets came from. */
static void flood(struct search *s, uint16_t netns, uint32_t bridge, uint32_t except)
{
	const struct links *links = stops_links(s->p->stops, netns);

	if (s->n_bridges++ >= BRIDGES_MAX)
		return;
	for (size_t i = 0; i < links->n; i++)
		if (links->list[i].master == bridge && links->list[i].ifindex != except)
			cross(s, netns, &links->list[i]);
}

/* Through a veth to its other end; other kinds lead out of what is known. */
/* NOLINTNEXTLINE(misc-no-recursion): at most as deep as BRIDGES_MAX */
static void cross(struct search *s, uint16_t netns, const struct link *link)
{
	uint16_t there = netns;
	const struct link *end, *master;
	const struct links *links;

	if (link->kind != LINK_VETH || !link->peer)
		return;
	if (link->peer_nsid != LINK_SAME_NETNS &&
	    !stops_called(s->p->stops, netns, link->peer_nsid, &there))
		return;
	links = stops_links(s->p->stops, there);
	end = links_find(links, link->peer);
	master = end && end->master ? links_find(links, end->master) : NULL;
	if (master && master->kind == LINK_BRIDGE) {
		arrive(s, there, master->ifindex);
		flood(s, there, master->ifindex, end->ifindex);
	} else if (end) {
		arrive(s, there, end->ifindex);
	}
}

/* Who gets packets for the address that leave through an interface. */
static bool find_next(struct paths *p, uint16_t netns, const struct route *route,
		      enum addr_family family, struct hop *hop)
{
	const struct link *out =
		p->all ? links_find(stops_links(p->stops, netns), route->out) : NULL;
	struct search s = { .p = p, .family = family, .addr = &route->next };

	if (out && out->kind == LINK_BRIDGE)
		flood(&s, netns, out->ifindex, 0);
	else if (out)
		cross(&s, netns, out);
	hop->next = s.netns;
	hop->next_in = s.in;
	return s.n_found == 1;
}

/* ---- hops ---- */

static void take_hop(struct paths *p, struct hop *hop)
{
	int fd = stops_socket(p->stops, hop->netns);
	struct route route = { 0 };

	if (fd < 0 || route_find(fd, &hop->question, &route))
		return;
	hop->is_local = route.is_local;
	hop->is_known =
		route.is_local || find_next(p, hop->netns, &route, hop->question.family, hop);
}

/* The hop for these packets: each question is asked once. */
static struct hop hop_for(struct paths *p, const struct place *at, const struct flow *out)
{
	struct hop hop, *known;
	bool is_new;
	uint64_t key;
	uint32_t i;

	memset(&hop, 0, sizeof(hop));
	hop.netns = at->netns;
	hop.question.from = at->flow.from.addr;
	hop.question.to = out->to.addr;
	hop.question.family = (enum addr_family)out->family;
	hop.question.in = at->in;
	hop.question.out = at->bound;
	key = map_hash(at->netns, &hop.question, sizeof(hop.question));
	i = *map_add(&p->by_question, key, (uint32_t)p->n_hops, &is_new);
	known = is_new ? NULL : &p->hops[i];
	if (known && known->netns == hop.netns &&
	    !memcmp(&known->question, &hop.question, sizeof(hop.question)))
		return *known;
	take_hop(p, &hop);
	if (is_new) {
		p->hops = mem_grow(p->hops, p->n_hops, &p->hops_cap, sizeof(*p->hops));
		p->hops[p->n_hops++] = hop;
	}
	return hop;
}

enum nat_answer paths_nat(struct paths *p, uint16_t netns, const struct flow *in, struct flow *out)
{
	/* Where it may not be read, packets stay as they are, and lead nowhere. */
	return conntrack_follow(stops_conntrack(p->stops, netns), in, out);
}

bool paths_follow(struct paths *p, struct place *at, bool has_nat)
{
	for (int i = 0; i < HOPS_MAX; i++) {
		struct flow out = at->flow;
		struct hop hop;

		if (has_nat && paths_nat(p, at->netns, &at->flow, &out) == NAT_UNKNOWN)
			return false;
		hop = hop_for(p, at, &out);
		if (!hop.is_known)
			return false;
		at->flow = out;
		if (hop.is_local)
			return true;
		at->netns = hop.next;
		at->in = hop.next_in;
		at->bound = 0;
	}
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of a connection's packets through the network namespaces of this machine. */
#include <config.h>

#include "resolve/paths.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "resolve/links.h"
#include "resolve/netns.h"
#include "resolve/nf_loaded.h"
#include "resolve/own_addrs.h"
#include "resolve/routes.h"

/* Packets that need more hops than this go around in a circle. */
#define HOPS_MAX 16
/* Bridges that are joined to bridges. */
#define BRIDGES_MAX 8
/* More sockets are not open at once: of a thousand namespaces each wants one. */
#define SOCKETS_MAX 64

/* A namespace, as far as it was asked. */
struct stop {
	int socket; /* NETLINK_ROUTE; -1: not open */
	bool is_closed; /* it cannot be entered */
	bool has_links;
	bool has_conntrack;
	struct links links;
	struct conntrack conntrack;
	struct map by_nsid; /* what it calls the others, by their indexes */
	uint32_t n_called; /* so many of the others were asked for */
};

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
	int proc_root;
	bool has_conntrack; /* the kernel can be asked for it */
	struct stop *stops;
	size_t n;
	unsigned int n_open;
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
	p->proc_root = proc_root;
	p->has_conntrack = nf_conntrack_is_loaded(proc_root, NULL);
	p->n = all && all->n ? all->n : 1;
	p->stops = mem_calloc(p->n, sizeof(*p->stops));
	for (size_t i = 0; i < p->n; i++)
		p->stops[i].socket = -1;
	return p;
}

static void close_sockets(struct paths *p)
{
	for (size_t i = 0; i < p->n && p->n_open; i++) {
		if (p->stops[i].socket < 0)
			continue;
		close(p->stops[i].socket);
		p->stops[i].socket = -1;
		p->n_open--;
	}
}

void paths_free(struct paths *p)
{
	if (!p)
		return;
	close_sockets(p);
	for (size_t i = 0; i < p->n; i++) {
		links_fini(&p->stops[i].links);
		conntrack_fini(&p->stops[i].conntrack);
		map_fini(&p->stops[i].by_nsid);
	}
	free(p->stops);
	free(p->hops);
	map_fini(&p->by_question);
	free(p);
}

static int open_socket(const struct paths *p, uint16_t netns, int protocol)
{
	int fd;

	if (netns)
		return netns_socket(&p->all->list[netns], p->proc_root, AF_NETLINK, SOCK_RAW,
				    protocol);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	return fd < 0 ? -errno : fd;
}

/* A NETLINK_ROUTE socket in the namespace, borrowed until the next call; -1 if there is none. */
static int socket_in(struct paths *p, uint16_t netns)
{
	struct stop *stop = &p->stops[netns];

	if (stop->socket >= 0 || stop->is_closed)
		return stop->socket;
	if (p->n_open == SOCKETS_MAX)
		close_sockets(p);
	stop->socket = open_socket(p, netns, NETLINK_ROUTE);
	if (stop->socket < 0) {
		stop->socket = -1;
		stop->is_closed = true;
	}
	p->n_open += !stop->is_closed;
	return stop->socket;
}

/* ---- what joins namespaces ---- */

static const struct links *links_of(struct paths *p, uint16_t netns)
{
	struct stop *stop = &p->stops[netns];
	int fd = stop->has_links ? -1 : socket_in(p, netns);

	stop->has_links = true;
	if (fd >= 0)
		links_read(&stop->links, fd);
	return &stop->links;
}

/* The namespace that another one calls nsid; MAP_NONE if it is not found. */
static uint32_t netns_called(struct paths *p, uint16_t by, int32_t nsid)
{
	struct stop *stop = &p->stops[by];
	uint32_t found = nsid < 0 ? MAP_NONE : map_get(&stop->by_nsid, (uint64_t)nsid);
	int fd = found == MAP_NONE && p->all ? socket_in(p, by) : -1;

	/* One after the other: most namespaces are joined to the first one alone. */
	while (fd >= 0 && found == MAP_NONE && stop->n_called < p->n) {
		uint32_t at = stop->n_called++;
		int file = netns_open(&p->all->list[at], p->proc_root), number;

		if (file < 0)
			continue;
		number = route_nsid(fd, file);
		close(file);
		if (number >= 0)
			map_add(&stop->by_nsid, (uint64_t)number, at, NULL);
		if (number == nsid)
			found = at;
	}
	return found;
}

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

static bool has_addr(struct search *s, uint16_t netns)
{
	struct route_question question = { .to = *s->addr, .family = s->family };
	struct route route;
	int fd;

	/* The addresses of namespaces that are listed were read. */
	if (s->p->all->list[netns].is_chosen)
		return own_addrs_has(s->p->own, netns, s->family, s->addr);
	fd = socket_in(s->p, netns);
	return fd >= 0 && !route_find(fd, &question, &route) && route.is_local;
}

static void arrive(struct search *s, uint16_t netns, uint32_t in)
{
	if ((s->n_found && s->netns == netns) || !has_addr(s, netns))
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
	const struct links *links = links_of(s->p, netns);

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
	uint32_t there = netns;
	const struct link *end, *master;
	const struct links *links;

	if (link->kind != LINK_VETH || !link->peer)
		return;
	if (link->peer_nsid != LINK_SAME_NETNS)
		there = netns_called(s->p, netns, link->peer_nsid);
	if (there == MAP_NONE)
		return;
	links = links_of(s->p, (uint16_t)there);
	end = links_find(links, link->peer);
	master = end && end->master ? links_find(links, end->master) : NULL;
	if (master && master->kind == LINK_BRIDGE) {
		arrive(s, (uint16_t)there, master->ifindex);
		flood(s, (uint16_t)there, master->ifindex, end->ifindex);
	} else if (end) {
		arrive(s, (uint16_t)there, end->ifindex);
	}
}

/* Who gets packets for the address that leave through an interface. */
static bool find_next(struct paths *p, uint16_t netns, const struct route *route,
		      enum addr_family family, struct hop *hop)
{
	const struct link *out = p->all ? links_find(links_of(p, netns), route->out) : NULL;
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
	int fd = socket_in(p, hop->netns);
	struct route route;

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
	struct stop *stop = &p->stops[netns];

	if (p->has_conntrack && !stop->has_conntrack) {
		int fd = open_socket(p, netns, NETLINK_NETFILTER);

		/* Where it may not be read, packets stay as they are, and lead nowhere. */
		if (fd >= 0) {
			conntrack_read(&stop->conntrack, fd);
			close(fd);
		}
		stop->has_conntrack = true;
	}
	return conntrack_follow(&stop->conntrack, in, out);
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

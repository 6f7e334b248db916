/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the network namespaces of this machine say of themselves. */
#include <config.h>

#include "resolve/stops.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"
#include "resolve/conntrack.h"
#include "resolve/links.h"
#include "resolve/netns.h"
#include "resolve/nf_loaded.h"
#include "resolve/routes.h"

/* More sockets are not open at once: of a thousand namespaces each wants one. */
#define SOCKETS_MAX 64

struct stop {
	int socket; /* NETLINK_ROUTE; -1: not open */
	bool is_closed; /* it cannot be entered */
	bool has_links; /* they were asked for, as the next one */
	bool has_conntrack;
	struct links links;
	struct conntrack conntrack;
	struct map by_nsid; /* what it calls the others, to their indexes */
	uint32_t n_called; /* so many of the others were asked for */
};

struct stops {
	const struct netns_list *all; /* NULL: only the caller's own is known */
	int proc_root;
	bool is_conntrack_sought;
	bool has_conntrack; /* the kernel can be asked for it */
	struct stop *list;
	size_t n;
	unsigned int n_open;
};

struct stops *stops_new(const struct netns_list *all, int proc_root)
{
	struct stops *s = mem_calloc(1, sizeof(*s));

	s->all = all;
	s->proc_root = proc_root;
	s->n = all && all->n ? all->n : 1;
	s->list = mem_calloc(s->n, sizeof(*s->list));
	for (size_t i = 0; i < s->n; i++)
		s->list[i].socket = -1;
	return s;
}

static void close_sockets(struct stops *s)
{
	for (size_t i = 0; i < s->n && s->n_open; i++) {
		if (s->list[i].socket < 0)
			continue;
		close(s->list[i].socket);
		s->list[i].socket = -1;
		s->n_open--;
	}
}

void stops_free(struct stops *s)
{
	if (!s)
		return;
	close_sockets(s);
	for (size_t i = 0; i < s->n; i++) {
		links_fini(&s->list[i].links);
		conntrack_fini(&s->list[i].conntrack);
		map_fini(&s->list[i].by_nsid);
	}
	free(s->list);
	free(s);
}

static int open_socket(const struct stops *s, uint16_t netns, int protocol)
{
	int fd;

	if (netns)
		return netns_socket(&s->all->list[netns], s->proc_root, AF_NETLINK, SOCK_RAW,
				    protocol);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	return fd < 0 ? -errno : fd;
}

int stops_socket(struct stops *s, uint16_t netns)
{
	struct stop *stop = &s->list[netns];

	if (stop->socket >= 0 || stop->is_closed)
		return stop->socket;
	if (s->n_open == SOCKETS_MAX)
		close_sockets(s);
	stop->socket = open_socket(s, netns, NETLINK_ROUTE);
	if (stop->socket < 0) {
		stop->socket = -1;
		stop->is_closed = true;
	}
	s->n_open += !stop->is_closed;
	return stop->socket;
}

const struct links *stops_links(struct stops *s, uint16_t netns)
{
	struct stop *stop = &s->list[netns];
	int fd = stop->has_links ? -1 : stops_socket(s, netns);

	stop->has_links = true;
	if (fd >= 0)
		links_read(&stop->links, fd);
	return &stop->links;
}

static bool can_ask_conntrack(struct stops *s)
{
	if (!s->is_conntrack_sought)
		s->has_conntrack = nf_conntrack_is_loaded(s->proc_root, NULL);
	s->is_conntrack_sought = true;
	return s->has_conntrack;
}

/* Over netlink, else from the file of a process there, which loads no module. */
static void read_conntrack(struct stops *s, uint16_t netns, struct conntrack *out)
{
	int fd = can_ask_conntrack(s) ? open_socket(s, netns, NETLINK_NETFILTER) : -1;
	int folder = -1;

	if (fd >= 0) {
		conntrack_read(out, fd);
		close(fd);
		return;
	}
	if (netns)
		folder = netns_open_folder(&s->all->list[netns], s->proc_root);
	else
		folder = openat(s->proc_root, "self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return;
	conntrack_read_file(out, folder);
	close(folder);
}

const struct conntrack *stops_conntrack(struct stops *s, uint16_t netns)
{
	struct stop *stop = &s->list[netns];

	if (!stop->has_conntrack)
		read_conntrack(s, netns, &stop->conntrack);
	stop->has_conntrack = true;
	return &stop->conntrack;
}

bool stops_called(struct stops *s, uint16_t by, int32_t nsid, uint16_t *netns)
{
	struct stop *stop = &s->list[by];
	uint32_t found = nsid < 0 ? MAP_NONE : map_get(&stop->by_nsid, (uint64_t)nsid);
	int fd = found == MAP_NONE && s->all ? stops_socket(s, by) : -1;

	/* One after the other: most namespaces are joined to the first one alone. */
	while (fd >= 0 && found == MAP_NONE && stop->n_called < s->n) {
		uint32_t at = stop->n_called++;
		int file = netns_open(&s->all->list[at], s->proc_root), number;

		if (file < 0)
			continue;
		number = route_nsid(fd, file);
		close(file);
		if (number >= 0)
			map_add(&stop->by_nsid, (uint64_t)number, at, NULL);
		if (number == nsid)
			found = at;
	}
	*netns = (uint16_t)found;
	return found != MAP_NONE;
}

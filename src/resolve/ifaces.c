/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of network interfaces, each asked for once. */
#include <config.h>

#include "resolve/ifaces.h"

#include <inttypes.h>
#include <net/if.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"

/* include/net/flow.h: it is made first in each network namespace. */
#define LOOPBACK_IFINDEX 1

struct iface {
	char name[IF_NAMESIZE];
	bool is_loopback;
};

struct ifaces {
	bool is_shared;
	pthread_mutex_t lock; /* of by_index and list */
	struct map by_index;
	struct iface **list; /* each by itself: names stay where they are */
	size_t cap;
	struct map told_by_index;
	struct iface *told; /* of another host */
	size_t told_cap;
	int socket; /* for ioctl(2); -1 where none could be made, or nobody here can be asked */
	bool is_here;
	/* Of other network namespaces than the caller's: */
	int (*make_socket)(void *data, uint16_t netns);
	void *data;
	int other; /* a socket in the namespace that was asked last; -1 for none */
	uint16_t other_netns;
};

struct ifaces *ifaces_new(bool is_here)
{
	struct ifaces *f = mem_calloc(1, sizeof(*f));

	f->is_here = is_here;
	pthread_mutex_init(&f->lock, NULL);
	f->socket = is_here ? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
	f->other = -1;
	return f;
}

void ifaces_enter_with(struct ifaces *f, int (*make)(void *data, uint16_t netns), void *data)
{
	f->make_socket = make;
	f->data = data;
}

void ifaces_share(struct ifaces *f)
{
	f->is_shared = true;
}

void ifaces_leave(struct ifaces *f)
{
	if (f->other >= 0)
		close(f->other);
	f->other = -1;
}

void ifaces_clear(struct ifaces *f)
{
	for (size_t i = 0; i < f->by_index.n; i++)
		free(f->list[i]);
	map_clear(&f->by_index);
}

void ifaces_free(struct ifaces *f)
{
	if (!f)
		return;
	ifaces_clear(f);
	ifaces_leave(f);
	pthread_mutex_destroy(&f->lock);
	free(f->list);
	free(f->told);
	map_fini(&f->told_by_index);
	map_fini(&f->by_index);
	if (f->socket >= 0)
		close(f->socket);
	free(f);
}

void ifaces_tell(struct ifaces *f, uint32_t ifindex, const char *name, bool is_loopback)
{
	size_t n = f->told_by_index.n;
	bool added;

	map_add(&f->told_by_index, ifindex, (uint32_t)n, &added);
	if (!added)
		return;
	f->told = mem_grow(f->told, n, &f->told_cap, sizeof(*f->told));
	f->told[n] = (struct iface){ .is_loopback = is_loopback };
	snprintf(f->told[n].name, sizeof(f->told[n].name), "%s", name);
}

/* What is known of an interface of another host goes to iface, which holds its number. */
static void recall(const struct ifaces *f, uint32_t ifindex, struct iface *iface)
{
	uint32_t at = map_get(&f->told_by_index, ifindex);

	if (at != MAP_NONE && *f->told[at].name)
		*iface = f->told[at];
	else if (!f->told_by_index.n && ifindex == LOOPBACK_IFINDEX)
		*iface = (struct iface){ .name = "lo", .is_loopback = true };
}

static void ask(int socket, uint32_t ifindex, struct iface *iface)
{
	struct ifreq req = { .ifr_ifindex = (int)ifindex };

	if (ioctl(socket, SIOCGIFNAME, &req) < 0)
		return;
	memcpy(iface->name, req.ifr_name, sizeof(iface->name));
	iface->name[sizeof(iface->name) - 1] = '\0';
	if (ioctl(socket, SIOCGIFFLAGS, &req) == 0)
		iface->is_loopback = req.ifr_flags & IFF_LOOPBACK;
}

/* A socket in the namespace; -1 where there is none. */
static int socket_in(struct ifaces *f, uint16_t netns)
{
	if (!netns)
		return f->socket;
	if (f->other >= 0 && f->other_netns == netns)
		return f->other;
	ifaces_leave(f);
	if (f->make_socket)
		f->other = f->make_socket(f->data, netns);
	f->other_netns = netns;
	return f->other;
}

/* The caller holds the lock, if there is more than one thread. */
static const struct iface *ask_once(struct ifaces *f, uint16_t netns, uint32_t ifindex)
{
	size_t n = f->by_index.n;
	bool added;
	uint32_t at = *map_add(&f->by_index, (uint64_t)netns << 32 | ifindex, (uint32_t)n, &added);

	if (added) {
		f->list = mem_grow(f->list, n, &f->cap, sizeof(*f->list));
		f->list[n] = mem_calloc(1, sizeof(**f->list));
		snprintf(f->list[n]->name, sizeof(f->list[n]->name), "%" PRIu32, ifindex);
		if (f->is_here)
			ask(socket_in(f, netns), ifindex, f->list[n]);
		else
			recall(f, ifindex, f->list[n]);
	}
	return f->list[at];
}

static const struct iface *find(struct ifaces *f, uint16_t netns, uint32_t ifindex)
{
	const struct iface *found;

	if (!f->is_shared)
		return ask_once(f, netns, ifindex);
	pthread_mutex_lock(&f->lock);
	found = ask_once(f, netns, ifindex);
	pthread_mutex_unlock(&f->lock);
	return found;
}

const char *ifaces_name(struct ifaces *f, uint16_t netns, uint32_t ifindex)
{
	return find(f, netns, ifindex)->name;
}

bool ifaces_is_loopback(struct ifaces *f, uint16_t netns, uint32_t ifindex)
{
	return find(f, netns, ifindex)->is_loopback;
}

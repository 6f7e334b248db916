/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the counters, and lists the listeners when they have grown. */
#include <config.h>

#include "events/floods.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "events/flood_counters.h"
#include "events/flood_victims.h"
#include "events/way.h"
#include "model/sock_info.h"
#include "model/sock_table.h"
#include "source/source.h"

/* A network namespace. */
struct place {
	uint64_t netns;
	struct flood_counters before;
	struct map drops; /* of each listener by its cookie, when they were last listed */
};

struct floods {
	int fd; /* of /proc/self/net/netstat */
	struct source *source; /* of the namespace that we run in */
	const struct event_request *request;
	uint64_t own_netns;
	struct flood_victims victims;
	struct place *places; /* that were read at least once */
	size_t n_places;
	size_t places_cap;
	struct map by_netns; /* index in places */
	size_t next; /* of the request's namespaces is read next */
	struct sock_table sockets; /* of the last listing */
};

/* So many namespaces are read at once, of which each takes 0.1 ms. */
#define READ_MAX 64
#define PLACES_MAX 8192
/* The file has about 3 KB. */
static int read_counters(int fd, struct flood_counters *out)
{
	char text[16384];
	ssize_t n = pread(fd, text, sizeof(text), 0);

	if (n < 0)
		return -errno;
	flood_counters_parse(out, text, (size_t)n);
	return 0;
}

static bool is_own(const struct floods *f, const struct event_netns *ns)
{
	return !ns->index || ns->inode == f->own_netns;
}

/* An open file keeps its namespace alive: those of others are opened anew each time. */
static int read_counters_in(const struct floods *f, const struct event_netns *ns,
			    struct flood_counters *out)
{
	const struct event_request *r = f->request;
	int fd, err;

	if (is_own(f, ns))
		return read_counters(f->fd, out);
	fd = r->open_file ? r->open_file(r->data, ns->index, "netstat") : -EOPNOTSUPP;
	if (fd < 0)
		return fd;
	err = read_counters(fd, out);
	close(fd);
	return err;
}

/* For source_netlink_open_in(). */
struct door {
	const struct event_request *request;
	uint16_t netns;
};

static int open_socket(void *data)
{
	const struct door *door = data;
	const struct event_request *r = door->request;

	return r->open_socket(r->data, door->netns, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			      NETLINK_SOCK_DIAG);
}

/* Where we may not go, there is nothing in the list. */
static void list(struct floods *f, const struct event_netns *ns, unsigned int states)
{
	struct source_query query = {
		.protos = PROTO_BIT(PROTO_TCP),
		.families = FAMILY_ALL,
		.states = states,
		.extras = SOCK_EXTRA_BIT(SOCK_EXTRA_MEMORY),
		.netns = ns->index,
	};
	struct door door = { .request = f->request, .netns = ns->index };
	struct source_outcome outcome = { 0 };
	struct source *source = f->source;

	sock_table_clear(&f->sockets);
	if (!is_own(f, ns) && source_netlink_open_in(&source, open_socket, &door))
		return;
	source_list(source, &query, &f->sockets, &outcome);
	if (!is_own(f, ns))
		source_free(source);
}

static uint32_t drops_of(const struct floods *f, const struct sock *listener)
{
	const struct sock_meminfo *memory;
	size_t len;

	memory = sock_table_extra(&f->sockets, listener, SOCK_EXTRA_MEMORY, &len);
	return memory && len >= sizeof(*memory) ? memory->drops : 0;
}

/* Notes how many connections each listener has dropped; what is new counts if it is told. */
static void note_drops(struct floods *f, struct place *place, uint64_t now, bool is_told)
{
	struct map drops = { 0 };

	map_reserve(&drops, f->sockets.n);
	for (size_t i = 0; i < f->sockets.n; i++) {
		const struct sock *listener = &f->sockets.socks[i];
		uint32_t n = drops_of(f, listener),
			 before = map_get(&place->drops, listener->cookie);

		map_add(&drops, listener->cookie, n, NULL);
		n -= before == MAP_NONE ? 0 : before;
		if (n && is_told)
			flood_victims_add_drops(&f->victims, place->netns, listener, now, n);
	}
	map_fini(&place->drops);
	place->drops = drops;
}

/* The listener with the most half-open connections, the one for which cookies are sent. */
static const struct sock *find_half_open(struct floods *f, uint64_t *half_open)
{
	struct map counts = { 0 };
	const struct sock *found = NULL;
	uint32_t most = 0;

	for (size_t i = 0; i < f->sockets.n; i++) {
		const struct sock *sk = &f->sockets.socks[i];

		if (sk->state == SOCK_STATE_SYN_RECV)
			(*map_add(&counts, sk->local.port, 0, NULL))++;
	}
	for (size_t i = 0; i < f->sockets.n; i++) {
		const struct sock *sk = &f->sockets.socks[i];
		uint32_t n = map_get(&counts, sk->local.port);

		if (sk->state == SOCK_STATE_LISTEN && n != MAP_NONE && n > most) {
			most = n;
			found = sk;
		}
	}
	map_fini(&counts);
	*half_open = most;
	return found;
}

static void count_cookies(struct floods *f, const struct place *place, uint64_t now, uint64_t n)
{
	uint64_t half_open;
	const struct sock *listener = find_half_open(f, &half_open);

	flood_victims_add_cookies(&f->victims, place->netns, listener, now, n, half_open);
}

static void forget_places(struct floods *f)
{
	for (size_t i = 0; i < f->n_places; i++)
		map_fini(&f->places[i].drops);
	f->n_places = 0;
	map_clear(&f->by_netns);
}

/* The first time it is only noted what happened before. */
static void begin_place(struct floods *f, const struct event_netns *ns,
			const struct flood_counters *counters)
{
	struct place *place;

	/* Those of containers that are gone. */
	if (f->n_places == PLACES_MAX)
		forget_places(f);
	f->places = mem_grow(f->places, f->n_places, &f->places_cap, sizeof(*f->places));
	place = &f->places[f->n_places];
	*place = (struct place){ .netns = ns->inode, .before = *counters };
	*map_add(&f->by_netns, ns->inode, 0, NULL) = (uint32_t)f->n_places++;
	list(f, ns, STATE_BIT(SOCK_STATE_LISTEN));
	note_drops(f, place, 0, false);
}

static void read_place(struct floods *f, const struct event_netns *ns, uint64_t now)
{
	uint32_t at = map_get(&f->by_netns, ns->inode);
	struct flood_counters counters = { 0 };
	uint64_t cookies, drops;
	struct place *place;

	if (read_counters_in(f, ns, &counters))
		return;
	if (at == MAP_NONE) {
		begin_place(f, ns, &counters);
		return;
	}
	place = &f->places[at];
	cookies = counters.syn_cookies - place->before.syn_cookies;
	drops = counters.drops - place->before.drops;
	place->before = counters;
	if (!cookies && !drops)
		return;
	list(f, ns, STATE_BIT(SOCK_STATE_LISTEN) | (cookies ? STATE_BIT(SOCK_STATE_SYN_RECV) : 0));
	if (cookies)
		count_cookies(f, place, now, cookies);
	if (drops && f->sockets.n)
		note_drops(f, place, now, true);
	else if (drops)
		flood_victims_add_drops(&f->victims, place->netns, NULL, now, drops);
}

void floods_read(struct floods *f, uint64_t now, const struct event_sink *sink)
{
	const struct event_request *r = f->request;
	const struct event_netns own = { .inode = f->own_netns };

	if (!r->n_netns)
		read_place(f, &own, now);
	for (size_t n = 0; n < r->n_netns && n < READ_MAX; n++) {
		const struct event_netns *ns = &r->netns[f->next++ % r->n_netns];

		/* Nobody could be told which one it is. */
		if (ns->inode)
			read_place(f, ns, now);
	}
	if (sink)
		flood_victims_tell(&f->victims, now, sink);
}

int floods_open(struct floods **out, const struct event_request *request, uint64_t own_netns)
{
	struct floods *f = mem_calloc(1, sizeof(*f));
	struct flood_counters counters;
	int err = 0;

	*out = NULL;
	f->request = request;
	f->own_netns = own_netns;
	flood_victims_init(&f->victims, request->proc_root, request->table);
	f->fd = openat(request->proc_root, "self/net/netstat", O_RDONLY | O_CLOEXEC);
	if (f->fd < 0)
		err = -errno;
	if (!err)
		err = read_counters(f->fd, &counters);
	if (!err)
		err = source_netlink_open(&f->source, NULL);
	if (err) {
		floods_free(f);
		return err;
	}
	/* What they dropped before is not told. */
	for (size_t read = 0; read == 0 || read < request->n_netns; read += READ_MAX)
		floods_read(f, 0, NULL);
	*out = f;
	return 0;
}

void floods_free(struct floods *f)
{
	if (!f)
		return;
	if (f->fd >= 0)
		close(f->fd);
	source_free(f->source);
	flood_victims_fini(&f->victims);
	forget_places(f);
	free(f->places);
	map_fini(&f->by_netns);
	sock_table_fini(&f->sockets);
	free(f);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the counters, and lists the listeners when they have grown. */
#include <config.h>

#include "events/floods.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "events/event.h"
#include "events/event_table.h"
#include "events/flood_counters.h"
#include "events/listed_owner.h"
#include "events/tally.h"
#include "events/way.h"
#include "model/sock_info.h"
#include "model/sock_table.h"
#include "resolve/owners.h"
#include "source/source.h"

/* What happens to a listener. */
enum trouble {
	TROUBLE_COOKIES,
	TROUBLE_DROPS,
};
#define TROUBLES 2

/* A listener that is or was overrun; without a cookie, one that could not be found. */
struct victim {
	struct sock sock;
	struct event_owner owner;
	struct tally tallies[TROUBLES];
	uint64_t half_open;
};

struct floods {
	int fd; /* of /proc/self/net/netstat */
	struct source *source;
	const struct event_table *table;
	struct owners *owners; /* for a listener that the table does not have */
	struct flood_counters before;
	struct map drops; /* of each listener by its cookie, when they were last listed */
	struct victim *victims;
	size_t n_victims;
	size_t victims_cap;
	struct sock_table sockets; /* of the last listing */
};

/* More listeners than are overrun at once; those of old floods go when there are more. */
#define VICTIMS_MAX 1024

/* The file has about 3 KB. */
static int read_counters(const struct floods *f, struct flood_counters *out)
{
	char text[16384];
	ssize_t n = pread(f->fd, text, sizeof(text), 0);

	if (n < 0)
		return -errno;
	flood_counters_parse(out, text, (size_t)n);
	return 0;
}

static void list(struct floods *f, unsigned int states)
{
	struct source_query query = {
		.protos = PROTO_BIT(PROTO_TCP),
		.families = FAMILY_ALL,
		.states = states,
		.extras = SOCK_EXTRA_BIT(SOCK_EXTRA_MEMORY),
	};
	struct source_outcome outcome = { 0 };

	sock_table_clear(&f->sockets);
	source_list(f->source, &query, &f->sockets, &outcome);
}

static uint32_t drops_of(const struct floods *f, const struct sock *listener)
{
	const struct sock_meminfo *memory;
	size_t len;

	memory = sock_table_extra(&f->sockets, listener, SOCK_EXTRA_MEMORY, &len);
	return memory && len >= sizeof(*memory) ? memory->drops : 0;
}

/* ---- victims ---- */

static struct event_owner owner_of(struct floods *f, const struct sock *listener)
{
	const struct event_entry *entry = event_table_get(f->table, listener->cookie);
	struct owner_key key = { .cookie = listener->cookie, .inode = listener->inode };
	struct event_owner owner = { 0 };

	if (entry && entry->owner.via)
		return entry->owner;
	if (sock_has(listener, SOCK_HAS_INODE) && !owners_scan(f->owners, &key, 1, 0))
		listed_owner(f->owners, listener, &owner);
	return owner;
}

static struct victim *victim_of(struct floods *f, const struct sock *listener)
{
	for (size_t i = 0; i < f->n_victims; i++)
		if (f->victims[i].sock.cookie == listener->cookie)
			return &f->victims[i];
	if (f->n_victims == VICTIMS_MAX)
		f->n_victims = 0;
	f->victims = mem_grow(f->victims, f->n_victims, &f->victims_cap, sizeof(*f->victims));
	f->victims[f->n_victims] =
		(struct victim){ .sock = *listener, .owner = owner_of(f, listener) };
	return &f->victims[f->n_victims++];
}

/* Notes how many connections each listener has dropped; what is new counts if it is told. */
static void note_drops(struct floods *f, uint64_t now, bool is_told)
{
	struct map drops = { 0 };

	map_reserve(&drops, f->sockets.n);
	for (size_t i = 0; i < f->sockets.n; i++) {
		const struct sock *listener = &f->sockets.socks[i];
		uint32_t n = drops_of(f, listener), before = map_get(&f->drops, listener->cookie);

		map_add(&drops, listener->cookie, n, NULL);
		n -= before == MAP_NONE ? 0 : before;
		if (n && is_told)
			tally_add(&victim_of(f, listener)->tallies[TROUBLE_DROPS], now, n);
	}
	map_fini(&f->drops);
	f->drops = drops;
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

static void count_cookies(struct floods *f, uint64_t now, uint64_t n)
{
	static const struct sock unknown = { .proto = PROTO_TCP, .state = SOCK_STATE_LISTEN };
	uint64_t half_open;
	const struct sock *listener = find_half_open(f, &half_open);
	struct victim *victim = victim_of(f, listener ? listener : &unknown);

	victim->half_open = half_open;
	tally_add(&victim->tallies[TROUBLE_COOKIES], now, n);
}

/* ---- events ---- */

static void tell(const struct victim *victim, enum trouble trouble, const struct event_sink *sink)
{
	const struct tally *tally = &victim->tallies[trouble];
	struct event event = {
		.kind = EVENT_FLOOD,
		.known = EVENT_HAS_COUNT,
		.time_ms = tally->last,
		.duration_us = (tally->last - tally->since) * 1000,
		.sock = victim->sock,
		.owner = victim->owner,
		.count = tally->count,
	};

	if (tally->last > tally->since)
		event.known |= EVENT_HAS_DURATION;
	if (trouble == TROUBLE_COOKIES) {
		uint64_t seconds = (tally->last - tally->since) / 1000;

		/* The first count is that of one second. */
		event.known |= EVENT_HAS_RATE;
		event.per_second = tally->count / (seconds + 1);
		event.count = victim->half_open;
	}
	sink->add(sink->data, &event);
}

static void tell_all(struct floods *f, uint64_t now, const struct event_sink *sink)
{
	for (size_t i = 0; i < f->n_victims; i++) {
		struct victim *victim = &f->victims[i];

		for (unsigned int t = 0; t < TROUBLES; t++) {
			if (!tally_is_due(&victim->tallies[t], now, 0))
				continue;
			tell(victim, t, sink);
			tally_told(&victim->tallies[t], now);
		}
	}
}

void floods_read(struct floods *f, uint64_t now, const struct event_sink *sink)
{
	struct flood_counters counters = { 0 };
	bool has_cookies, has_drops;

	if (read_counters(f, &counters))
		return;
	has_cookies = counters.syn_cookies != f->before.syn_cookies;
	has_drops = counters.drops != f->before.drops;
	if (has_cookies || has_drops) {
		list(f, STATE_BIT(SOCK_STATE_LISTEN) |
				(has_cookies ? STATE_BIT(SOCK_STATE_SYN_RECV) : 0));
		if (has_cookies)
			count_cookies(f, now, counters.syn_cookies - f->before.syn_cookies);
		if (has_drops)
			note_drops(f, now, true);
		f->before = counters;
	}
	tell_all(f, now, sink);
}

int floods_open(struct floods **out, int proc_root, const struct event_table *table)
{
	struct floods *f = mem_calloc(1, sizeof(*f));
	int err = 0;

	*out = NULL;
	f->table = table;
	f->owners = owners_new(proc_root, OWNERS_PROC);
	f->fd = openat(proc_root, "self/net/netstat", O_RDONLY | O_CLOEXEC);
	if (f->fd < 0)
		err = -errno;
	if (!err)
		err = read_counters(f, &f->before);
	if (!err)
		err = source_netlink_open(&f->source, NULL);
	if (err) {
		floods_free(f);
		return err;
	}
	/* What they dropped before is not told. */
	list(f, STATE_BIT(SOCK_STATE_LISTEN));
	note_drops(f, 0, false);
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
	owners_free(f->owners);
	map_fini(&f->drops);
	sock_table_fini(&f->sockets);
	free(f->victims);
	free(f);
}

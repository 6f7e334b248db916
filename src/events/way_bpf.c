/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way that sees all, with the process: the records of sockets.bpf.c as events. */
#include <config.h>

#include "events/way.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/map.h"
#include "base/mem.h"
#include "events/event.h"
#include "events/event_table.h"
#include "events/sockets_bpf.h"
#include "events/sockets_record.h"
#include "model/protos.h"

/* The ring is looked at so often; 4 MiB last for 100 ms of 50,000 connections a second. */
#define LOOK_MS 100
/* When nothing has come for IDLE_MS, the first record wakes us. */
#define LOOK_IDLE_MS 5000
#define IDLE_MS 3000
/* So many events are held back until the records after them are read. */
#define BATCH_MAX 2048
/* A call of read() ends after so many, so that signals are heard. */
#define BATCHES_MAX 128

#define NSEC_PER_MSEC 1000000U
#define NSEC_PER_SEC 1000000000ULL
#define USER_HZ 100U /* clock ticks per second in the kernel's user interfaces */

struct way_bpf {
	struct event_way way;
	struct sockets_bpf *sockets;
	const struct event_request *request;
	struct event batch[BATCH_MAX];
	size_t n;
	struct map held; /* by cookie: an event of the batch that a later record may change */
	uint64_t epoch_ns; /* Unix time of the records' clock at 0 */
	uint64_t busy_ms; /* CLOCK_MONOTONIC, when a record came last */
	bool is_asleep;
	bool has_begun;
	unsigned int lacks;
};

/* A bit for each sentence. */
enum {
	LACK_USE = 1 << 0,
	LACK_BIND = 1 << 1,
	LACK_AUTOMATIC = 1 << 2,
	LACK_UNUSED = 1 << 3,
};

static const struct {
	unsigned int bit;
	const char *clause;
} lacks[] = {
	{ LACK_AUTOMATIC, N_("UDP ports that the kernel chose") },
	{ LACK_UNUSED, N_("UDP ports that the kernel chose, until they are used") },
	{ LACK_BIND, N_("ports that are bound only, and UDP (no cgroup v2)") },
	{ LACK_USE, N_("who accepted a connection, until it is closed (kernel before 6.3)") },
};

static const struct {
	enum event_kind kind;
	enum sock_state state;
} by_record[] = {
	[RECORD_LISTENING] = { EVENT_OPENED, SOCK_STATE_LISTEN },
	[RECORD_BOUND] = { EVENT_OPENED, SOCK_STATE_BOUND },
	[RECORD_UNLISTENED] = { EVENT_UNBOUND, SOCK_STATE_LISTEN },
	[RECORD_UNBOUND] = { EVENT_UNBOUND, SOCK_STATE_BOUND },
	[RECORD_CONNECTED] = { EVENT_CONNECTED, SOCK_STATE_ESTABLISHED },
	[RECORD_ACCEPTED] = { EVENT_ACCEPTED, SOCK_STATE_ESTABLISHED },
	[RECORD_CLOSED] = { EVENT_CLOSED, SOCK_STATE_CLOSE },
	[RECORD_FAILED] = { EVENT_FAILED, SOCK_STATE_CLOSE },
};
#define RECORDS (sizeof(by_record) / sizeof(*by_record))

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

/* ---- a record as an event ---- */

static void set_owner(struct event_owner *owner, const struct sockets_owner *from)
{
	owner->via = (uint8_t)from->via;
	owner->pid = from->pid;
	owner->uid = from->uid;
	owner->start_time = from->start_ns / (NSEC_PER_SEC / USER_HZ);
	event_owner_set_name(owner, from->name, sizeof(from->name));
}

static void set_sock(struct sock *sk, const struct sockets_record *r)
{
	enum sock_proto proto = PROTO_TCP;

	sk->cookie = r->cookie;
	sk->known = SOCK_HAS_COOKIE | SOCK_HAS_UID;
	sk->uid = r->uid;
	proto_by_number(r->protocol, &proto);
	sk->proto = (uint8_t)proto;
	sk->family = r->is_ipv6 ? ADDR_INET6 : ADDR_INET;
	memcpy(&sk->local.addr, r->local, sizeof(r->local));
	sk->local.port = r->local_port;
	if (r->remote_port) {
		memcpy(&sk->remote.addr, r->remote, sizeof(r->remote));
		sk->remote.port = r->remote_port;
		sk->known |= SOCK_HAS_PEER;
	}
	if (r->inode) {
		sk->inode = r->inode;
		sk->known |= SOCK_HAS_INODE;
	}
	if (r->flags & RECORD_HAS_CGROUP) {
		sk->cgroup = r->cgroup;
		sk->known |= SOCK_HAS_CGROUP;
	}
	if (r->flags & RECORD_HAS_OPTIONS) {
		sk->mark = r->mark;
		sk->ifindex = r->ifindex;
		sk->known |= SOCK_HAS_MARK | SOCK_HAS_IFACE;
		if (r->is_ipv6)
			sk->known |= SOCK_HAS_V6ONLY;
		sk->v6only = !!(r->flags & RECORD_IS_V6ONLY);
	}
}

static void set_numbers(struct event *event, const struct sockets_record *r)
{
	event->error = (int)r->error;
	event->duration_us = r->duration_ns / 1000;
	event->sent = r->sent;
	event->received = r->received;
	event->packets_sent = r->packets_sent;
	event->packets_received = r->packets_received;
	if (r->flags & RECORD_IS_WHOLE && event->kind != EVENT_OPENED && r->kind != RECORD_ACCEPTED)
		event->known |= EVENT_HAS_DURATION;
	if (r->kind == RECORD_CLOSED && event->sock.proto == PROTO_TCP)
		event->known |= EVENT_HAS_BYTES;
	if ((r->kind == RECORD_UNBOUND || r->kind == RECORD_CLOSED) &&
	    event->sock.proto != PROTO_TCP && r->flags & RECORD_IS_WHOLE)
		event->known |= EVENT_HAS_BYTES | EVENT_HAS_PACKETS;
}

/* Whose the listener is, if that was there before us; kept for the end of the connection. */
static void add_listener(struct way_bpf *b, struct event *event)
{
	struct event_table *table = b->request->table;
	const struct event_entry *listener =
		event_table_listener(table, event->netns, &event->sock);

	if (!listener || !listener->owner.via)
		return;
	event->owner = listener->owner;
	event->owner.via = EVENT_VIA_LISTENER;
	event_table_put(table, &(struct event_entry){ event->sock, event->netns, event->owner });
}

/* What a listing knew of a socket that was there before us, or of its listener. */
static void add_known(struct way_bpf *b, struct event *event, const struct sockets_record *r)
{
	const struct event_entry *entry = event_table_get(b->request->table, r->cookie);

	if (r->kind == RECORD_ACCEPTED && !event->owner.via) {
		add_listener(b, event);
		return;
	}
	if (!entry)
		return;
	if (r->kind == RECORD_UNBOUND) {
		event->netns = entry->netns;
		event->sock = entry->sock;
		if (sock_has(&entry->sock, SOCK_HAS_PEER))
			event->kind = EVENT_CLOSED;
	}
	if (!event->owner.via)
		event->owner = entry->owner;
	if (by_record[r->kind].kind == EVENT_UNBOUND || r->kind == RECORD_CLOSED)
		event_table_remove(b->request->table, r->cookie);
}

static bool is_wanted(const struct way_bpf *b, const struct event *event)
{
	const struct event_request *request = b->request;

	if (!(request->protos & PROTO_BIT(event->sock.proto)))
		return false;
	for (size_t i = 0; i < request->n_netns; i++)
		if (request->netns[i].inode == event->netns)
			return true;
	return request->is_every_netns || !request->n_netns;
}

static void hold(struct way_bpf *b, uint64_t cookie)
{
	*map_add(&b->held, cookie, 0, NULL) = (uint32_t)b->n;
}

/* An event of this batch about the same socket that this record completes; NULL: none. */
static struct event *held(struct way_bpf *b, uint64_t cookie)
{
	uint32_t i = map_get(&b->held, cookie);

	return i == MAP_NONE ? NULL : &b->batch[i];
}

static void take(struct way_bpf *b, const struct sockets_record *r)
{
	struct event *before = held(b, r->cookie), *event;

	if (r->kind == RECORD_USED) {
		if (before && before->kind == EVENT_ACCEPTED)
			set_owner(&before->owner, &r->owner);
		return;
	}
	if (r->kind >= RECORDS)
		return;
	/* Who binds and listens at once, or connects, is told once. */
	if (before && before->kind == EVENT_OPENED && before->sock.proto == PROTO_TCP &&
	    r->kind != RECORD_UNBOUND)
		before->kind = EVENT_KINDS;
	event = &b->batch[b->n];
	*event = (struct event){ .kind = (uint8_t)by_record[r->kind].kind,
				 .time_ms = (r->time_ns + b->epoch_ns) / NSEC_PER_MSEC,
				 .netns = r->netns };
	set_sock(&event->sock, r);
	set_owner(&event->owner, &r->owner);
	set_numbers(event, r);
	add_known(b, event, r);
	event->sock.state = event->kind == EVENT_CLOSED ? (uint8_t)SOCK_STATE_CLOSE
							: (uint8_t)by_record[r->kind].state;
	if (!is_wanted(b, event))
		return;
	if (r->kind == RECORD_BOUND || r->kind == RECORD_ACCEPTED)
		hold(b, r->cookie);
	b->n++;
}

/* ---- the way ---- */

static void pass_on(struct way_bpf *b, const struct event_sink *sink)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->batch[i].kind < EVENT_KINDS)
			sink->add(sink->data, &b->batch[i]);
	b->n = 0;
	map_clear(&b->held);
}

static void tell_lost(struct way_bpf *b, const struct event_sink *sink)
{
	struct event event = { .kind = EVENT_LOST,
			       .known = EVENT_HAS_COUNT,
			       .time_ms = clock_ns(CLOCK_REALTIME) / NSEC_PER_MSEC,
			       .count = sockets_bpf_take_lost(b->sockets) };

	if (event.count)
		sink->add(sink->data, &event);
}

/* The listing is there by now. */
static void begin(struct way_bpf *b)
{
	const struct event_table *table = b->request->table;

	for (size_t i = 0; i < event_table_count(table); i++) {
		const struct sock *sk = &event_table_at(table, i)->sock;

		if (sk->state == SOCK_STATE_BOUND || sk->proto != PROTO_TCP)
			sockets_bpf_add_bound(b->sockets, sk->cookie);
	}
	sockets_bpf_has_all(b->sockets);
	b->has_begun = true;
}

/* Reads what there is, but not without end.  Returns whether there was anything. */
static bool read_all(struct way_bpf *b, const struct event_sink *sink)
{
	const struct sockets_record *record = NULL;
	bool is_any = false;

	for (int i = 0; i < BATCHES_MAX; i++) {
		while (b->n < BATCH_MAX && (record = sockets_bpf_next(b->sockets))) {
			take(b, record);
			is_any = true;
		}
		pass_on(b, sink);
		if (!record)
			break;
	}
	return is_any;
}

/* How long to rest; where nothing happens, that is long, and a record ends it. */
static void choose_pause(struct way_bpf *b, const struct event_sink *sink, bool is_any)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC) / NSEC_PER_MSEC;

	if (!is_any && now - b->busy_ms >= IDLE_MS) {
		sockets_bpf_sleep(b->sockets);
		is_any = read_all(b, sink);
	}
	if (is_any)
		b->busy_ms = now;
	b->is_asleep = now - b->busy_ms >= IDLE_MS;
	b->way.pause_ms = b->is_asleep ? LOOK_IDLE_MS : LOOK_MS;
}

static void read_now(struct way_bpf *b, const struct event_sink *sink)
{
	/* Anew each time, as the clock may be set. */
	b->epoch_ns = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
	choose_pause(b, sink, read_all(b, sink));
	tell_lost(b, sink);
}

static int read_events(struct event_way *way, const struct event_sink *sink)
{
	struct way_bpf *b = (struct way_bpf *)way;

	if (!b->has_begun)
		begin(b);
	/* The record that woke us may be the first one of several about its socket. */
	if (b->is_asleep && sockets_bpf_is_woken(b->sockets)) {
		b->is_asleep = false;
		b->busy_ms = clock_ns(CLOCK_MONOTONIC) / NSEC_PER_MSEC;
		b->way.pause_ms = LOOK_MS;
		return 0;
	}
	read_now(b, sink);
	return 0;
}

static void finish(struct event_way *way, const struct event_sink *sink)
{
	read_now((struct way_bpf *)way, sink);
}

static int count(struct event_way *way, uint64_t cookie, struct event_count *out)
{
	struct sockets_count n;
	int err = sockets_bpf_count(((struct way_bpf *)way)->sockets, cookie, &n);

	*out = (struct event_count){ n.sent, n.received, n.packets_sent, n.packets_received };
	return err;
}

static const char *lack(const struct event_way *way, size_t i)
{
	const struct way_bpf *b = (const struct way_bpf *)way;

	for (size_t k = 0; k < sizeof(lacks) / sizeof(*lacks); k++)
		if (b->lacks & lacks[k].bit && !i--)
			return _(lacks[k].clause);
	return NULL;
}

static void free_way(struct event_way *way)
{
	struct way_bpf *b = (struct way_bpf *)way;

	sockets_bpf_free(b->sockets);
	map_fini(&b->held);
	free(b);
}

static const struct event_way_ops ops = {
	.name = "bpf",
	.read = read_events,
	.finish = finish,
	.count = count,
	.lack = lack,
	.free = free_way,
};

static uint32_t wanted_records(unsigned int kinds)
{
	uint32_t wanted = 0;

	for (unsigned int i = 0; i < RECORDS; i++)
		if (kinds & EVENT_BIT(by_record[i].kind))
			wanted |= 1U << i;
	if (kinds & EVENT_BIT(EVENT_ACCEPTED))
		wanted |= 1U << RECORD_USED;
	return wanted;
}

int way_bpf_open(struct event_way **out, const struct event_request *request)
{
	struct sockets_bpf_options options = { .wanted = wanted_records(request->kinds) };
	struct way_bpf *b;
	struct sockets_bpf *sockets;
	int err;

	if (request->n_netns == 1 && !request->is_every_netns)
		options.only_netns = (uint32_t)request->netns[0].inode;
	err = sockets_bpf_open(&sockets, &options);
	if (err)
		return err;
	b = mem_calloc(1, sizeof(*b));
	b->sockets = sockets;
	b->request = request;
	b->lacks = sockets_bpf_sees_use(sockets) ? LACK_UNUSED : LACK_AUTOMATIC | LACK_USE;
	if (!sockets_bpf_sees_bind(sockets))
		b->lacks |= LACK_BIND;
	b->way = (struct event_way){ .ops = &ops,
				     .kinds = EVENT_BIT(EVENT_OPENED) | EVENT_BIT(EVENT_UNBOUND) |
					      EVENT_BIT(EVENT_CONNECTED) |
					      EVENT_BIT(EVENT_ACCEPTED) | EVENT_BIT(EVENT_CLOSED) |
					      EVENT_BIT(EVENT_FAILED) | EVENT_BIT(EVENT_LOST),
				     .fd = sockets_bpf_fd(sockets),
				     .pause_ms = LOOK_MS };
	*out = &b->way;
	return 0;
}

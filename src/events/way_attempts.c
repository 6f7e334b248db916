/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of what never becomes a connection: packets to closed ports, which BPF reports, and
 * floods, which the kernel's counters tell everybody.
 */
#include <config.h>

#include "events/way.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "events/attempt.h"
#include "events/attempts.h"
#include "events/attempts_hook.h"
#include "events/exempt.h"
#include "events/floods.h"

#define HOOK_KINDS (EVENT_BIT(EVENT_REFUSED) | EVENT_BIT(EVENT_SCAN) | EVENT_BIT(EVENT_KNOCK))
/* While packets come, and when none has come for IDLE_MS. */
#define PAUSE_MS 100
#define PAUSE_IDLE_MS 500
#define IDLE_MS 10000
#define FLOODS_PAUSE_MS 1000

struct way_attempts {
	struct event_way way;
	const struct event_request *request;
	uint64_t own_netns; /* inode of the namespace that we run in */
	struct attempts *attempts; /* NULL: without the hook */
	struct attempts_hook *hook;
	struct exempt *exempt;
	struct floods *floods; /* NULL: not wanted */
	uint64_t floods_at; /* when they are read next */
	uint64_t busy_at; /* when the last packet came */
	/* The sink of the call of read(), and what makes our times those of Unix. */
	const struct event_sink *sink;
	struct event_sink own_sink; /* passes on to it */
	int64_t unix_offset_ms;
};

static uint64_t clock_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Is the namespace one that was asked for? */
static bool is_watched(const struct way_attempts *w, uint64_t netns)
{
	const struct event_request *r = w->request;

	if (r->is_every_netns)
		return true;
	if (!r->n_netns)
		return netns == w->own_netns;
	for (size_t i = 0; i < r->n_netns; i++)
		if (r->netns[i].inode == netns)
			return true;
	return false;
}

/* ---- reading ---- */

static void pass_on(void *data, const struct event *event)
{
	const struct way_attempts *w = data;
	struct event copy = *event;

	copy.time_ms = (uint64_t)((int64_t)copy.time_ms + w->unix_offset_ms);
	w->sink->add(w->sink->data, &copy);
}

static bool is_wanted(void *data, const struct event *event)
{
	const struct way_attempts *w = data;

	return event_sink_wants(w->sink, event);
}

static void tell_lost(struct way_attempts *w, uint64_t now, uint64_t n)
{
	struct event event = {
		.kind = EVENT_LOST,
		.known = EVENT_HAS_COUNT,
		.time_ms = now,
		.count = n,
	};

	pass_on(w, &event);
}

static void read_hook(struct way_attempts *w, uint64_t now)
{
	const struct attempt *attempt;
	uint64_t n_lost;

	exempt_tick(w->exempt, now);
	while ((attempt = attempts_hook_next(w->hook))) {
		if (!is_watched(w, attempt->netns))
			continue;
		attempts_add(w->attempts, attempt);
		w->busy_at = now;
	}
	attempts_tick(w->attempts, now, false);
	n_lost = attempts_hook_lost(w->hook);
	if (n_lost)
		tell_lost(w, now, n_lost);
	w->way.pause_ms = now - w->busy_at < IDLE_MS ? PAUSE_MS : PAUSE_IDLE_MS;
}

/* Returns the time.  Unix time is compared anew each time: somebody may set the clock. */
static uint64_t begin(struct way_attempts *w, const struct event_sink *sink)
{
	uint64_t now = clock_ms(CLOCK_MONOTONIC);

	w->sink = sink;
	w->unix_offset_ms = (int64_t)(clock_ms(CLOCK_REALTIME) - now);
	return now;
}

static int read_attempts(struct event_way *way, const struct event_sink *sink)
{
	struct way_attempts *w = (struct way_attempts *)way;
	uint64_t now = begin(w, sink);

	if (w->hook)
		read_hook(w, now);
	if (w->floods && now >= w->floods_at) {
		w->floods_at = now + FLOODS_PAUSE_MS;
		floods_read(w->floods, now, &w->own_sink);
	}
	return 0;
}

static void finish(struct event_way *way, const struct event_sink *sink)
{
	struct way_attempts *w = (struct way_attempts *)way;
	uint64_t now = begin(w, sink);

	if (!w->hook)
		return;
	read_hook(w, now);
	attempts_tick(w->attempts, now, true);
}

static const char *lack(const struct event_way *way, size_t i)
{
	const struct way_attempts *w = (const struct way_attempts *)way;
	const struct event_request *r = w->request;
	bool are_known = true;

	for (size_t k = 0; k < r->n_netns; k++)
		are_known &= r->netns[k].inode != 0;
	return !i && w->floods && !are_known ? _("floods in network namespaces of others") : NULL;
}

static void free_attempts(struct event_way *way)
{
	struct way_attempts *w = (struct way_attempts *)way;

	attempts_hook_free(w->hook);
	exempt_free(w->exempt);
	attempts_free(w->attempts);
	floods_free(w->floods);
	free(w);
}

/* ---- opening ---- */

static const struct event_way_ops ops = {
	.name = "attempts",
	.read = read_attempts,
	.finish = finish,
	.lack = lack,
	.free = free_attempts,
};

/* The one namespace that is watched; 0: there are several. */
static uint64_t watched_netns(const struct way_attempts *w)
{
	const struct event_request *r = w->request;

	if (r->is_every_netns || r->n_netns > 1)
		return 0;
	return r->n_netns ? r->netns->inode : w->own_netns;
}

static int open_hook(struct way_attempts *w)
{
	const struct event_request *r = w->request;
	struct attempts_options options = {
		.kinds = r->kinds,
		.sink = w->own_sink,
	};
	/* Only where -u asks for it: without options UDP-Lite is among the protocols, too. */
	bool reads_udp =
		r->protos & PROTO_BIT(PROTO_UDP) && !(r->protos & PROTO_BIT(PROTO_UDPLITE));
	int err = attempts_hook_open(&w->hook, (uint32_t)watched_netns(w), reads_udp);

	if (err)
		return err;
	for (size_t i = 0; i < r->n_knock && i < KNOCK_PORTS_MAX; i++)
		options.knock.ports[options.knock.n++] = r->knock[i];
	/* Without randomness others can slow us down by choosing addresses, and no more. */
	if (getrandom(&options.seed, sizeof(options.seed), GRND_NONBLOCK) < 0)
		options.seed = clock_ms(CLOCK_REALTIME);
	w->attempts = attempts_new(&options);
	w->exempt = exempt_new(w->attempts, r->table, w->own_netns);
	w->way.kinds |= r->kinds & HOOK_KINDS;
	w->way.fd = attempts_hook_fd(w->hook);
	w->way.pause_ms = PAUSE_MS;
	return 0;
}

int way_attempts_open(struct event_way **out, const struct event_request *request)
{
	struct way_attempts *w = mem_calloc(1, sizeof(*w));
	int err = -EOPNOTSUPP;
	struct stat netns;

	*out = NULL;
	w->way.ops = &ops;
	w->way.fd = -1;
	w->request = request;
	w->own_sink = (struct event_sink){ .add = pass_on, .data = w, .wants = is_wanted };
	if (!fstatat(request->proc_root, "self/ns/net", &netns, 0))
		w->own_netns = netns.st_ino;
	if (request->kinds & HOOK_KINDS)
		err = open_hook(w);
	if (request->kinds & EVENT_BIT(EVENT_FLOOD) &&
	    !floods_open(&w->floods, request, w->own_netns)) {
		w->way.kinds |= EVENT_BIT(EVENT_FLOOD);
		if (!w->hook)
			w->way.pause_ms = FLOODS_PAUSE_MS;
	}
	if (!w->way.kinds) {
		free_attempts(&w->way);
		return err;
	}
	*out = &w->way;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts packets to closed ports by source, and writes one line where there would be thousands. */
#include <config.h>

#include "events/attempts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "events/attempt.h"
#include "events/attempts_event.h"
#include "events/line_cap.h"
#include "events/lru.h"
#include "events/tally.h"

/* Limits of what is remembered: together about 5 MB. */
#define SOURCES_MAX (1 << 13)
#define TRIES_MAX (1 << 13)
#define SCANS_MAX (1 << 8)
#define LISTENED_MAX (1 << 15)

#define NS_PER_MS 1000000
/* How long the first line about a port waits, to tell of more tries or to become part of a scan. */
#define HOLD_MS 500
/* The same for what gets no line of its own. */
#define OTHERS_HOLD_MS 1000
#define LISTENED_SECONDS 3600
/* Lines that a try at one port leaves to scans. */
#define RESERVED_LINES 4

struct source {
	struct source_key key;
	struct scanner scanner;
	struct knock knock;
	uint64_t last; /* its last try */
};

/* A source that scans. */
struct scan {
	struct source_key key;
	struct tally tally;
	struct addr from;
	uint32_t n_ports; /* different ones */
	uint16_t n_first;
	uint16_t first[EVENT_PORTS_MAX];
	uint8_t ports[(UINT16_MAX + 1) / 8]; /* a bit each */
};

struct try_key {
	struct source_key source;
	uint16_t port;
	uint16_t fate;
};

/* What a source tries at one port. */
struct
try {
	struct try_key key;
	struct addr from;
	struct addr to;
	struct tally tally;
};

struct attempts {
	struct attempts_options options;
	struct lru sources;
	struct lru scans;
	struct lru tries;
	struct map listened; /* listened_key() to the second in which a listener was there */
	struct line_cap cap;
	struct tally others; /* what gets no line of its own */
	uint64_t next_look; /* no try is due before */
};

struct attempts *attempts_new(const struct attempts_options *options)
{
	struct attempts *a = mem_calloc(1, sizeof(*a));
	uint64_t seed = options->seed;

	a->options = *options;
	a->next_look = UINT64_MAX;
	lru_init(&a->sources, sizeof(struct source), sizeof(struct source_key), SOURCES_MAX, seed);
	lru_init(&a->scans, sizeof(struct scan), sizeof(struct source_key), SCANS_MAX, seed);
	lru_init(&a->tries, sizeof(struct try), sizeof(struct try_key), TRIES_MAX, seed);
	return a;
}

void attempts_free(struct attempts *a)
{
	if (!a)
		return;
	lru_fini(&a->sources);
	lru_fini(&a->scans);
	lru_fini(&a->tries);
	map_fini(&a->listened);
	free(a);
}

/* ---- lines ---- */

static bool is_wanted(const struct attempts *a, const struct event *event)
{
	return a->options.kinds & EVENT_BIT(event->kind) &&
	       (event_is_rest(event) || event_sink_wants(&a->options.sink, event));
}

/* Writes the event if it is wanted.  False if there have been too many lines. */
static bool tell(struct attempts *a, const struct event *event, uint64_t now, unsigned int reserve)
{
	if (!is_wanted(a, event))
		return true;
	if (!line_cap_take(&a->cap, now, reserve))
		return false;
	a->options.sink.add(a->options.sink.data, event);
	return true;
}

static bool tell_try(struct attempts *a, const struct try *try, uint64_t now)
{
	struct event event =
		attempts_event(EVENT_REFUSED, &try->key.source, &try->from, &try->tally);

	event.sock.local.addr = try->to;
	event.sock.local.port = try->key.port;
	event.error = try->key.fate == ATTEMPT_DROPPED ? EPERM : ECONNREFUSED;
	return tell(a, &event, now, RESERVED_LINES);
}

static bool tell_scan(struct attempts *a, const struct scan *scan, uint64_t now)
{
	struct event event = attempts_event(EVENT_SCAN, &scan->key, &scan->from, &scan->tally);

	event.count = scan->n_ports;
	attempts_event_add_ports(&event, scan->first, scan->n_first);
	return tell(a, &event, now, 0);
}

/* What was not told of an item, and now never will be. */
static void add_to_others(struct attempts *a, const struct tally *tally)
{
	if (tally_untold(tally))
		tally_add(&a->others, tally->last, tally_untold(tally));
}

/* ---- scans ---- */

static void scan_add_port(struct scan *scan, uint16_t port)
{
	uint8_t *byte = &scan->ports[port / 8], bit = (uint8_t)(1U << port % 8);

	if (*byte & bit)
		return;
	*byte |= bit;
	if (scan->n_ports++ < EVENT_PORTS_MAX)
		scan->first[scan->n_first++] = port;
}

/* Ends the scan that has paused for the longest time, with a last summary. */
static void drop_oldest_scan(struct attempts *a, uint64_t now)
{
	struct scan *scan = lru_next(&a->scans, NULL);

	if (tally_untold(&scan->tally) && !tell_scan(a, scan, now))
		add_to_others(a, &scan->tally);
	lru_drop(&a->scans, scan);
}

/* Moves what was not told of the tries of a source at a port to another tally. */
static void take_tries(struct attempts *a, const struct source_key *source, uint16_t port,
		       struct tally *to)
{
	for (unsigned int fate = ATTEMPT_REFUSED; fate <= ATTEMPT_DROPPED; fate++) {
		struct try_key key = { .source = *source, .port = port, .fate = (uint16_t)fate };
		const struct try *try = lru_peek(&a->tries, &key);

		if (!try)
			continue;
		if (try->tally.since < to->since)
			to->since = try->tally.since;
		to->count += tally_untold(&try->tally);
		lru_drop(&a->tries, try);
	}
}

static void begin_scan(struct attempts *a, struct source *source, const struct addr *from,
		       uint64_t now)
{
	struct scanner *scanner = &source->scanner;
	struct scan *scan;

	if (lru_is_full(&a->scans))
		drop_oldest_scan(a, now);
	scan = lru_add(&a->scans, &source->key);
	scan->from = *from;
	scan->tally.since = scan->tally.last = now;
	for (unsigned int i = 0; i < scanner->n_ports; i++) {
		if (scanner->tried_at[i] < scan->tally.since)
			scan->tally.since = scanner->tried_at[i];
		scan_add_port(scan, scanner->ports[i]);
		take_tries(a, &source->key, scanner->ports[i], &scan->tally);
	}
	*scanner = (struct scanner){ 0 };
	if (tell_scan(a, scan, now))
		tally_told(&scan->tally, now);
}

/* The last of these tries has just been noted, so there is something to tell. */
static void report_knock(struct attempts *a, const struct source *source, const struct addr *from,
			 uint64_t now)
{
	const struct knock_sequence *sequence = &a->options.knock;
	struct tally tally = { .since = now, .last = now };
	struct event event;

	for (unsigned int i = 0; i < sequence->n; i++)
		take_tries(a, &source->key, sequence->ports[i], &tally);
	event = attempts_event(EVENT_KNOCK, &source->key, from, &tally);
	attempts_event_add_ports(&event, sequence->ports, sequence->n);
	if (!tell(a, &event, now, 0))
		add_to_others(a, &tally);
}

/* ---- tries ---- */

static void note_try(struct attempts *a, const struct source_key *source,
		     const struct attempt *attempt, uint64_t now)
{
	struct try_key key = { .source = *source, .port = attempt->port, .fate = attempt->fate };
	struct try *try = lru_use(&a->tries, &key);

	if (!try) {
		if (lru_is_full(&a->tries)) {
			const struct try *oldest = lru_next(&a->tries, NULL);

			add_to_others(a, &oldest->tally);
			lru_drop(&a->tries, oldest);
		}
		try = lru_add(&a->tries, &key);
		memcpy(try->from.bytes, attempt->from, sizeof(try->from.bytes));
		memcpy(try->to.bytes, attempt->to, sizeof(try->to.bytes));
	}
	tally_add(&try->tally, now, 1);
	if (a->next_look > now + HOLD_MS)
		a->next_look = now + HOLD_MS;
}

static struct source *find_source(struct attempts *a, const struct source_key *key)
{
	struct source *source = lru_use(&a->sources, key);

	if (source)
		return source;
	if (lru_is_full(&a->sources))
		lru_drop(&a->sources, lru_next(&a->sources, NULL));
	return lru_add(&a->sources, key);
}

/* Network namespaces have inode numbers of 32 bits. */
static uint64_t listened_key(uint32_t netns, uint8_t protocol, uint16_t port)
{
	return (uint64_t)netns << 32 | (uint64_t)protocol << 16 | port;
}

static bool has_listened(const struct attempts *a, const struct attempt *attempt, uint64_t now)
{
	uint64_t key = listened_key(attempt->netns, attempt->protocol, attempt->port);
	uint32_t second = map_get(&a->listened, key);

	return second != MAP_NONE && now / 1000 < (uint64_t)second + LISTENED_SECONDS;
}

void attempts_listened(struct attempts *a, uint64_t now, uint32_t netns, uint8_t protocol,
		       uint16_t port)
{
	/* More ports than servers have: rather all of them scanned again than memory without end. */
	if (a->listened.n >= LISTENED_MAX)
		map_clear(&a->listened);
	*map_add(&a->listened, listened_key(netns, protocol, port), 0, NULL) =
		(uint32_t)(now / 1000);
}

static struct source_key source_of(const struct attempt *attempt)
{
	struct source_key key = {
		.netns = attempt->netns,
		.family = attempt->family,
		.protocol = attempt->protocol,
	};

	memcpy(key.prefix, attempt->from, attempt->family == ADDR_INET ? 4 : sizeof(key.prefix));
	return key;
}

/*
 * Could the sink want a line about the try, or about a scan or a knock of which it is part?  Else it is
 * nobody's business, and what is wanted has all the room.
 */
static bool is_of_interest(const struct attempts *a, const struct source_key *source,
			   const struct attempt *attempt, const struct addr *from, uint64_t now)
{
	static const enum event_kind kinds[] = { EVENT_REFUSED, EVENT_SCAN, EVENT_KNOCK };
	const struct tally tally = { .since = now, .last = now, .count = 1 };
	const struct try_key key = { .source = *source,
				     .port = attempt->port,
				     .fate = attempt->fate };

	if (!a->options.sink.wants || lru_peek(&a->tries, &key))
		return true;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct event event = attempts_event(kinds[i], source, from, &tally);

		if (kinds[i] == EVENT_REFUSED) {
			memcpy(event.sock.local.addr.bytes, attempt->to, sizeof(attempt->to));
			event.sock.local.port = attempt->port;
			event.error = attempt->fate == ATTEMPT_DROPPED ? EPERM : ECONNREFUSED;
		}
		if (is_wanted(a, &event))
			return true;
	}
	return false;
}

void attempts_add(struct attempts *a, const struct attempt *attempt)
{
	uint64_t now = attempt->time_ns / NS_PER_MS;
	bool is_exempt = has_listened(a, attempt, now);
	struct source_key key = source_of(attempt);
	struct scan *scan = is_exempt ? NULL : lru_use(&a->scans, &key);
	struct source *source;
	struct addr from;

	if (scan) {
		scan_add_port(scan, attempt->port);
		tally_add(&scan->tally, now, 1);
		return;
	}
	memcpy(from.bytes, attempt->from, sizeof(from.bytes));
	if (!is_of_interest(a, &key, attempt, &from, now))
		return;
	note_try(a, &key, attempt, now);
	source = find_source(a, &key);
	source->last = now;
	if (knock_add(&source->knock, &a->options.knock, now, attempt->port))
		report_knock(a, source, &from, now);
	if (!is_exempt && scanner_add(&source->scanner, now, attempt->port))
		begin_scan(a, source, &from, now);
}

/* ---- time ---- */

/* Tells what is due of the tries.  What is over the limit counts with the others. */
static void look_at_tries(struct attempts *a, uint64_t now, bool is_last)
{
	a->next_look = UINT64_MAX;
	for (struct try *try = lru_next(&a->tries, NULL); try; try = lru_next(&a->tries, try)) {
		struct tally *tally = &try->tally;

		if (tally_untold(tally) && (is_last || tally_is_due(tally, now, HOLD_MS))) {
			if (tell_try(a, try, now)) {
				tally_told(tally, now);
			} else {
				add_to_others(a, tally);
				tally_drop(tally, now);
			}
		} else if (tally_untold(tally)) {
			a->next_look = now + HOLD_MS;
		}
	}
}

static void look_at_scans(struct attempts *a, uint64_t now, bool is_last)
{
	for (struct scan *scan = lru_next(&a->scans, NULL); scan;
	     scan = lru_next(&a->scans, scan)) {
		struct tally *tally = &scan->tally;

		if (!tally_untold(tally) || !(is_last || tally_is_due(tally, now, 0)))
			continue;
		if (tell_scan(a, scan, now))
			tally_told(tally, now);
		else if (is_last)
			add_to_others(a, tally);
	}
}

static void look_at_others(struct attempts *a, uint64_t now, bool is_last)
{
	const struct tally *others = &a->others;
	struct tally since_last_line = {
		.since = others->told_at ? others->told_at : others->since,
		.last = others->last,
		.count = tally_untold(others),
	};
	struct event event;

	if (!tally_untold(others) || !(is_last || tally_is_due(others, now, OTHERS_HOLD_MS)))
		return;
	event = attempts_event(EVENT_REFUSED, NULL, NULL, &since_last_line);
	if (tell(a, &event, now, 0))
		tally_told(&a->others, now);
}

static void forget(struct attempts *a, uint64_t now)
{
	const struct source *source;
	const struct scan *scan;
	const struct try *try;

	while ((source = lru_next(&a->sources, NULL)) && now > source->last + SCAN_WINDOW_MS)
		lru_drop(&a->sources, source);
	while ((try = lru_next(&a->tries, NULL)) && now > try->tally.last + SCAN_WINDOW_MS)
		lru_drop(&a->tries, try);
	while ((scan = lru_next(&a->scans, NULL)) && now > scan->tally.last + SCAN_WINDOW_MS)
		drop_oldest_scan(a, now);
}

void attempts_tick(struct attempts *a, uint64_t now, bool is_last)
{
	if (is_last || now >= a->next_look)
		look_at_tries(a, now, is_last);
	look_at_scans(a, now, is_last);
	look_at_others(a, now, is_last);
	forget(a, now);
}

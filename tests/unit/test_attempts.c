/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets to closed ports: what is a scan, a knock, or only refused; limits; and exact counts. */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "events/attempt.h"
#include "events/attempts.h"
#include "events/event.h"
#include "random.h"

#define LINES_MAX 100000
#define SECOND 1000ULL
/* The clock does not start at 0. */
#define BEGIN (1000 * SECOND)

struct line {
	struct event event;
	uint64_t at; /* when it was written */
};

struct fixture {
	struct attempts *attempts;
	struct line *lines;
	size_t n;
	uint64_t now;
	uint64_t n_tries;
};

static void write_line(void *data, const struct event *event)
{
	struct fixture *f = data;

	assert_true(f->n < LINES_MAX);
	f->lines[f->n++] = (struct line){ .event = *event, .at = f->now };
}

static void begin_with(struct fixture *f, unsigned int kinds, const struct knock_sequence *knock)
{
	struct attempts_options options = {
		.kinds = kinds,
		.sink = { .add = write_line, .data = f },
		.seed = 42,
	};

	if (knock)
		options.knock = *knock;
	*f = (struct fixture){
		.now = BEGIN,
		.lines = calloc(LINES_MAX, sizeof(*f->lines)),
	};
	assert_non_null(f->lines);
	f->attempts = attempts_new(&options);
}

static void end(struct fixture *f)
{
	attempts_free(f->attempts);
	free(f->lines);
}

/* Lets this much time pass, with a tick every tenth of a second. */
static void pass(struct fixture *f, uint64_t ms)
{
	for (uint64_t left = ms; left;) {
		uint64_t step = left < 100 ? left : 100;

		f->now += step;
		left -= step;
		attempts_tick(f->attempts, f->now, false);
	}
}

/* The source is the last 4 bytes of an IPv4 address. */
static struct attempt attempt_of(const struct fixture *f, uint32_t source, uint16_t port)
{
	uint32_t from = htonl(source), to = htonl(0x0a090901);
	struct attempt attempt = {
		.time_ns = f->now * 1000000,
		.netns = 7,
		.family = ADDR_INET,
		.protocol = IPPROTO_TCP,
		.port = port,
	};

	memcpy(attempt.from, &from, sizeof(from));
	memcpy(attempt.to, &to, sizeof(to));
	return attempt;
}

static void try_port(struct fixture *f, uint32_t source, uint16_t port)
{
	struct attempt attempt = attempt_of(f, source, port);

	attempts_add(f->attempts, &attempt);
	f->n_tries++;
}

static size_t count_kind(const struct fixture *f, enum event_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->lines[i].event.kind == kind;
	return n;
}

/* Is it a later line about the same? */
static bool continues(const struct event *a, const struct event *b)
{
	return a->kind == b->kind && a->netns == b->netns &&
	       a->sock.local.port == b->sock.local.port && a->sock.proto == b->sock.proto &&
	       a->error == b->error &&
	       !memcmp(&a->sock.remote.addr, &b->sock.remote.addr, sizeof(a->sock.remote.addr)) &&
	       a->time_ms - a->duration_us / 1000 == b->time_ms - b->duration_us / 1000;
}

/* All tries that the lines tell of; a later line about the same includes what was told before. */
static uint64_t told(const struct fixture *f)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < f->n; i++) {
		bool is_last = true;

		for (size_t k = i + 1; k < f->n && is_last; k++)
			is_last = !continues(&f->lines[i].event, &f->lines[k].event);
		if (is_last)
			sum += f->lines[i].event.count;
	}
	return sum;
}

static void assert_exact(struct fixture *f)
{
	attempts_tick(f->attempts, f->now, true);
	assert_int_equal(told(f), f->n_tries);
}

static size_t most_lines_a_second(const struct fixture *f)
{
	size_t most = 0;

	for (size_t i = 0, first = 0; i < f->n; i++) {
		while (f->lines[first].at + SECOND <= f->lines[i].at)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return most;
}

/* ---- refused ---- */

static void many_tries_at_one_port_are_one_line(void **state)
{
	const struct event *event;
	struct fixture f;

	(void)state;
	begin_with(&f, EVENT_ANY, NULL);
	for (int i = 0; i < 2000; i++) {
		try_port(&f, 1, 5432);
		if (i % 5 == 4)
			f.now++;
	}
	pass(&f, 120 * SECOND);
	assert_int_equal(f.n, 1);
	event = &f.lines[0].event;
	assert_int_equal(event->kind, EVENT_REFUSED);
	assert_int_equal(event->count, 2000);
	assert_int_equal(event->sock.local.port, 5432);
	assert_int_equal(event->sock.proto, PROTO_TCP);
	assert_int_equal(event->error, ECONNREFUSED);
	assert_int_equal(event->netns, 7);
	assert_in_range(event->duration_us, 399000, 400000);
	assert_true(f.lines[0].at < BEGIN + SECOND);
	assert_exact(&f);
	end(&f);
}

/* Health checks, every two seconds for ten minutes: ever fewer lines, and no scan. */
static void a_patient_client_gets_summaries(void **state)
{
	struct fixture f;

	(void)state;
	begin_with(&f, EVENT_ANY, NULL);
	for (int i = 0; i < 300; i++) {
		try_port(&f, 1, 8080);
		pass(&f, 2 * SECOND);
	}
	assert_int_equal(count_kind(&f, EVENT_REFUSED), f.n);
	assert_in_range(f.n, 5, 20);
	assert_exact(&f);
	end(&f);
}

static void dropped_is_told_apart(void **state)
{
	struct attempt attempt;
	struct fixture f;

	(void)state;
	begin_with(&f, EVENT_ANY, NULL);
	attempt = attempt_of(&f, 1, 23);
	attempt.fate = ATTEMPT_DROPPED;
	attempts_add(f.attempts, &attempt);
	try_port(&f, 1, 23);
	pass(&f, SECOND);
	assert_int_equal(f.n, 2);
	assert_int_equal(f.lines[0].event.error, EPERM);
	assert_int_equal(f.lines[1].event.error, ECONNREFUSED);
	end(&f);
}

/* ---- scan ---- */

static void a_scan_is_one_line_and_a_summary(void **state)
{
	struct fixture f;

	(void)state;
	begin_with(&f, EVENT_ANY, NULL);
	for (uint32_t port = 4; port < 65536; port++) {
		try_port(&f, 1, (uint16_t)port);
		if (port % 100 == 0)
			pass(&f, 1);
	}
	pass(&f, 300 * SECOND);
	assert_int_equal(f.n, 2);
	assert_int_equal(f.lines[0].event.kind, EVENT_SCAN);
	assert_int_equal(f.lines[0].event.count, 7);
	assert_int_equal(f.lines[0].event.n_ports, 7);
	assert_int_equal(f.lines[0].event.ports[0], 4);
	assert_int_equal(f.lines[0].at, BEGIN);
	assert_int_equal(f.lines[1].event.kind, EVENT_SCAN);
	assert_int_equal(f.lines[1].event.count, 65532);
	assert_int_equal(f.lines[1].event.n_ports, EVENT_PORTS_MAX);
	end(&f);
}

/* Ports at this distance: from which one on is it a scan?  0: never. */
static unsigned int scan_at(uint16_t first_port, uint64_t distance)
{
	unsigned int at = 0;
	struct fixture f;

	begin_with(&f, EVENT_ANY, NULL);
	for (unsigned int i = 0; i < 60 && !at; i++) {
		try_port(&f, 1, (uint16_t)(first_port + i));
		if (count_kind(&f, EVENT_SCAN))
			at = i + 1;
		pass(&f, distance);
	}
	end(&f);
	return at;
}

static void thresholds(void **state)
{
	(void)state;
	assert_int_equal(scan_at(1, 10), 7);
	assert_int_equal(scan_at(1, 3000), 7);
	assert_int_equal(scan_at(1, 3100), 15);
	assert_int_equal(scan_at(5000, 10), 15);
	assert_int_equal(scan_at(5000, 15 * SECOND), 15);
	assert_int_equal(scan_at(5000, 21 * SECOND), 15);
	assert_int_equal(scan_at(5000, 22 * SECOND), 0);
}

static void sources_count_apart(void **state)
{
	struct fixture f;

	(void)state;
	begin_with(&f, EVENT_ANY, NULL);
	for (uint16_t i = 0; i < 20; i++) {
		struct attempt attempt = attempt_of(&f, 1 + i % 2, 5000 + i);

		/* Two sources and two namespaces, ten or five ports each. */
		attempt.netns += i / 10;
		attempts_add(f.attempts, &attempt);
	}
	pass(&f, SECOND);
	assert_int_equal(count_kind(&f, EVENT_SCAN), 0);
	end(&f);
}

static void an_ipv6_network_is_one_source(void **state)
{
	struct fixture f;

	(void)state;
	begin_with(&f, EVENT_ANY, NULL);
	for (uint16_t i = 0; i < 15; i++) {
		struct attempt attempt = attempt_of(&f, 0, 5000 + i);

		attempt.family = ADDR_INET6;
		memset(attempt.from, 0xfd, 8);
		attempt.from[15] = (uint8_t)i;
		attempts_add(f.attempts, &attempt);
	}
	assert_int_equal(count_kind(&f, EVENT_SCAN), 1);
	for (uint16_t i = 0; i < 15; i++) {
		struct attempt attempt = attempt_of(&f, 0, 5000 + i);

		attempt.family = ADDR_INET6;
		attempt.from[7] = (uint8_t)i;
		attempts_add(f.attempts, &attempt);
	}
	pass(&f, SECOND);
	assert_int_equal(count_kind(&f, EVENT_SCAN), 1);
	end(&f);
}

static void ports_that_listened_are_exempt(void **state)
{
	struct fixture f;

	(void)state;
	begin_with(&f, EVENT_ANY, NULL);
	for (uint16_t port = 8000; port < 8020; port++)
		attempts_listened(f.attempts, f.now, 7, IPPROTO_TCP, port);
	for (uint16_t port = 8000; port < 8020; port++)
		try_port(&f, 1, port);
	pass(&f, 3600 * SECOND - 1);
	assert_int_equal(count_kind(&f, EVENT_SCAN), 0);
	assert_exact(&f);
	pass(&f, 2);
	for (uint16_t port = 8000; port < 8020; port++)
		try_port(&f, 1, port);
	assert_int_equal(count_kind(&f, EVENT_SCAN), 1);
	end(&f);
}

/* ---- knock ---- */

static const struct knock_sequence knocking = { .ports = { 7000, 8000, 9000 }, .n = 3 };

static size_t knocks_of(const uint16_t *ports, size_t n, uint64_t distance)
{
	struct fixture f;
	size_t knocks;

	begin_with(&f, EVENT_ANY, &knocking);
	for (size_t i = 0; i < n; i++) {
		try_port(&f, 1, ports[i]);
		pass(&f, distance);
	}
	knocks = count_kind(&f, EVENT_KNOCK);
	if (knocks)
		assert_int_equal(f.lines[f.n - 1].event.n_ports, 3);
	assert_exact(&f);
	end(&f);
	return knocks;
}

static void knocks(void **state)
{
	static const uint16_t in_order[] = { 7000, 8000, 9000 };
	static const uint16_t repeated[] = { 7000, 7000, 8000, 8000, 8000, 9000, 9000 };
	static const uint16_t begun_anew[] = { 7000, 8000, 7000, 8000, 9000 };
	static const uint16_t disturbed[] = { 7000, 8000, 80, 9000 };
	static const uint16_t reversed[] = { 9000, 8000, 7000 };

	(void)state;
	assert_int_equal(knocks_of(in_order, 3, 10), 1);
	assert_int_equal(knocks_of(in_order, 3, 14 * SECOND), 1);
	assert_int_equal(knocks_of(in_order, 3, 16 * SECOND), 0);
	assert_int_equal(knocks_of(repeated, 7, 10), 1);
	assert_int_equal(knocks_of(begun_anew, 5, 10), 1);
	assert_int_equal(knocks_of(disturbed, 4, 10), 0);
	assert_int_equal(knocks_of(reversed, 3, 10), 0);
}

/* ---- limits ---- */

static void spoofed_sources_are_limited(void **state)
{
	struct fixture f;

	(void)state;
	begin_with(&f, EVENT_ANY, NULL);
	for (uint32_t i = 0; i < 1000000; i++) {
		try_port(&f, 0x0a000000 + i, 80);
		if (i % 100 == 99)
			f.now++;
		if (i % 10000 == 9999)
			attempts_tick(f.attempts, f.now, false);
	}
	pass(&f, 5 * SECOND);
	assert_in_range(f.n, 2, 190);
	assert_true(most_lines_a_second(&f) < 20);
	assert_exact(&f);
	end(&f);
}

/* Each of these sources scans. */
static void many_scans_are_limited(void **state)
{
	struct fixture f;

	(void)state;
	begin_with(&f, EVENT_ANY, NULL);
	for (uint32_t i = 0; i < 1000; i++) {
		for (uint16_t port = 0; port < 20; port++)
			try_port(&f, i, port);
		f.now++;
	}
	pass(&f, 120 * SECOND);
	assert_in_range(count_kind(&f, EVENT_SCAN), 10, 1000);
	assert_true(most_lines_a_second(&f) < 20);
	end(&f);
}

/* What the user does not want to see takes no lines from what he does. */
static void unwanted_lines_do_not_count(void **state)
{
	struct fixture f;

	(void)state;
	begin_with(&f, EVENT_ANY & ~EVENT_BIT(EVENT_REFUSED), NULL);
	for (uint32_t i = 0; i < 10000; i++)
		try_port(&f, 1000 + i, 80);
	pass(&f, 600);
	for (uint16_t port = 1; port < 10; port++)
		try_port(&f, 1, port);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.lines[0].event.kind, EVENT_SCAN);
	end(&f);
}

/* Fewer ports than a scan has. */
static void counts_are_exact(void **state)
{
	uint64_t seed = 1;
	struct fixture f;

	(void)state;
	for (int round = 0; round < 20; round++) {
		begin_with(&f, EVENT_ANY, &knocking);
		for (int i = 0; i < 20000; i++) {
			try_port(&f, random_below(&seed, 40) * random_below(&seed, 40),
				 (uint16_t)(7000 + 1000 * random_below(&seed, 3) +
					    random_below(&seed, 4)));
			if (!random_below(&seed, 30))
				pass(&f, random_below(&seed, 500));
			if (!random_below(&seed, 5000))
				pass(&f, random_below(&seed, 400) * SECOND);
		}
		assert_true(most_lines_a_second(&f) < 20);
		assert_exact(&f);
		end(&f);
	}
}

/* A filter for one source. */
static bool is_from_one(void *data, const struct event *event)
{
	const uint32_t one = htonl(1);

	(void)data;
	return !memcmp(&event->sock.remote.addr, &one, sizeof(one));
}

/* The few tries that are asked for are told at once, however many others there are. */
static void a_filter_is_not_starved(void **state)
{
	struct fixture f;
	struct attempts_options options = {
		.kinds = EVENT_BIT(EVENT_REFUSED) | EVENT_BIT(EVENT_SCAN),
		.sink = { .add = write_line, .data = &f, .wants = is_from_one },
		.seed = 42,
	};
	uint64_t mine = 0;

	(void)state;
	begin_with(&f, 0, NULL);
	attempts_free(f.attempts);
	f.attempts = attempts_new(&options);
	for (unsigned int i = 0; i < 500; i++) {
		for (uint32_t k = 0; k < 1000; k++)
			try_port(&f, 1000 + i * 1000 + k, 99);
		/* Few ports, so that they are no scan. */
		if (i % 100 == 50)
			try_port(&f, 1, (uint16_t)(5000 + i));
		mine += i % 100 == 50;
		pass(&f, 20);
	}
	pass(&f, 2000);
	assert_int_equal(f.n, mine);
	for (size_t i = 0; i < f.n; i++)
		assert_int_equal(f.lines[i].event.sock.local.port, 5050 + i * 100);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_tries_at_one_port_are_one_line),
		cmocka_unit_test(a_patient_client_gets_summaries),
		cmocka_unit_test(dropped_is_told_apart),
		cmocka_unit_test(a_scan_is_one_line_and_a_summary),
		cmocka_unit_test(thresholds),
		cmocka_unit_test(sources_count_apart),
		cmocka_unit_test(an_ipv6_network_is_one_source),
		cmocka_unit_test(ports_that_listened_are_exempt),
		cmocka_unit_test(knocks),
		cmocka_unit_test(spoofed_sources_are_limited),
		cmocka_unit_test(many_scans_are_limited),
		cmocka_unit_test(unwanted_lines_do_not_count),
		cmocka_unit_test(counts_are_exact),
		cmocka_unit_test(a_filter_is_not_starved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

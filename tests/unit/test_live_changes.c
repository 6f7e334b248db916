/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The view of what opened and closed, and the bell. */
#include <config.h>

#include "live_host.h"

#include "events/event.h"
#include "live/changes.h"
#include "live/event_log.h"

#define ENTER KEY_CODE_ENTER

static const char *line_with(struct host *h, const char *text)
{
	int y = host_find_line(h, text);

	host_expect(h, text);
	return host_line(h, y);
}

static void expect_order(struct host *h, const char *first, const char *second)
{
	int a = host_find_line(h, first), b = host_find_line(h, second);

	if (a >= 0 && b > a)
		return;
	host_dump(h);
	fail_msg("%s does not stand above %s", first, second);
}

/* What was there at the start is no change. */
static void what_opens_and_closes_is_kept(void **state)
{
	static const uint32_t held[] = { 900, 901 };
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "5");
	host_expect(h, "[5 Changes]");
	host_expect(h, "Nothing that the filter matches");
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 8080, NULL, 0, 900);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 8080, "203.0.113.50", 1234,
		  901)
		->rx = 1000;
	host_process(h, 12, "late", held, 2);
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, "0.0.0.0:8080"), "opened"));
	assert_non_null(strstr(line_with(h, "0.0.0.0:8080"), "late[12]"));
	host_find(h, 8080, 1234)->rx = 5000;
	host_pass(h, 2000);
	host_close(h, host_find(h, 8080, 1234));
	host_close(h, host_find(h, 443, 51822));
	host_pass(h, 2000);
	/* Who had it, how long it lived, and what it carried; with the owner that was seen. */
	expect_order(h, "closed", "opened");
	assert_non_null(strstr(line_with(h, "closed tcp   192.0.2.1:8080"), "late[12]"));
	assert_non_null(strstr(line_with(h, "closed tcp   192.0.2.1:8080"), "4s"));
	assert_non_null(strstr(line_with(h, "closed tcp   192.0.2.1:8080"), "4.8K"));
	/* That it lived longer is known of what was there. */
	assert_non_null(strstr(line_with(h, "203.0.113.7:51822"), "> 6s"));
	host_pass(h, 60000);
	host_expect(h, "4 changes");
}

/* The cursor is at the newest change until it is moved to another: then it goes with that. */
static void the_newest_stays_in_sight(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "5");
	for (uint16_t port = 8000; port < 8060; port++) {
		host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", port, NULL, 0, 0);
		host_pass(h, 2000);
	}
	host_expect_cursor(h, "0.0.0.0:8059");
	host_type(h, "j");
	host_expect_cursor(h, "0.0.0.0:8058");
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 8060, NULL, 0, 0);
	host_pass(h, 2000);
	host_expect_cursor(h, "0.0.0.0:8058");
	host_key(h, KEY_CODE_HOME);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 8061, NULL, 0, 0);
	host_pass(h, 2000);
	host_expect_cursor(h, "0.0.0.0:8061");
}

static void the_filter_tests_changes(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_close(h, host_find(h, 443, 51822));
	host_close(h, host_find(h, 5432, 40000));
	host_pass(h, 2000);
	host_type(h, "5/proc nginx\n");
	host_expect(h, "203.0.113.7:51822");
	host_expect_not(h, "postgres");
	host_expect(h, "1 change,");
	host_type(h, "/");
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "127.0.0.1\n");
	host_expect_not(h, "203.0.113.7:51822");
	host_expect(h, "postgres[950]");
}

static void enter_goes_to_the_row(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "203.0.113.50", 1234, 0);
	host_pass(h, 2000);
	host_type(h, "5\n");
	host_expect(h, "[2 Connections]");
	host_expect_cursor(h, "203.0.113.50:1234");
	host_close(h, host_find(h, 443, 1234));
	host_pass(h, 2000);
	host_type(h, "5");
	host_key(h, KEY_CODE_HOME);
	host_key(h, ENTER);
	host_expect(h, "[5 Changes]");
	host_expect(h, "It is closed.");
	/* Neither is there anything to be killed, closed, tagged or described. */
	host_type(h, "x");
	host_type(h, "W");
	host_type(h, "d ");
	assert_int_equal(h->app.tags.n, 0);
	host_type(h, "x");
	host_key(h, KEY_CODE_ESC);
	host_type(h, "K");
	assert_null(h->app.out.job);
}

static void the_last_ones_are_kept(void **state)
{
	struct changes log = { 0 };
	struct change change = { .kind = CHANGED_OPENED };

	(void)state;
	for (size_t i = 0; i < CHANGES_MAX + 5; i++) {
		change.id = i;
		changes_add(&log, &change, "name[1]", 7);
	}
	assert_int_equal(log.n, CHANGES_MAX);
	assert_int_equal(changes_at(&log, 0)->id, CHANGES_MAX + 4);
	assert_int_equal(changes_at(&log, CHANGES_MAX - 1)->id, 5);
	assert_string_equal(changes_at(&log, 0)->process, "name[1]");
	assert_true(changes_id(&log, 0) > changes_id(&log, 1));
	changes_fini(&log);
}

static void the_bell_rings_for_what_matches(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "/lport 443\nB");
	host_expect(h, "bell");
	host_pass(h, 2000);
	assert_false(h->app.out.rings);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 80, "203.0.113.50", 1234, 0);
	host_pass(h, 2000);
	assert_false(h->app.out.rings);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "203.0.113.50", 1235, 0);
	host_pass(h, 2000);
	assert_true(h->app.out.rings);
	host_expect(h, "1 new socket matches the filter.");
	h->app.out.rings = false;
	host_type(h, "B");
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "203.0.113.50", 1236, 0);
	host_pass(h, 2000);
	assert_false(h->app.out.rings);
}

#define BPF_KINDS                                                                          \
	(EVENT_BIT(EVENT_OPENED) | EVENT_BIT(EVENT_UNBOUND) | EVENT_BIT(EVENT_CONNECTED) | \
	 EVENT_BIT(EVENT_ACCEPTED) | EVENT_BIT(EVENT_CLOSED) | EVENT_BIT(EVENT_FAILED))

/* An event of a socket of the host, or of one that it never had. */
static void hear(struct host *h, enum event_kind kind, const struct sock *sk, uint64_t time_ms)
{
	struct event event = { .kind = (uint8_t)kind,
			       .sock = *sk,
			       .time_ms = time_ms,
			       .known = EVENT_HAS_BYTES,
			       .sent = 1000,
			       .received = 24,
			       .owner = { .via = EVENT_VIA_ITSELF, .pid = 77 } };

	event_owner_set_name(&event.owner, "quick", 5);
	event_log_add(&h->app.heard, &event);
}

static struct sock connection(uint64_t cookie, uint16_t local, uint16_t remote)
{
	struct sock sk = { .cookie = cookie,
			   .known = SOCK_HAS_COOKIE | SOCK_HAS_PEER,
			   .proto = PROTO_TCP,
			   .family = ADDR_INET,
			   .state = SOCK_STATE_ESTABLISHED,
			   .local = { .port = local },
			   .remote = { .port = remote } };
	enum addr_family family;

	addr_parse("192.0.2.1", 9, &family, &sk.local.addr);
	addr_parse("203.0.113.99", 12, &family, &sk.remote.addr);
	return sk;
}

/* What no look saw is there once, and what the kernel keeps of it is no change. */
static void what_comes_and_goes_is_heard(void **state)
{
	struct host *h = *state;
	const struct sock sk = connection(1ULL << 40, 8080, 999);

	host_populate(h);
	host_look(h);
	h->app.heard.kinds = BPF_KINDS;
	host_type(h, "5");
	hear(h, EVENT_ACCEPTED, &sk, 1000);
	hear(h, EVENT_CLOSED, &sk, 1250);
	host_open(h, PROTO_TCP, SOCK_STATE_TIME_WAIT, "192.0.2.1", 8080, "203.0.113.99", 999, 0);
	host_pass(h, 2000);
	host_expect(h, "1 change, by BPF");
	host_expect(h, "1 came and went");
	assert_non_null(strstr(line_with(h, "came, went"), "203.0.113.99:999"));
	assert_non_null(strstr(line_with(h, "came, went"), "quick[77] 250ms"));
	assert_non_null(strstr(line_with(h, "came, went"), "1.0K"));
	host_type(h, "/proc quick\n");
	host_expect(h, "1 change, by BPF");
	host_type(h, "/proc other\n");
	host_expect(h, "0 changes, by BPF");
	host_expect_not(h, "came and went");
	host_type(h, "\\");
	host_close(h, host_find(h, 8080, 999));
	host_pass(h, 2000);
	host_expect(h, "1 change, by BPF");
}

/* Who is told of an opening and an end by an event is not told again by the next look. */
static void nothing_is_there_twice(void **state)
{
	struct host *h = *state;
	struct host_sock *tcp, *udp;

	host_populate(h);
	host_look(h);
	h->app.heard.kinds = BPF_KINDS;
	host_type(h, "5");
	tcp = host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 8080, "203.0.113.99",
			999, 0);
	hear(h, EVENT_ACCEPTED, &tcp->sk, 1000);
	udp = host_open(h, PROTO_UDP, SOCK_STATE_BOUND, "192.0.2.1", 5353, NULL, 0, 0);
	hear(h, EVENT_OPENED, &udp->sk, 1000);
	/* Nothing tells of this one but the look. */
	host_open(h, PROTO_UDP, SOCK_STATE_BOUND, "192.0.2.1", 4000, NULL, 0, 0);
	host_pass(h, 2000);
	host_expect(h, "3 changes, by BPF");
	hear(h, EVENT_CLOSED, &host_find(h, 8080, 999)->sk, 3000);
	hear(h, EVENT_UNBOUND, &host_find(h, 5353, 0)->sk, 3000);
	host_pass(h, 2000);
	host_close(h, host_find(h, 8080, 999));
	host_close(h, host_find(h, 5353, 0));
	host_close(h, host_find(h, 4000, 0));
	host_pass(h, 2000);
	host_expect(h, "6 changes, by BPF");
	host_expect_not(h, "came and went");
}

/* Announcements tell of ends: whether a look saw it says whether it came and went. */
static void announced_ends_complete_the_looks(void **state)
{
	struct host *h = *state;
	const struct sock sk = connection(1ULL << 40, 8080, 999);

	host_populate(h);
	host_look(h);
	h->app.heard.kinds = EVENT_BIT(EVENT_CLOSED);
	hear(h, EVENT_CLOSED, &sk, 1000);
	hear(h, EVENT_CLOSED, &host_find(h, 443, 51822)->sk, 1000);
	host_close(h, host_find(h, 443, 51822));
	host_close(h, host_find(h, 5432, 40000));
	host_pass(h, 2000);
	host_type(h, "5");
	host_expect(h, "Whose it was that came and went between two looks");
	host_expect(h, "3 changes, as announced");
	host_expect(h, "came, went tcp   192.0.2.1:8080");
	assert_non_null(strstr(line_with(h, "203.0.113.7:51822"), "closed"));
	assert_non_null(strstr(line_with(h, "203.0.113.7:51822"), "1.0K"));
	host_expect(h, "1 came and went");
}

static void what_is_lost_is_counted(void **state)
{
	struct host *h = *state;
	const struct event lost = { .kind = EVENT_LOST, .known = EVENT_HAS_COUNT, .count = 1234 };

	host_populate(h);
	host_look(h);
	h->app.heard.kinds = BPF_KINDS;
	event_log_add(&h->app.heard, &lost);
	h->app.heard.lost_ms = 1000;
	host_pass(h, 2000);
	host_type(h, "5");
	host_expect(h, "lost 1,234");
	host_expect(h, "more than 0 came and went");
}

/* Whoever opens and closes as fast as he can takes no more memory, and every one is counted. */
static void the_log_of_events_is_limited(void **state)
{
	struct event_log log = { 0 };
	struct event event = { .kind = EVENT_CONNECTED };

	(void)state;
	for (uint64_t i = 1; i <= 5 * EVENT_LOG_MAX; i++) {
		event.sock.cookie = event.time_ms = i;
		event_log_add(&log, &event);
	}
	assert_int_equal(log.n, EVENT_LOG_MAX);
	assert_int_equal(log.total, 5 * EVENT_LOG_MAX);
	assert_int_equal(log.n_dropped, 4 * EVENT_LOG_MAX);
	assert_true(log.openings.n <= 2 * EVENT_LOG_MAX + 1);
	/* An end takes the place of its opening, if that is still there. */
	event.kind = EVENT_CLOSED;
	for (uint64_t i = 5 * EVENT_LOG_MAX; i > 4 * EVENT_LOG_MAX; i--) {
		event.sock.cookie = i;
		event.time_ms = i + 7;
		event_log_add(&log, &event);
	}
	assert_int_equal(log.n_dropped, 4 * EVENT_LOG_MAX);
	event_log_sort(&log);
	for (size_t i = 0; i < log.n; i++) {
		assert_true(log.list[i].has_opened);
		assert_int_equal(log.list[i].event.duration_us, 7000);
		assert_int_equal(log.list[i].event.sock.cookie, 4 * EVENT_LOG_MAX + 1 + i);
	}
	event_log_clear(&log);
	event.sock.cookie = 1;
	event_log_add(&log, &event);
	assert_false(log.list[0].has_opened);
	/* What one long pause took does not stay for ever. */
	event_log_clear(&log);
	event_log_add(&log, &event);
	assert_true(log.cap < EVENT_LOG_MAX / 10);
	assert_true(log.openings.cap < EVENT_LOG_MAX / 10);
	event_log_fini(&log);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, host_set_up, host_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_opens_and_closes_is_kept),
		TEST(the_newest_stays_in_sight),
		TEST(the_filter_tests_changes),
		TEST(enter_goes_to_the_row),
		cmocka_unit_test(the_last_ones_are_kept),
		TEST(the_bell_rings_for_what_matches),
		TEST(what_comes_and_goes_is_heard),
		TEST(nothing_is_there_twice),
		TEST(announced_ends_complete_the_looks),
		TEST(what_is_lost_is_counted),
		cmocka_unit_test(the_log_of_events_is_limited),
	};

	return cmocka_run_group_tests_name("live changes", tests, NULL, NULL);
}

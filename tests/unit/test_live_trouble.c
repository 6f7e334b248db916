/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What needs a look, what does not, and how the live view says so. */
#include <config.h>

#include "live_host.h"

#include "model/sock_info.h"
#include "query/expected.h"

#define ESC KEY_CODE_ESC

static const char *line_with(struct host *h, const char *text)
{
	int y = host_find_line(h, text);

	host_expect(h, text);
	return host_line(h, y);
}

static void what_is_usual_needs_no_look(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_pass(h, 2000);
	host_expect_not(h, "need");
	host_expect_not(h, "!");
}

/* From a minute on, and it says what is wrong and what to look at. */
static void a_connection_that_is_left_open(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	for (int i = 0; i < 29; i++)
		host_pass(h, 2000);
	host_expect_not(h, "!");
	host_pass(h, 2000);
	host_expect(h, "! 1 needs a look");
	/* Also where it is folded away. */
	assert_non_null(strstr(line_with(h, " 443 https"), "!>"));
	host_type(h, "2");
	assert_non_null(strstr(line_with(h, "203.0.113.9:51824"), " ! tcp"));
	host_type(h, "!");
	host_expect(h, "only what needs a look");
	host_expect(h, "203.0.113.9:51824");
	host_expect_not(h, "203.0.113.7:51822");
	/* The title still counts all. */
	host_expect(h, "estab 4");
	host_type(h, "d");
	host_expect(h, "The peer closed the connection more than a minute ago");
	host_expect(h, "look for a leak");
	host_type(h, "!");
	host_expect(h, "203.0.113.7:51822");
}

/* As the kernel counts, the connections behind a listener. */
static void a_full_accept_queue(void **state)
{
	struct host *h = *state;
	struct sock *sk;

	host_populate(h);
	host_close(h, host_find(h, 443, 51824));
	sk = &host_find(h, 443, 0)->sk;
	sk->recv_q = 3;
	sk->send_q = 4;
	host_look(h);
	host_expect_not(h, "!");
	host_find(h, 443, 0)->sk.recv_q = 4;
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, " 443 https"), "LISTEN 4/4 "));
	host_expect(h, "! 1 needs a look");
	host_type(h, "jd");
	host_expect(h, "The accept queue is full");
	/* Sentences are broken between words. */
	app_resize(&h->app, 80, 40, h->now);
	host_expect(h, "look at its load, then at its");
	host_expect(h, "           backlog and net.core.somaxconn.");
	app_resize(&h->app, 120, 40, h->now);
}

static void a_send_queue_that_does_not_shrink(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_close(h, host_find(h, 443, 51824));
	host_find(h, 443, 51822)->sk.send_q = 1000;
	host_find(h, 443, 51823)->sk.send_q = 1000;
	host_look(h);
	for (int i = 0; i < 5; i++) {
		host_pass(h, 2000);
		/* This one is busy: its queue is as long, but of other bytes. */
		host_find(h, 443, 51823)->acked += 500;
	}
	host_expect_not(h, "!");
	host_pass(h, 2000);
	host_type(h, "2");
	assert_non_null(strstr(line_with(h, "203.0.113.7:51822"), "! tcp"));
	host_expect(h, "! 1 needs a look");
	host_find(h, 443, 51822)->sk.send_q = 999;
	host_pass(h, 2000);
	host_expect_not(h, "!");
}

static void retransmissions_of_late(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_close(h, host_find(h, 443, 51824));
	host_find(h, 443, 51822)->retrans = 1000;
	host_find(h, 443, 51822)->data_segs = 2000;
	host_look(h);
	host_pass(h, 2000);
	/* What was long ago is not of late. */
	host_expect_not(h, "!");
	host_find(h, 443, 51822)->retrans += 3;
	host_find(h, 443, 51822)->data_segs += 400;
	host_pass(h, 2000);
	host_expect_not(h, "need");
	host_find(h, 443, 51822)->retrans += 3;
	host_pass(h, 2000);
	host_expect(h, "! 1 needs a look");
	for (int i = 0; i < 61; i++)
		host_pass(h, 2000);
	host_expect_not(h, "need");
}

static void drops_of_late(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_close(h, host_find(h, 443, 51824));
	host_find(h, 53, 0)->drops = 5;
	host_look(h);
	host_pass(h, 2000);
	host_expect_not(h, "need");
	host_find(h, 53, 0)->drops = 6;
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, " 53 domain"), "!     53"));
	for (int i = 0; i < 30; i++)
		host_pass(h, 2000);
	host_expect_not(h, "need");
}

static void what_belongs_on_the_loopback(void **state)
{
	static const uint32_t cache[] = { 7000 };
	struct host *h = *state;

	host_populate(h);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 6379, NULL, 0, 0);
	/* By its name at another port. */
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 7000, NULL, 0, 7000);
	host_process(h, 7, "redis-server", cache, 1);
	/* In another namespace it is behind this host. */
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 3306, NULL, 0, 0)->sk.netns = 1;
	host_look(h);
	assert_non_null(strstr(line_with(h, "6379 redis"), "all !"));
	assert_non_null(strstr(line_with(h, " 7000 "), "all !"));
	assert_null(strstr(line_with(h, "5432 postgresql"), "!"));
	assert_null(strstr(line_with(h, " 3306 "), "!"));
	host_expect(h, "! 2 need a look");
}

static void what_is_expected_is_no_trouble(void **state)
{
	static const char text[] = "lport 6379 and laddr 0.0.0.0  # shared on purpose\n";
	struct host *h = *state;
	struct filter_error error;
	size_t number;

	assert_int_equal(
		expected_parse(&h->expected, text, strlen(text), &h->names[0], &error, &number), 0);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 6379, NULL, 0, 0);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 5432, NULL, 0, 0);
	host_look(h);
	assert_null(strstr(line_with(h, "6379 redis"), "!"));
	assert_non_null(strstr(line_with(h, "5432 postgresql"), "all !"));
	expected_fini(&h->expected);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, host_set_up, host_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_usual_needs_no_look),  TEST(a_connection_that_is_left_open),
		TEST(a_full_accept_queue),	    TEST(a_send_queue_that_does_not_shrink),
		TEST(retransmissions_of_late),	    TEST(drops_of_late),
		TEST(what_belongs_on_the_loopback), TEST(what_is_expected_is_no_trouble),
	};

	return cmocka_run_group_tests_name("live trouble", tests, NULL, NULL);
}

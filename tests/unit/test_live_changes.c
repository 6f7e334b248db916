/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The view of what opened and closed, and the bell. */
#include <config.h>

#include "live_host.h"

#include "live/changes.h"

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, host_set_up, host_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_opens_and_closes_is_kept),   TEST(the_filter_tests_changes),
		TEST(enter_goes_to_the_row),	       cmocka_unit_test(the_last_ones_are_kept),
		TEST(the_bell_rings_for_what_matches),
	};

	return cmocka_run_group_tests_name("live changes", tests, NULL, NULL);
}

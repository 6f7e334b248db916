/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last rates of rows: their codes, lines and graphs, and what a refresh adds to them. */
#include <config.h>

#include "live_host.h"

#include "live/history.h"

#define ESC KEY_CODE_ESC
#define F(n) (KEY_CODE_F + (n))

static void codes_are_close_below(void **state)
{
	(void)state;
	assert_int_equal(history_code(0), 0);
	assert_int_equal(history_code(RATE_UNKNOWN), 0);
	assert_int_equal(history_rate(0), 0);
	for (uint64_t rate = 1; rate < 1ULL << 41; rate += rate / 7 + 1) {
		uint64_t back = history_rate(history_code(rate));

		assert_true(back <= rate);
		assert_true(back >= rate - rate / 8 - 1);
		assert_true(history_code(rate) <= history_code(rate + 1));
	}
	/* What is faster than any network is as fast as the last code says. */
	assert_int_equal(history_code(UINT64_MAX - 1), 255);
}

static void expect_line(const struct rates *rates, size_t width, bool is_ascii, const char *text)
{
	struct buf line = { 0 };

	rates_sparkline(rates, width, is_ascii, &line);
	assert_string_equal(buf_cstr(&line), text);
	buf_fini(&line);
}

static void lines_end_with_the_newest(void **state)
{
	struct history one = { 0 }, two = { 0 };
	struct rates rates = { 0 };

	(void)state;
	expect_line(&rates, 10, true, "");
	history_add(&one, 1 << 20, 1);
	history_add(&one, 1 << 19, 2);
	history_add(&one, 1, 1);
	rates_add(&rates, &one, 6);
	expect_line(&rates, 10, true, "009551");
	expect_line(&rates, 3, true, "551");
	expect_line(&rates, 10, false, "▁▁█▅▅▂");
	/* A second row that is known for a shorter time, and one that was always idle. */
	history_add(&two, 1 << 19, 1);
	rates_add(&rates, &two, 1);
	rates_add(&rates, NULL, 3);
	expect_line(&rates, 10, true, "009555");
	assert_int_equal(rates_peak(&rates), 1 << 20);
}

/* Nothing is drawn as busy that only sends a few bytes. */
static void the_scale_has_a_least_end(void **state)
{
	struct history h = { 0 };
	struct rates rates = { 0 };

	(void)state;
	history_add(&h, 64, 1);
	rates_add(&rates, &h, 1);
	assert_int_equal(rates_scale(&rates), 1024);
	expect_line(&rates, 10, true, "1");
}

static void a_graph_is_as_high_as_its_lines(void **state)
{
	static const char *const lines[] = { "  #", " _#", " ##", "_##" };
	struct history h = { 0 };
	struct rates rates = { 0 };
	struct buf line = { 0 };

	(void)state;
	history_add(&h, 1024, 1);
	history_add(&h, 640, 1);
	history_add(&h, 65536 / 64, 1);
	h.codes[HISTORY_LENGTH - 3] = history_code(64);
	h.codes[HISTORY_LENGTH - 2] = history_code(600);
	rates_add(&rates, &h, 3);
	for (unsigned int i = 0; i < 4; i++) {
		buf_clear(&line);
		rates_graph_line(&rates, 10, i, 4, true, &line);
		assert_string_equal(buf_cstr(&line), lines[i]);
	}
	buf_fini(&line);
}

static const char *line_with(struct host *h, const char *text)
{
	int y = host_find_line(h, text);

	host_expect(h, text);
	return host_line(h, y);
}

static void send(struct host *h, uint16_t port, uint16_t peer, uint64_t bytes, uint64_t ms)
{
	host_find(h, port, peer)->rx += bytes;
	host_pass(h, ms);
}

static void rows_and_groups_have_a_history(void **state)
{
	struct host *h = *state;

	app_resize(&h->app, 160, 40, h->now);
	host_populate(h);
	host_look(h);
	send(h, 443, 51822, 8 << 20, 2000);
	send(h, 443, 51823, 4 << 20, 2000);
	send(h, 443, 51822, 0, 2000);
	assert_non_null(strstr(line_with(h, " 443 https"), " 950 "));
	/* A connection that sends later; one that opened later knows less. */
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "203.0.113.10", 51825, 0);
	host_pass(h, 2000);
	send(h, 443, 51825, 8 << 20, 2000);
	assert_non_null(strstr(line_with(h, " 443 https"), " 95009 "));
	host_type(h, "2");
	assert_non_null(strstr(line_with(h, "203.0.113.8:51823"), " 09000 "));
	assert_non_null(strstr(line_with(h, "203.0.113.10:51825"), " 9 "));
	/* A look out of turn is no rate, and a pause counts as long as it was. */
	host_pass(h, 10);
	assert_non_null(strstr(line_with(h, "203.0.113.8:51823"), " 09000 "));
	host_pass(h, 6000);
	assert_non_null(strstr(line_with(h, "203.0.113.8:51823"), " 09000000 "));
	/* The title has those of all. */
	host_expect(h, " 95009000  tx 0/s ");
}

static void a_narrow_screen_has_the_newest_rates(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	for (int i = 0; i < 200; i++)
		send(h, 443, 51822, i % 10 ? 0 : 8 << 20, 2000);
	host_expect(h, "HISTORY");
	assert_non_null(strstr(line_with(h, " 443 https"), "0900000000"));
	app_resize(&h->app, 60, 15, h->now);
	host_expect_not(h, "HISTORY");
	app_resize(&h->app, 300, 40, h->now);
	assert_non_null(strstr(line_with(h, " 443 https"), "09000000000900000000090000000009"));
}

static void details_have_a_graph(void **state)
{
	struct host *h = *state;

	app_resize(&h->app, 160, 60, h->now);
	host_populate(h);
	host_look(h);
	host_type(h, "d");
	host_expect_not(h, "peak");
	send(h, 443, 51822, 8 << 20, 2000);
	send(h, 443, 51822, 2 << 20, 2000);
	host_type(h, "j");
	host_expect(h, "peak 4.0M/s in the last 4s");
	host_expect(h, " 4.0M/s    #");
	host_expect(h, " 0         ##");
}

/* Most connections of a server live for less than its history is long. */
static void groups_remember_what_closed(void **state)
{
	struct host *h = *state;
	struct host_sock *waiting;

	app_resize(&h->app, 160, 40, h->now);
	host_populate(h);
	host_look(h);
	send(h, 443, 51822, 8 << 20, 2000);
	send(h, 443, 51822, 8 << 20, 2000);
	host_close(h, host_find(h, 443, 51822));
	host_pass(h, 2000);
	host_pass(h, 8000);
	assert_non_null(strstr(line_with(h, " 443 https"), " 9900000 "));
	host_type(h, "3");
	assert_non_null(strstr(line_with(h, "nginx[1204]"), " 9900000 "));
	/* What the kernel keeps of a connection carries nothing: it has its past alone. */
	host_type(h, "1");
	send(h, 443, 51823, 8 << 20, 2000);
	waiting = host_find(h, 443, 51823);
	waiting->sk.state = SOCK_STATE_TIME_WAIT;
	waiting->sk.cookie = ++h->cookies;
	waiting->sk.known &= (uint16_t)~SOCK_HAS_INODE;
	host_pass(h, 2000);
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, " 443 https"), " 9900000900 "));
	host_close(h, host_find(h, 443, 51823));
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, " 443 https"), " 99000009000 "));
	/* Of a peer, too, also where it comes again; but not what a filter leaves out. */
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "203.0.113.7", 51900, 0);
	host_pass(h, 2000);
	host_type(h, "4");
	assert_non_null(strstr(line_with(h, "203.0.113.7"), " 990000000000"));
	host_type(h, "/443");
	host_key(h, KEY_CODE_ENTER);
	assert_null(strstr(line_with(h, "203.0.113.7"), "99"));
	host_type(h, "1");
	assert_non_null(strstr(line_with(h, " 443 https"), " 990000090000 "));
	/* As long as a history is. */
	host_pass(h, 2000 * HISTORY_LENGTH);
	assert_null(strstr(line_with(h, " 443 https"), "9000"));
}

/* Of two listeners at one address it was the connection of the one whose process had it. */
static void what_closed_is_of_one_listener(void **state)
{
	static const uint32_t one[] = { 800 }, other[] = { 801, 802 };
	struct host *h = *state;

	app_resize(&h->app, 160, 40, h->now);
	for (uint32_t i = 0; i < 2; i++)
		host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0, 800 + i);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 80, "203.0.113.7", 1234, 802);
	host_process(h, 20, "idle", one, 1);
	host_process(h, 21, "busy", other, 2);
	host_look(h);
	send(h, 80, 1234, 8 << 20, 2000);
	host_close(h, host_find(h, 80, 1234));
	host_pass(h, 8000);
	assert_non_null(strstr(line_with(h, "busy[21]"), " 90000 "));
	assert_null(strstr(line_with(h, "idle[20]"), "9"));
	/* Where nothing listens it was the peer's, and the process's. */
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 4000, "203.0.113.9", 443, 802);
	host_pass(h, 2000);
	send(h, 4000, 443, 8 << 20, 2000);
	host_close(h, host_find(h, 4000, 443));
	host_pass(h, 2000);
	host_type(h, "3");
	assert_non_null(strstr(line_with(h, "busy[21]"), " 90000090"));
}

/* What sends most, in one key, wherever the cursor was. */
static void top_talkers_come_first(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_find(h, 443, 51822)->rx = 4000;
	host_find(h, 5432, 40000)->tx = 6000;
	host_find(h, 5432, 40000)->rx = 6000;
	host_pass(h, 2000);
	host_key(h, KEY_CODE_END);
	host_type(h, "T");
	host_expect(h, "sort: RX+TX v");
	host_expect_cursor(h, "5432 postgresql");
	host_type(h, "2T");
	host_expect_cursor(h, "127.0.0.1:40000");
}

/* Connections that live: neither TIME-WAIT, nor listeners, nor UDP. */
static void only_live_connections_count(void **state)
{
	static const uint32_t held[] = { 53, 443, 101, 102, 900 };
	struct host *h = *state;

	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 443, NULL, 0, 443);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "203.0.113.7", 51822,
		  101);
	host_open(h, PROTO_TCP, SOCK_STATE_CLOSE_WAIT, "192.0.2.1", 443, "203.0.113.7", 51823, 102);
	host_open(h, PROTO_TCP, SOCK_STATE_TIME_WAIT, "192.0.2.1", 443, "203.0.113.7", 51824, 0);
	host_open(h, PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 53, NULL, 0, 53);
	host_open(h, PROTO_UDP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 900, "203.0.113.7", 53, 900);
	host_process(h, 10, "server", held, 5);
	host_look(h);
	assert_non_null(strstr(line_with(h, " 443 https"), "LISTEN    2 "));
	host_type(h, "3");
	assert_non_null(strstr(line_with(h, "server[10]"), " 2 "));
	host_type(h, "4");
	assert_non_null(strstr(line_with(h, "203.0.113.7"), " 2 "));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, host_set_up, host_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_close_below),
		cmocka_unit_test(lines_end_with_the_newest),
		cmocka_unit_test(the_scale_has_a_least_end),
		cmocka_unit_test(a_graph_is_as_high_as_its_lines),
		TEST(rows_and_groups_have_a_history),
		TEST(a_narrow_screen_has_the_newest_rates),
		TEST(details_have_a_graph),
		TEST(groups_remember_what_closed),
		TEST(what_closed_is_of_one_listener),
		TEST(top_talkers_come_first),
		TEST(only_live_connections_count),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view's rows while sockets and processes come and go: order, marks, tags, the cursor. */
#include <config.h>

#include "live_host.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/mem.h"

#define ENTER KEY_CODE_ENTER
#define ESC KEY_CODE_ESC
#define F(n) (KEY_CODE_F + (n))

static const char *line_with(struct host *h, const char *text)
{
	int y = host_find_line(h, text);

	if (y < 0) {
		host_dump(h);
		fail_msg("the screen does not say: %s", text);
	}
	return host_line(h, y);
}

static void expect_order(struct host *h, const char *first, const char *second)
{
	int a = host_find_line(h, first), b = host_find_line(h, second);

	if (a >= 0 && b >= 0 && a < b)
		return;
	host_dump(h);
	fail_msg("%s does not stand above %s", first, second);
}

/* A process with one descriptor ends: its tree in /proc goes, its socket stays. */
static void end_process(struct host *h, int pid)
{
	static const struct {
		const char *name;
		int flags;
	} parts[] = {
		{ "/fd/3", 0 }, { "/fd", AT_REMOVEDIR }, { "/stat", 0 }, { "", AT_REMOVEDIR }
	};
	char path[64];

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		snprintf(path, sizeof(path), "%d%s", pid, parts[i].name);
		assert_int_equal(unlinkat(h->tree.root, path, parts[i].flags), 0);
	}
}

static void too_small_a_screen_asks_nothing(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "j");
	app_resize(&h->app, 20, 5, h->now);
	host_key(h, F(9));
	host_key(h, ENTER);
	assert_null(h->app.out.job);
	host_type(h, "2/80");
	app_resize(&h->app, 80, 24, h->now);
	host_expect(h, "[1 Ports]");
	host_expect(h, " filter: none");
	host_expect_not(h, "Send TERM");
	/* A question that was open when the screen shrank waits for a screen that shows it. */
	host_key(h, F(9));
	host_expect(h, "Send TERM");
	app_resize(&h->app, 20, 5, h->now);
	host_key(h, ENTER);
	assert_null(h->app.out.job);
	app_resize(&h->app, 80, 24, h->now);
	host_expect(h, "Send TERM");
	app_resize(&h->app, 20, 5, h->now);
	host_key(h, KEY_CODE_CTRL('l'));
	assert_true(h->app.out.redraws);
	host_key(h, KEY_CODE_CTRL('z'));
	assert_true(h->app.out.suspends);
	host_type(h, "q");
	assert_true(h->app.out.quits);
}

/* The look that was on its way when the picture was stopped. */
static void marks_of_a_look_that_waited_are_seen(void **state)
{
	struct host *h = *state;
	struct frame *parked;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_look(h);
	host_type(h, "p");
	host_close(h, host_find(h, 443, 51822));
	host_find(h, 443, 51823)->sk.state = SOCK_STATE_CLOSE_WAIT;
	h->now += 2000;
	parked = host_park(h);
	h->now += 60000;
	host_type(h, "p");
	app_take(&h->app, parked, h->now);
	app_tick(&h->app, h->now);
	host_expect(h, "x tcp   closed 0s");
	host_expect(h, " ~ tcp   CLOSE-WAIT");
	/* And five seconds long, whatever the next looks bring. */
	host_pass(h, 100);
	host_pass(h, 4000);
	host_expect(h, "x tcp   closed 4s");
	host_expect(h, " ~ tcp   CLOSE-WAIT");
	host_pass(h, 1000);
	host_expect_not(h, "closed");
	host_expect_not(h, "~ tcp");
}

static void no_row_moves_under_a_prompt(void **state)
{
	static const char keys[] = { '/', '?' };
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	for (size_t i = 0; i < sizeof(keys); i++) {
		host_look(h);
		host_close(h, host_find(h, 443, (uint16_t)(51822 + i)));
		host_pass(h, 1000);
		host_key(h, (unsigned char)keys[i]);
		app_tick(&h->app, h->now += 10000);
		host_expect(h, "x tcp   closed 10s");
		host_key(h, ESC);
		app_tick(&h->app, h->now);
		host_expect_not(h, "closed");
	}
}

/* Sorted by what they have in common. */
static void a_closed_row_stays_where_it_was(void **state)
{
	struct host *h = *state;

	for (uint16_t i = 0; i < 7; i++)
		host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 8080, "203.0.113.7",
			  (uint16_t)(5001 + i), 0);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 8080, NULL, 0, 80);
	host_look(h);
	host_key(h, F(5));
	host_type(h, "gjjj");
	host_expect_cursor(h, "203.0.113.7:5003");
	for (int view = '1'; view <= '2'; view++) {
		host_key(h, (uint32_t)view);
		host_type(h, "gjj");
		host_type(h, view == '1' ? "j" : "");
		host_expect_cursor(h, "203.0.113.7:5003");
	}
	host_close(h, host_find(h, 8080, 5003));
	host_pass(h, 2000);
	for (int view = '1'; view <= '2'; view++) {
		host_key(h, (uint32_t)view);
		host_expect_cursor(h, "203.0.113.7:5003");
		expect_order(h, "203.0.113.7:5002", "203.0.113.7:5003");
		expect_order(h, "203.0.113.7:5003", "203.0.113.7:5004");
	}
	/* When it goes, the one that stands there then has the cursor. */
	host_pass(h, 5000);
	host_expect_cursor(h, "203.0.113.7:5004");
	host_type(h, "1");
	host_expect_cursor(h, "203.0.113.7:5004");
}

static void who_was_killed_keeps_its_name(void **state)
{
	static const uint32_t inodes[] = { 80 };
	struct host *h = *state;

	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0, 80);
	host_process(h, 1203, "nginx", inodes, 1);
	host_look(h);
	host_expect(h, "nginx[1203]");
	/* While the kernel takes it down. */
	end_process(h, 1203);
	host_pass(h, 10);
	host_expect(h, "(unheld)");
	host_pass(h, 10);
	host_close(h, host_find(h, 80, 0));
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, ">x     80 http"), "nginx[1203]"));
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, ">x     80 http"), "nginx[1203]"));
	host_type(h, "3");
	host_expect(h, "nginx[1203]");
	host_expect_not(h, "unheld");
}

/* Whoever closes long after has no owner but the note. */
static void what_nobody_holds_is_not_the_last_owners(void **state)
{
	static const uint32_t inodes[] = { 80 };
	struct host *h = *state;

	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0, 80);
	host_process(h, 1203, "nginx", inodes, 1);
	host_look(h);
	end_process(h, 1203);
	for (int i = 0; i < 4; i++)
		host_pass(h, 2000);
	host_close(h, host_find(h, 80, 0));
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, ">x     80 http"), "(unheld)"));
}

static void tags_go_with_their_rows(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "jj");
	host_expect_cursor(h, " 5432 ");
	host_type(h, " k");
	host_expect(h, "1 tagged");
	host_close(h, host_find(h, 5432, 0));
	host_pass(h, 2000);
	host_expect(h, "1 tagged");
	host_type(h, "K");
	host_expect(h, "No owner of the tagged rows is known.");
	host_pass(h, 3000);
	host_pass(h, 2000);
	host_type(h, "gj");
	host_expect_not(h, "tagged");
	host_expect_cursor(h, " 443 ");
	host_type(h, "K");
	host_expect(h, "Send TERM to nginx[1203]");
}

static void tags_follow_a_renamed_socket(void **state)
{
	struct host *h = *state;
	struct host_sock *sock;

	host_populate(h);
	host_look(h);
	host_type(h, "2 ");
	host_expect(h, "1 tagged");
	sock = host_find(h, 443, 51822);
	sock->sk.state = SOCK_STATE_TIME_WAIT;
	sock->sk.cookie = 4711;
	sock->sk.inode = 0;
	host_pass(h, 2000);
	host_expect(h, "*~ tcp   TIME-WAIT");
	host_expect(h, "1 tagged");
	host_close(h, sock);
	host_pass(h, 2000);
	host_pass(h, 6000);
	host_expect_not(h, "tagged");
}

static void tags_elsewhere_are_told_of(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "3gj ");
	host_expect(h, "1 tagged");
	host_pass(h, 2000);
	host_expect(h, "1 tagged");
	host_type(h, "1gjK");
	host_expect(h, "The tagged rows are not in this view; U removes all tags.");
	host_type(h, "x");
	host_expect(h, "The tagged rows are not in this view; U removes all tags.");
	/* A filter hides, it does not end. */
	host_type(h, "/lport 443");
	host_pass(h, 2000);
	host_pass(h, 2000);
	host_key(h, ESC);
	host_pass(h, 2000);
	host_type(h, "3");
	host_expect(h, "1 tagged");
	host_type(h, "K");
	host_expect(h, "Send TERM to");
	host_key(h, ESC);
	/* But where the process is gone, so is the tag. */
	end_process(h, 1203);
	host_pass(h, 2000);
	host_pass(h, 6000);
	host_expect_not(h, "tagged");
}

static void what_was_not_asked_for_is_not_zero(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 22, NULL, 0, 22);
	host_look(h);
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, " 22 ssh"), "  0    0    0 "));
	host_type(h, "e");
	assert_non_null(strstr(line_with(h, " 22 ssh"), "  -    -    - "));
	/* Those that show are counted. */
	assert_non_null(strstr(line_with(h, " 443 https"), "  1    0    0 "));
	host_type(h, "e/lport 22,443");
	host_pass(h, 2000);
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, " 22 ssh"), "  -    -    - "));
	assert_non_null(strstr(line_with(h, " 443 https"), "  3    0    0 "));
	host_key(h, ESC);
	host_pass(h, 2000);
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, " 22 ssh"), "  0    0    0 "));
	host_start(h, &(struct live_setup){ .is_listening = true });
	h->n = 1;
	host_look(h);
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, " 443 https"), "  -    -    - "));
}

/* Unknown is last either way. */
static void uncounted_groups_sort_last(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 22, NULL, 0, 22);
	host_look(h);
	host_type(h, "e>>>>>>");
	host_expect(h, "sort: CONN v");
	expect_order(h, " 443 https", " 22 ssh");
	host_type(h, "I");
	expect_order(h, " 443 https", " 22 ssh");
}

static void ends_sort_as_they_show(void **state)
{
	struct host *h = *state;

	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "198.51.100.1", 21, NULL, 0, 0);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "192.0.2.1", 22, NULL, 0, 0);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 443, NULL, 0, 0);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "203.0.113.9", 5, 0);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.2", 443, "203.0.113.7", 5, 0);
	host_look(h);
	host_key(h, F(5));
	expect_order(h, " 21 ftp", " 22 ssh");
	expect_order(h, "203.0.113.9:5", "203.0.113.7:5");
	host_type(h, ">>>>");
	host_expect(h, "sort: LOCAL / PEER ^");
	expect_order(h, " 443 https", " 22 ssh");
	expect_order(h, " 22 ssh", " 21 ftp");
	expect_order(h, "203.0.113.7:5", "203.0.113.9:5");
	host_type(h, "I");
	expect_order(h, " 21 ftp", " 22 ssh");
	expect_order(h, " 22 ssh", " 443 https");
	expect_order(h, "203.0.113.9:5", "203.0.113.7:5");
}

static void the_usual_order_comes_back(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_expect(h, "sort: LPORT ^");
	/* Other columns do not take it away. */
	host_key(h, F(2));
	host_key(h, KEY_CODE_DOWN);
	host_type(h, " ");
	host_key(h, ENTER);
	host_expect(h, "sort: LPORT ^");
	host_key(h, F(6));
	host_expect(h, " > local_port");
	host_key(h, KEY_CODE_HOME);
	host_key(h, ENTER);
	host_expect(h, "sort: PROTO ^");
	host_key(h, F(6));
	host_expect(h, " > proto");
	host_key(h, KEY_CODE_END);
	host_key(h, ENTER);
	host_expect(h, "sort: LPORT ^");
	/* Where it has a column it is not there twice. */
	host_type(h, "1");
	host_key(h, F(6));
	host_key(h, KEY_CODE_END);
	host_expect(h, " > process");
	host_key(h, ESC);
	/* A column that goes takes its order along. */
	host_key(h, F(2));
	host_type(h, " ");
	host_key(h, ENTER);
	host_expect(h, "sort: SERVICE ^");
}

static void groups_are_marked_as_rows_are(void **state)
{
	static const uint32_t first[] = { 80 }, second[] = { 81, 82 }, third[] = { 83 };
	struct host *h = *state;
	char uid[16];

	snprintf(uid, sizeof(uid), " %u", (unsigned int)geteuid());
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0, 80);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 81, "203.0.113.8", 6, 81);
	host_process(h, 4001, "aaaa", first, 1);
	host_process(h, 4002, "bbbb", second, 2);
	host_look(h);
	host_type(h, "3");
	host_look(h);
	expect_order(h, "> >aaaa[4001]", "  >bbbb[4002]");
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 82, "203.0.113.8", 7, 82);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 83, "203.0.113.9", 7, 83);
	host_process(h, 4003, "cccc", third, 1);
	host_close(h, host_find(h, 80, 0));
	end_process(h, 4001);
	host_pass(h, 2000);
	/* One more socket makes no process new. */
	host_expect(h, ">x>aaaa[4001]");
	host_expect(h, "  >bbbb[4002]");
	host_expect(h, " +>cccc[4003]");
	expect_order(h, "aaaa[4001]", "bbbb[4002]");
	assert_non_null(strstr(line_with(h, "aaaa[4001]"), "root"));
	host_type(h, "n");
	assert_non_null(strstr(line_with(h, "aaaa[4001]"), uid));
	host_type(h, "n4");
	host_expect(h, "> >203.0.113.8");
	host_expect(h, " +>203.0.113.9");
	host_close(h, host_find(h, 83, 7));
	host_pass(h, 2000);
	host_expect(h, " x>203.0.113.9");
	host_pass(h, 5000);
	host_expect_not(h, "203.0.113.9");
	host_type(h, "3");
	host_expect_not(h, "aaaa");
	host_expect_not(h, "cccc");
}

static void escape_brings_the_cursor_back(void **state)
{
	struct host *h = *state;
	size_t top;

	/* What the filter leaves out comes with the next look. */
	h->is_partial = true;
	for (uint16_t port = 1; port <= 200; port++)
		host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "192.0.2.1", port, NULL, 0, 0);
	host_look(h);
	host_key(h, KEY_CODE_PAGE_DOWN);
	host_key(h, KEY_CODE_PAGE_DOWN);
	host_type(h, "kkk");
	host_expect_cursor(h, " 68 ");
	top = h->app.tables[VIEW_PORTS].top;
	host_type(h, "/lport 3");
	host_look(h);
	host_expect_cursor(h, " 3 ");
	host_key(h, ESC);
	host_look(h);
	host_expect_cursor(h, " 68 ");
	assert_int_equal(h->app.tables[VIEW_PORTS].top, top);
	/* Also where it only looked around. */
	host_type(h, "/");
	host_key(h, KEY_CODE_PAGE_DOWN);
	host_key(h, ESC);
	host_expect_cursor(h, " 68 ");
	assert_int_equal(h->app.tables[VIEW_PORTS].top, top);
	/* Whoever moved meanwhile stays there. */
	host_type(h, "/lport 3");
	host_look(h);
	host_key(h, ESC);
	host_type(h, "k");
	host_look(h);
	host_expect_cursor(h, " 3 ");
	/* Enter keeps the filter, and the cursor where it is. */
	host_type(h, "/lport 3,4");
	host_look(h);
	host_key(h, ENTER);
	host_look(h);
	host_expect_cursor(h, " 3 ");
}

/* Esc asks for nothing where nothing was typed: marks stay. */
static void escape_from_an_untouched_filter_changes_nothing(void **state)
{
	struct host *h = *state;
	unsigned int version;

	host_populate(h);
	host_look(h);
	version = h->app.query.version;
	host_type(h, "/");
	host_key(h, ESC);
	assert_int_equal(h->app.query.version, version);
	host_type(h, "/lport (");
	host_key(h, ESC);
	host_expect(h, " filter: none");
}

/* A filter was never there: age, rates and totals go on behind it. */
static void a_filter_forgets_nothing(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_find(h, 443, 51822)->rx = 20000;
	host_find(h, 5432, 40000)->rx = 40000;
	host_pass(h, 2000);
	host_expect(h, "rx 29K/s");
	host_type(h, "/lport 53\n");
	host_find(h, 443, 51822)->rx += 20000;
	host_find(h, 5432, 40000)->rx += 40000;
	host_pass(h, 2000);
	host_expect_not(h, "443 https");
	/* The title counts and adds up every socket. */
	host_expect(h, "listen 2  estab 4");
	host_expect(h, "rx 29K/s");
	host_type(h, "/");
	host_key(h, KEY_CODE_CTRL('u'));
	host_key(h, ENTER);
	host_expect(h, "rx 29K/s");
	assert_non_null(strstr(line_with(h, "443 https"), " 9.7K "));
	host_type(h, "dj");
	host_expect(h, "first seen");
	host_expect(h, "4s ago");
}

/* A letter asks for nothing that is there; a column that is not there blanks no rate. */
static void a_look_out_of_turn_keeps_the_rates(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_find(h, 443, 51822)->rx = 20000;
	host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, "443 https"), " 9.7K "));
	host_type(h, "/443");
	host_look(h);
	assert_non_null(strstr(line_with(h, "443 https"), " 9.7K "));
	host_key(h, ENTER);
	host_pass(h, 10);
	assert_non_null(strstr(line_with(h, "443 https"), " 9.7K "));
	/* The next one counts from the last that was rated. */
	host_find(h, 443, 51822)->rx += 20000;
	host_pass(h, 1990);
	assert_non_null(strstr(line_with(h, "443 https"), " 9.7K "));
}

static void a_filter_in_pause_filters_the_picture(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_find(h, 443, 51822)->rx = 20000;
	host_pass(h, 2000);
	host_type(h, "p");
	assert_true(host_look(h));
	host_find(h, 443, 51822)->rx += 1;
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 444, NULL, 0, 0);
	h->now += 1000;
	host_type(h, "/lport 443,444\n");
	assert_false(host_look(h));
	assert_non_null(strstr(line_with(h, "443 https"), " 9.7K "));
	host_expect_not(h, " 444 ");
	host_expect_not(h, " 53 domain");
	/* What the picture lacks is looked up: it is the one thing that a pause cannot have. */
	host_type(h, "/");
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "owners.cwd /srv\n");
	assert_true(host_look(h));
}

/* The owners of what has closed are remembered, and tested. */
static void a_filter_tests_the_owner_that_was_seen(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_close(h, host_find(h, 443, 51822));
	host_close(h, host_find(h, 5432, 40000));
	host_find(h, 443, 51823)->sk.state = SOCK_STATE_TIME_WAIT;
	host_find(h, 443, 51823)->sk.inode = 0;
	host_find(h, 443, 51823)->sk.known &= (uint16_t)~SOCK_HAS_INODE;
	host_pass(h, 2000);
	host_type(h, "/proc nginx\n");
	assert_non_null(strstr(line_with(h, "203.0.113.7:51822"), "nginx[1204]"));
	assert_non_null(strstr(line_with(h, "203.0.113.8:51823"), "nginx[1204]"));
	host_expect_not(h, "postgres");
	/* As long as the kernel has the connection. */
	for (int i = 0; i < 20; i++)
		host_pass(h, 2000);
	assert_non_null(strstr(line_with(h, "TIME-WAIT"), "nginx[1204]"));
	host_type(h, "3");
	host_expect(h, "nginx[1204]");
}

static void processes_are_grouped_by_what_is_chosen(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 9000, NULL, 0, 0)->sk.uid = 4711;
	host_look(h);
	host_type(h, "b");
	host_expect(h, "[3 Processes]");
	host_expect(h, "grouped by user");
	host_expect(h, "2 groups, 9 rows");
	host_expect_cursor(h, "root");
	host_type(h, "j");
	host_expect_cursor(h, "4711");
	/* The line of the filter still says so when the message is gone. */
	assert_non_null(strstr(host_line(h, 2), "grouped by user  sort: "));
	host_key(h, ENTER);
	host_expect(h, "0.0.0.0:9000");
	host_type(h, "=");
	host_key(h, ESC);
	host_type(h, "bbbbb");
	host_expect(h, "grouped by process");
	host_expect(h, "nginx[1204]");
}

/* Where there are too many sockets, the title says what it counts. */
static void too_many_sockets_are_not_remembered(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	h->is_partial = true;
	host_type(h, "/lport 53\n");
	host_pass(h, 2000);
	host_expect(h, "(of the filter)");
	host_expect(h, "listen 0");
	h->is_partial = false;
	host_type(h, "/");
	host_key(h, KEY_CODE_CTRL('u'));
	host_key(h, ENTER);
	host_look(h);
	host_expect(h, "listen 2");
	host_expect_not(h, "(of the filter)");
}

/* Several threads group them: each group has its rows in their order, and stands where its first row does. */
static void many_rows_are_grouped_as_few_are(void **state)
{
	enum { N = 50000, PEERS = 7 };
	struct frame f = { 0 };
	struct live_rows rows = { .frame = &f, .n = N };
	struct live_order order = { 0 };
	struct groups g = { 0 };

	(void)state;
	f.snap.table.socks = mem_calloc(N, sizeof(*f.snap.table.socks));
	f.snap.table.n = N;
	f.history = mem_calloc(N, sizeof(*f.history));
	rows.list = mem_calloc(N, sizeof(*rows.list));
	for (uint32_t i = 0; i < N; i++) {
		f.snap.table.socks[i] = (struct sock){ .known = SOCK_HAS_PEER,
						       .family = ADDR_INET,
						       .state = SOCK_STATE_ESTABLISHED };
		f.snap.table.socks[i].remote.addr.bytes[3] = (uint8_t)(i * 3 % PEERS);
		f.history[i] = (struct row_history){ .rx = 1, .tx = 2, .trace = MAP_NONE };
		rows.list[i].sk = &f.snap.table.socks[i];
	}
	groups_build(&g, &rows, VIEW_PEERS, GROUPING_PROCESS, &order, false);
	assert_int_equal(g.n, PEERS);
	for (uint32_t i = 0; i < PEERS; i++) {
		uint32_t row = i, n = 0;

		assert_int_equal(g.list[i].head, i);
		for (uint32_t at = g.list[i].first; at != MAP_NONE; at = g.children[at].next) {
			assert_int_equal(g.children[at].row, row);
			row += PEERS;
			n++;
		}
		assert_int_equal(n, (N - i + PEERS - 1) / PEERS);
		assert_int_equal(g.list[i].n_all, n);
		assert_int_equal(g.list[i].n, n);
		assert_int_equal(g.list[i].rx, n);
		assert_int_equal(g.list[i].tx, 2 * n);
	}
	groups_fini(&g);
	free(rows.list);
	free(f.history);
	free(f.snap.table.socks);
}

/* What datagram sockets carry, BPF counts; elsewhere it is not known. */
static void datagrams_have_rates(void **state)
{
	struct host *h = *state;
	struct host_sock *dns;

	host_populate(h);
	host_look(h);
	host_pass(h, 2000);
	host_type(h, "1/lport 53\n");
	host_expect(h, "dns");
	assert_null(strstr(host_line(h, host_find_line(h, "dns")), "4.0K"));
	assert_non_null(strstr(host_line(h, host_find_line(h, "dns")), " - "));
	h->counts_datagrams = true;
	host_pass(h, 2000);
	dns = host_find(h, 53, 0);
	dns->rx += 8192;
	dns->tx += 2048;
	host_pass(h, 2000);
	assert_non_null(strstr(host_line(h, host_find_line(h, "dns")), "4.0K 1.0K"));
	host_expect(h, "rx 4.0K/s");
	host_type(h, "d");
	host_expect(h, "packets 40/s received, 10/s sent");
	host_pass(h, 2000);
	assert_non_null(strstr(host_line(h, host_find_line(h, "BOUND")), "   0    0"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, host_set_up, host_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(too_small_a_screen_asks_nothing),
		TEST(marks_of_a_look_that_waited_are_seen),
		TEST(no_row_moves_under_a_prompt),
		TEST(a_closed_row_stays_where_it_was),
		TEST(who_was_killed_keeps_its_name),
		TEST(what_nobody_holds_is_not_the_last_owners),
		TEST(tags_go_with_their_rows),
		TEST(tags_follow_a_renamed_socket),
		TEST(tags_elsewhere_are_told_of),
		TEST(what_was_not_asked_for_is_not_zero),
		TEST(uncounted_groups_sort_last),
		TEST(ends_sort_as_they_show),
		TEST(the_usual_order_comes_back),
		TEST(groups_are_marked_as_rows_are),
		TEST(escape_brings_the_cursor_back),
		TEST(escape_from_an_untouched_filter_changes_nothing),
		TEST(a_filter_forgets_nothing),
		TEST(a_look_out_of_turn_keeps_the_rates),
		TEST(a_filter_in_pause_filters_the_picture),
		TEST(a_filter_tests_the_owner_that_was_seen),
		TEST(processes_are_grouped_by_what_is_chosen),
		TEST(too_many_sockets_are_not_remembered),
		TEST(many_rows_are_grouped_as_few_are),
		TEST(datagrams_have_rates),
	};

	return cmocka_run_group_tests_name("live rows", tests, NULL, NULL);
}

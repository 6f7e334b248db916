/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view without a screen: keys and frames in, lines of text out. */
#include <config.h>

#include "live_host.h"

#include <errno.h>
#include <signal.h>

#include "base/mem.h"
#include "live/why_job.h"

#define ENTER KEY_CODE_ENTER
#define ESC KEY_CODE_ESC
#define F(n) (KEY_CODE_F + (n))

static void ports_are_a_tree(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_expect(h, "[1 Ports]");
	host_expect(h, "listen 2  estab 4  close-wait 1  udp 1");
	host_expect(h, "443 https");
	host_expect(h, "nginx[1203] +1");
	host_expect_not(h, "203.0.113.7");
	host_type(h, "j");
	host_expect_cursor(h, " 443 ");
	host_key(h, ENTER);
	host_expect(h, "|-");
	host_expect(h, "203.0.113.7:51822");
	host_expect(h, "CLOSE-WAIT");
	/* The last one of the branch. */
	host_expect(h, "`-");
	host_key(h, ENTER);
	host_expect_not(h, "203.0.113.7");
	host_key(h, F(5));
	host_expect(h, "203.0.113.7:51822");
	host_expect(h, "127.0.0.1:40000 psql[7741]");
	host_expect(h, "other connections");
	host_key(h, F(5));
	host_expect_not(h, "203.0.113.7");
}

static void views_group_one_table(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_expect(h, "[2 Connections]");
	host_expect(h, "192.0.2.1:443");
	host_expect_not(h, "LISTEN ");
	host_type(h, "3");
	host_expect(h, "nginx[1204]");
	host_expect(h, "5 processes, 8 rows");
	host_type(h, "G");
	host_expect_cursor(h, "psql[7741]");
	host_key(h, KEY_CODE_RIGHT);
	host_expect(h, "127.0.0.1:40000");
	host_key(h, KEY_CODE_LEFT);
	host_type(h, "4");
	host_expect(h, "203.0.113.9");
	host_expect(h, "4 peers, 5 of 8 rows");
	host_key(h, KEY_CODE_TAB);
	host_expect(h, "[5 Changes]");
	host_key(h, KEY_CODE_TAB);
	host_expect(h, "[1 Ports]");
	host_key(h, KEY_CODE_BACKTAB);
	host_expect(h, "[5 Changes]");
}

static void rows_without_owner_say_why(void **state)
{
	struct host *h = *state;

	host_open(h, PROTO_TCP, SOCK_STATE_TIME_WAIT, "192.0.2.1", 443, "203.0.113.7", 5, 0);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "192.0.2.1", 80, NULL, 0, 80);
	host_look(h);
	host_type(h, "3");
	host_expect(h, "(time-wait)");
	host_expect(h, "(unheld)");
	host_expect(h, "0 processes, 2 rows");
	host_type(h, "2");
	host_expect(h, "(time-wait)");
}

static void marks_come_and_go(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_look(h);
	host_expect_not(h, " + tcp");
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "198.51.100.1", 6, 0);
	host_find(h, 443, 51823)->sk.state = SOCK_STATE_CLOSE_WAIT;
	host_close(h, host_find(h, 443, 51822));
	host_pass(h, 2000);
	host_expect(h, " + tcp   ESTAB");
	host_expect(h, " ~ tcp   CLOSE-WAIT");
	/* What was its owner stays in sight. */
	assert_non_null(
		strstr(host_line(h, host_find_line(h, "203.0.113.7:51822")), "nginx[1204]"));
	host_expect(h, "x tcp   closed 0s");
	host_pass(h, 4000);
	host_expect(h, "x tcp   closed 4s");
	host_pass(h, 1000);
	host_expect_not(h, "203.0.113.7:51822");
	host_expect_not(h, "+ tcp");
	host_expect_not(h, "~ tcp");
	host_expect(h, "198.51.100.1:6");
}

static void closed_rows_go_without_a_look(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_look(h);
	host_close(h, host_find(h, 443, 51822));
	host_pass(h, 100);
	host_expect(h, "203.0.113.7:51822");
	assert_true(app_tick(&h->app, h->now + 4999));
	host_expect(h, "203.0.113.7:51822");
	assert_false(app_tick(&h->app, h->now + 5000));
	host_expect_not(h, "203.0.113.7:51822");
}

static void the_cursor_stays_on_its_row(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2jj");
	host_expect_cursor(h, "203.0.113.9");
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 22, "198.51.100.1", 6, 0);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 23, "198.51.100.1", 6, 0);
	host_pass(h, 2000);
	host_expect_cursor(h, "203.0.113.9");
	host_type(h, "I");
	host_expect_cursor(h, "203.0.113.9");
	/* Where the row went the cursor stays near. */
	host_type(h, "I");
	host_close(h, host_find(h, 443, 51824));
	host_pass(h, 2000);
	host_pass(h, 6000);
	host_expect_cursor(h, "127.0.0.1:5432");
}

static void expect_index(const struct host *h, size_t index)
{
	assert_int_equal(h->app.tables[h->app.view].index, index);
}

/* Whatever the order, in each view, folded and unfolded, while sockets come and go. */
static void the_cursor_stays_wherever_its_row_goes(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	for (char view = '1'; view <= '4'; view++) {
		struct table *v;
		size_t n = h->n;
		uint64_t id;

		host_key(h, (unsigned char)view);
		v = &h->app.tables[h->app.view];
		host_type(h, "gj");
		host_key(h, KEY_CODE_RIGHT);
		if (view != '2')
			host_type(h, "j");
		id = v->cursor;
		for (size_t i = 0; i < 2 * v->n_shown; i++) {
			host_type(h, i == v->n_shown ? "I" : i < v->n_shown ? ">" : "<");
			/* Sorting by an amount goes to the first row. */
			if (v->order.column->is_amount && v->cursor != id) {
				expect_index(h, 0);
				id = v->cursor;
			}
			host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1",
				  (uint16_t)(1 + i), "198.51.100.1", 6, 0);
			if (i % 3 == 2)
				h->n -= 2;
			host_pass(h, 2000);
			assert_int_equal(v->cursor, id);
			assert_int_equal(live_tree_item(&h->app.tree, v->index)->id, id);
			/* In sight, too. */
			host_expect_cursor(h, ">");
		}
		h->n = n;
		host_pass(h, 2000);
		host_pass(h, 6000);
	}
}

static void keys_move_the_cursor(void **state)
{
	struct host *h = *state;
	size_t page;

	for (uint16_t port = 1; port <= 200; port++)
		host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "192.0.2.1", port, NULL, 0, 0);
	host_look(h);
	/* The title, views, filter, heads, and the key bar. */
	page = 40 - 5;
	host_type(h, "k");
	expect_index(h, 0);
	host_type(h, "jjjk");
	expect_index(h, 2);
	host_key(h, KEY_CODE_DOWN);
	host_key(h, KEY_CODE_UP);
	host_key(h, KEY_CODE_PAGE_DOWN);
	expect_index(h, 2 + page);
	host_expect_cursor(h, " 38 ");
	host_key(h, KEY_CODE_CTRL('d'));
	expect_index(h, 2 + page + (page + 1) / 2);
	host_key(h, KEY_CODE_CTRL('u'));
	host_key(h, KEY_CODE_PAGE_UP);
	expect_index(h, 2);
	host_key(h, KEY_CODE_PAGE_UP);
	expect_index(h, 0);
	host_type(h, "G");
	expect_index(h, 199);
	host_expect_cursor(h, " 200 ");
	host_key(h, KEY_CODE_PAGE_DOWN);
	expect_index(h, 199);
	host_type(h, "g");
	expect_index(h, 0);
	host_key(h, KEY_CODE_END);
	expect_index(h, 199);
	host_key(h, KEY_CODE_HOME);
	expect_index(h, 0);
}

static void a_renamed_socket_is_the_same_row(void **state)
{
	struct host *h = *state;
	struct host_sock *sock;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_expect_cursor(h, "203.0.113.7");
	sock = host_find(h, 443, 51822);
	sock->sk.state = SOCK_STATE_TIME_WAIT;
	sock->sk.cookie = 4711;
	sock->sk.inode = 0;
	host_pass(h, 2000);
	host_expect_cursor(h, "TIME-WAIT");
	host_expect(h, ">~ tcp");
	host_expect_not(h, "closed");
}

static void rates_are_sums_of_what_is_known(void **state)
{
	struct host *h = *state;
	const char *line;

	host_populate(h);
	host_look(h);
	line = host_line(h, host_find_line(h, " 53 domain"));
	assert_non_null(strstr(line, "   -    - "));
	host_find(h, 443, 51822)->rx = 4096;
	host_find(h, 443, 51823)->rx = 6144;
	host_find(h, 443, 51823)->tx = 1000;
	host_pass(h, 2000);
	line = host_line(h, host_find_line(h, " 443 https"));
	assert_non_null(strstr(line, " 5.0K "));
	assert_non_null(strstr(line, " 500 "));
	host_expect(h, "rx 5.0K/s ");
	host_expect(h, "  tx 500/s ");
	line = host_line(h, host_find_line(h, " 53 domain"));
	assert_non_null(strstr(line, " 0    -    - "));
	host_type(h, "3");
	line = host_line(h, host_find_line(h, "nginx[1204]"));
	assert_non_null(strstr(line, " 5.0K "));
}

static void a_filter_is_applied_as_it_is_typed(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "/port 443 (");
	/* Half a filter is none: what was in force stays. */
	host_expect(h, "^ ");
	host_expect(h, "443 https");
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "lport 53");
	host_expect(h, " filter: lport 53");
	host_expect_not(h, "443 https");
	host_expect(h, " 53 domain");
	host_type(h, "x y z (");
	host_expect(h, "^ ");
	host_expect(h, " 53 domain");
	/* What was typed is refused, with its reason: the filter is the one from before, not a part of it. */
	host_key(h, ENTER);
	host_look(h);
	host_expect(h, "The filter was not changed. Expected a port");
	host_expect(h, " filter: none");
	host_expect(h, "443 https");
	host_type(h, "/peer_scope all");
	host_expect(h, "Unknown value. Valid values: host, link, private, global.");
	host_key(h, ENTER);
	host_expect(
		h,
		"The filter was not changed. Unknown value. Valid values: host, link, private, global.");
	host_type(h, "/state lisen");
	host_expect(h, "Did you mean 'listen'?");
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "lport 53");
	host_key(h, ENTER);
	host_look(h);
	host_expect(h, " filter: lport 53");
	host_expect(h, " 53 domain");
	host_type(h, "/");
	host_key(h, KEY_CODE_CTRL('u'));
	host_look(h);
	host_expect(h, "443 https");
	host_key(h, ESC);
	host_look(h);
	host_expect(h, " filter: lport 53");
	host_expect_not(h, "443 https");
	host_type(h, "/");
	host_key(h, KEY_CODE_CTRL('u'));
	host_key(h, ENTER);
	host_look(h);
	host_expect(h, " filter: none");
	host_expect(h, "443 https");
}

/* Where the line's only caret stands: below this text of the filter's line. */
static void expect_caret_below(struct host *h, const char *text)
{
	const char *at = strstr(host_line(h, 2), text);
	const char *caret = strchr(buf_cstr(&h->canvas.lines[3].text), '^');

	if (!at || !caret || at - host_line(h, 2) != caret - host_line(h, 3)) {
		host_dump(h);
		fail_msg("the caret is not below %s", text);
	}
}

/* By the cell under the sort column, or by another one that is asked for; twice, both hold. */
static void a_cell_is_filtered_by(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "j=");
	host_expect(h, "filter by: ");
	host_expect(h, " > lport 443");
	host_expect(h, "   proc nginx");
	host_expect(h, "   user root");
	host_key(h, ENTER);
	host_look(h);
	host_expect(h, "filter: lport 443 ");
	host_expect_not(h, " 5432 ");
	host_key(h, KEY_CODE_RIGHT);
	host_type(h, "jj=");
	host_key(h, KEY_CODE_DOWN);
	host_key(h, KEY_CODE_DOWN);
	host_expect(h, " > raddr 203.0.113.8");
	host_key(h, ENTER);
	host_look(h);
	host_expect(h, "filter: (lport 443) and raddr 203.0.113.8");
	host_expect_not(h, "203.0.113.7:51822");
	host_type(h, "\\");
	host_look(h);
	host_expect(h, "filter: none");
	host_expect(h, " 5432 ");
	/* Esc leaves everything as it is. */
	host_type(h, "=");
	host_key(h, ESC);
	host_expect(h, "filter: none");
	/* What has one thing in common only is not asked about; what has nothing says so. */
	host_type(h, "3g");
	host_look(h);
	host_type(h, "j=");
	host_look(h);
	host_expect(h, "filter: proc nginx");
	host_type(h, "\\1G");
	host_look(h);
	host_type(h, "G=");
	host_expect(h, "This row has nothing to filter by.");
}

/* While the filter tests a column that is not shown; nobody keeps it. */
static void what_is_filtered_by_is_shown(void **state)
{
	struct host *h = *state;
	size_t n = h->app.tables[VIEW_CONNECTIONS].n_shown;
	char *before = table_columns_text(&h->app.tables[VIEW_CONNECTIONS]), *after;

	host_populate(h);
	host_find(h, 443, 51822)->rtt_us = 6000;
	host_type(h, "2");
	host_look(h);
	host_type(h, "/rtt > 5ms and proc nginx");
	host_look(h);
	host_expect(h, " RTT(us)");
	host_expect(h, " 6000");
	host_key(h, ENTER);
	assert_int_equal(h->app.tables[VIEW_CONNECTIONS].n_shown, n + 1);
	after = table_columns_text(&h->app.tables[VIEW_CONNECTIONS]);
	assert_string_equal(before, after);
	/* On a narrow screen, too. */
	app_resize(&h->app, 60, 15, h->now);
	host_expect(h, " RTT(us)");
	host_type(h, "\\");
	host_look(h);
	host_expect_not(h, "RTT");
	/* So is an amount by which the view is sorted. */
	host_type(h, "T");
	host_look(h);
	host_expect(h, " RX+TX");
	assert_int_equal(h->app.tables[VIEW_CONNECTIONS].n_shown, n + 1);
	host_type(h, "<");
	host_expect_not(h, " RX+TX ");
	assert_int_equal(h->app.tables[VIEW_CONNECTIONS].n_shown, n);
	free(before);
	free(after);
}

/* The details of a listener say how many connections need a look, and have the graph before the rest. */
static void what_is_below_a_listener_is_in_its_details(void **state)
{
	struct host *h = *state;
	int traffic, more;

	host_populate(h);
	host_look(h);
	host_pass(h, 2000);
	host_type(h, "jd");
	host_expect_cursor(h, " 443 ");
	host_expect_not(h, "below needs a look");
	host_pass(h, 70000);
	host_find(h, 443, 51822)->rx += 4000000;
	host_pass(h, 2000);
	host_expect(h, "1 connection below needs a look");
	traffic = host_find_line(h, " traffic ");
	more = host_find_line(h, " more ");
	assert_true(traffic > 0 && more > traffic);
}

/* Of rows that a view does not have it says where they are. */
static void what_another_view_has_is_said(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "4/state listen");
	host_key(h, KEY_CODE_ENTER);
	host_expect(h, "No rows here: the 2 rows that match are in the view of ports (1).");
	host_type(h, "\\/lport 1");
	host_key(h, KEY_CODE_ENTER);
	host_expect(h, "No rows: check the filter");
}

/* Connections that a filter leaves alone are what is looked for; without it they are folded as before. */
static void connections_alone_are_unfolded(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "/close-wait");
	host_key(h, KEY_CODE_ENTER);
	host_expect(h, "203.0.113.9:51824");
	/* Once: who folds them may keep them so. */
	host_key(h, KEY_CODE_ENTER);
	host_pass(h, 2000);
	host_expect_not(h, "203.0.113.9:51824");
	host_key(h, KEY_CODE_ENTER);
	host_type(h, "\\");
	host_pass(h, 2000);
	host_expect(h, "other connections");
	host_expect_not(h, "203.0.113.9:51824");
	host_expect_not(h, "127.0.0.1:40000");
	/* Beside a listener they stay folded. */
	host_type(h, "/close-wait or lport 5432");
	host_key(h, KEY_CODE_ENTER);
	host_expect_not(h, "203.0.113.9:51824");
	/* Whatever view the filter was typed in. */
	host_type(h, "2/");
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "close-wait");
	host_key(h, KEY_CODE_ENTER);
	host_type(h, "1");
	host_expect(h, "203.0.113.9:51824");
}

/* A word without a key shows the column that tells why rows match, unless one does that is shown. */
static void what_a_word_names_is_shown(void **state)
{
	struct host *h = *state;
	struct table *table = &h->app.tables[VIEW_CONNECTIONS];

	host_populate(h);
	host_type(h, "2");
	table_set_columns(table, &h->app.columns, "proto,local,peer,process");
	host_look(h);
	host_type(h, "/nginx");
	host_expect(h, "nginx[1204]");
	assert_int_equal(table->n_extra, 0);
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "root");
	host_expect(h, "nginx[1204]");
	host_expect(h, " USER");
	assert_int_equal(table->n_extra, 1);
	/* Nor is it shown twice. */
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "root and user ~ root and nginx");
	host_expect(h, "nginx[1204]");
	assert_int_equal(table->n_extra, 1);
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "not root");
	assert_int_equal(table->n_extra, 0);
	host_key(h, KEY_CODE_CTRL('u'));
	host_key(h, KEY_CODE_ENTER);
	host_expect_not(h, " USER");
}

/* Keys, states and what is on the screen. */
static void tab_completes_a_word(void **state)
{
	static const struct {
		const char *typed;
		const char *completed;
	} cases[] = {
		{ "state clos", "state clos" },
		{ "state close-", "state close-wait " },
		{ "state=CLOSE-W", "state=close-wait " },
		{ "cont", "container" },
		{ "proc postg", "proc postgres" },
		{ "ngin", "nginx " },
		{ "raddr 203.0.113.", "raddr 203.0.113." },
		{ "lport 443 and (pro", "lport 443 and (pro" },
		{ "zzz", "zzz" },
	};
	struct host *h = *state;

	host_populate(h);
	host_type(h, "2");
	host_look(h);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		host_type(h, "/");
		host_key(h, KEY_CODE_CTRL('u'));
		host_look(h);
		host_type(h, cases[i].typed);
		host_key(h, KEY_CODE_TAB);
		assert_string_equal(buf_cstr(&h->app.prompt.text), cases[i].completed);
		host_key(h, ESC);
	}
	/* Where there are several, they are shown. */
	host_type(h, "/state clos");
	host_key(h, KEY_CODE_TAB);
	host_expect(h, "close-wait  ");
	host_key(h, KEY_CODE_TAB);
	host_expect(h, "close-wait  ");
	host_type(h, "e-");
	host_key(h, KEY_CODE_TAB);
	host_expect(h, " filter: state close-wait ");
	host_look(h);
	host_expect(h, "203.0.113.9");
	host_expect_not(h, "203.0.113.8");
}

/* However long the filter and the message are. */
static void a_mistake_stands_below_its_word(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	app_resize(&h->app, 80, 24, h->now);
	host_type(h, "/lport 443,5432,53 [10.9.0");
	expect_caret_below(h, "[10.9.0");
	host_expect(h,
		    " Expected an address, a prefix (10.0.0.0/8), or one with ports (10.0.0.1:80,");
	host_expect(h, "[::1]:80, *:80).");
	/* A row gives way, the others stay where they are. */
	assert_non_null(strstr(host_line(h, 6), " 5432 "));
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "lport x");
	expect_caret_below(h, "x");
	host_key(h, KEY_CODE_CTRL('u'));
	for (int i = 0; i < 20; i++)
		host_type(h, "lport 1000 or ");
	host_type(h, "nonsense=");
	expect_caret_below(h, "nonsense");
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "lport 1000 or lport 2000 or lport 3000 or lport 4000 or (state listen");
	host_expect(h, "Expected a closing parenthesis. ^");
	app_resize(&h->app, 60, 15, h->now);
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "[10.9.0");
	host_expect(h, " Expected an address, a prefix (10.0.0.0/8), or one with");
	host_expect(h, " ports (10.0.0.1:80, [::1]:80, *:80).");
	host_expect(h, "filter: [10.9.0");
	host_expect_not(h, "~");
}

static void a_typed_line_can_be_mended(void **state)
{
	struct host *h = *state;

	host_type(h, "/lport 8");
	host_key(h, KEY_CODE_BACKSPACE);
	host_type(h, "44");
	host_key(h, KEY_CODE_LEFT);
	host_key(h, KEY_CODE_LEFT);
	host_type(h, "9");
	host_key(h, KEY_CODE_DELETE);
	host_key(h, KEY_CODE_HOME);
	host_key(h, KEY_CODE_DELETE);
	host_type(h, "s");
	host_key(h, KEY_CODE_END);
	host_type(h, "5");
	host_expect(h, " filter: sport 945");
	/* What would move the cursor of a terminal is not taken. */
	host_key(h, 0x9b);
	host_key(h, 0x202e);
	host_key(h, 0x110001);
	host_expect(h, " filter: sport 945");
	host_key(h, 0xe9);
	host_expect(h, " filter: sport 945\\xc3\\xa9");
	assert_int_equal(h->canvas.cursor_x, (int)strlen(" filter: sport 945\\xc3\\xa9"));
}

static void search_moves_and_hides_nothing(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_key(h, F(3));
	host_type(h, "203.0");
	host_expect(h, " search: 203.0");
	host_expect_hit(h, "203.0.113.7");
	host_key(h, F(3));
	host_expect_hit(h, "203.0.113.8");
	host_key(h, ENTER);
	host_expect_cursor(h, "203.0.113.8");
	host_key(h, F(3));
	host_expect_hit(h, "203.0.113.9");
	host_expect_cursor(h, "203.0.113.8");
	host_key(h, F(3));
	host_expect_hit(h, "203.0.113.7");
	host_expect(h, "127.0.0.1:5432");
	host_key(h, ESC);
	host_expect_cursor(h, "203.0.113.8");
}

/* What is folded away is found and unfolded, and folded again if it is not what was meant. */
static void search_looks_into_folded_rows(void **state)
{
	struct host *h = *state;

	host_populate(h);
	app_resize(&h->app, 80, 24, h->now);
	host_look(h);
	host_key(h, F(3));
	host_type(h, "203.0.113.9");
	host_expect_hit(h, "203.0.113.9:51824");
	host_expect_cursor(h, " 53 ");
	host_type(h, "9");
	host_expect(h, "No match.");
	host_expect_not(h, "203.0.113.9:51824");
	host_key(h, KEY_CODE_BACKSPACE);
	host_expect_hit(h, "203.0.113.9:51824");
	host_key(h, ESC);
	host_expect_not(h, "203.0.113.9:51824");
	host_key(h, F(3));
	host_key(h, ENTER);
	host_expect_cursor(h, "203.0.113.9:51824");
	/* The same in a view that lists a socket below each of its processes. */
	host_type(h, "3");
	host_key(h, F(3));
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "127.0.0.1:40000");
	host_key(h, F(3));
	host_key(h, ENTER);
	host_expect_cursor(h, "127.0.0.1:40000");
}

/* A row that is gone is not what anybody looks for. */
static void search_skips_closed_rows(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_look(h);
	host_close(h, host_find(h, 443, 51822));
	host_pass(h, 2000);
	host_expect(h, "closed 0s");
	host_key(h, F(3));
	host_type(h, "203.0.113");
	host_expect_hit(h, "203.0.113.8");
	host_key(h, F(3));
	host_key(h, F(3));
	host_expect_hit(h, "203.0.113.8");
}

static void a_new_search_takes_the_place_of_the_old(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_key(h, F(3));
	host_type(h, "203.0.113.9");
	host_key(h, ENTER);
	host_key(h, F(3));
	host_expect(h, " search: 203.0.113.9");
	host_type(h, "5432");
	host_expect(h, " search: 5432");
	host_expect_hit(h, "5432");
	host_key(h, ENTER);
	/* What moves about in it keeps the old one. */
	host_key(h, F(3));
	host_key(h, KEY_CODE_BACKSPACE);
	host_type(h, "9");
	host_expect(h, " search: 5439");
	host_expect(h, "No match.");
	host_key(h, ESC);
	host_key(h, F(3));
	host_expect(h, "No match.");
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "203");
	host_expect_hit(h, "203.0.113.");
}

static void what_is_not_here_yet_is_looked_for(void **state)
{
	struct host *h = *state;

	h->is_partial = true;
	host_expect(h, "loading ...");
	host_populate(h);
	host_look(h);
	host_type(h, "/lport 9");
	host_expect(h, "loading ...");
	host_look(h);
	host_expect(h, "No rows:");
	host_key(h, ESC);
	host_expect(h, "loading ...");
	host_look(h);
	host_expect(h, "443 https");
}

/*
 * What no view has needed so far is tested only once a refresh has it: until then the rows stay that
 * the filter before shows.  The scope of a peer is always known.
 */
static void a_filter_waits_for_what_it_tests(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "/scope global");
	assert_false(app_is_refreshing(&h->app));
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "lport 443");
	host_key(h, KEY_CODE_ENTER);
	host_expect_not(h, "5432");
	host_type(h, "/");
	host_key(h, KEY_CODE_CTRL('u'));
	host_type(h, "lport 443 or owners.ppid 77");
	host_key(h, KEY_CODE_ENTER);
	host_expect(h, " filter: lport 443 or owners.ppid 77");
	host_expect(h, "443 https");
	host_expect_not(h, "5432");
	/* Nor by another frame that lacks it, nor in another view. */
	h->app.query.needs = h->app.frame->scope.needs;
	host_look(h);
	host_expect_not(h, "5432");
	host_type(h, "2");
	host_expect(h, "203.0.113.7:51822");
	host_expect_not(h, "5432");
	host_type(h, "\\/owners.ppid 77");
	host_key(h, KEY_CODE_ENTER);
	host_look(h);
	host_expect(h, "No rows:");
	host_type(h, "/");
	host_key(h, KEY_CODE_CTRL('u'));
	host_key(h, KEY_CODE_ENTER);
	host_expect(h, "5432");
}

/* More rows than are looked at in one step: copies of the first, and in the end the one. */
static void a_long_search_goes_on_between_keys(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_flood(h, 6000);
	host_look(h);
	host_type(h, "2");
	host_key(h, F(3));
	host_type(h, "psql");
	host_expect(h, " search: psql");
	host_expect_not(h, "No match.");
	while (app_search_on(&h->app))
		;
	host_expect_hit(h, "psql");
	host_type(h, "x");
	host_expect_not(h, "No match.");
	while (app_search_on(&h->app))
		;
	host_expect(h, "No match.");
	/* A key ends what goes on. */
	host_type(h, "y");
	assert_true(h->app.search.left);
	host_key(h, ESC);
	assert_false(app_search_on(&h->app));
	host_expect_not(h, "No match.");
	/* But not Enter. */
	host_key(h, F(3));
	host_key(h, ENTER);
	while (app_search_on(&h->app))
		;
	host_expect(h, "No match.");
}

static void rows_sort_by_what_is_chosen(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_expect(h, "sort: LPORT ^");
	assert_true(host_find_line(h, " 53 domain") < host_find_line(h, " 443 https"));
	host_type(h, "I");
	host_expect(h, "sort: LPORT v");
	assert_true(host_find_line(h, " 53 domain") > host_find_line(h, " 443 https"));
	host_type(h, ">");
	host_expect(h, "sort: SERVICE ^");
	host_type(h, "<<");
	host_expect(h, "sort: LPORT ^");
	host_key(h, F(6));
	host_expect(h, "sort by: Enter");
	host_key(h, KEY_CODE_END);
	host_key(h, ENTER);
	host_expect(h, "sort: PROCESS ^");
	host_key(h, F(6));
	host_key(h, KEY_CODE_UP);
	host_key(h, ESC);
	host_expect(h, "sort: PROCESS ^");
}

static void groups_sort_by_their_sums(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_find(h, 5432, 40000)->rx = 1000;
	host_find(h, 443, 51822)->rx = 10;
	host_pass(h, 1000);
	host_type(h, ">>>>>>>");
	/* The largest comes first, and the cursor is on it. */
	host_expect(h, "sort: RX/s v");
	host_expect_cursor(h, "5432 postgresql");
	assert_true(host_find_line(h, "5432 postgresql") < host_find_line(h, " 443 https"));
	host_type(h, "I");
	assert_true(host_find_line(h, "5432 postgresql") > host_find_line(h, " 443 https"));
	/* Unknown is last either way. */
	assert_true(host_find_line(h, " 53 domain") > host_find_line(h, " 443 https"));
	host_type(h, "2");
	host_type(h, ">>");
	host_expect(h, "sort: ");
}

static void keys_hide_kinds_of_rows(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "u");
	host_expect_not(h, " 53 domain");
	host_expect(h, "hidden: udp");
	host_type(h, "ut");
	host_expect(h, " 53 domain");
	host_expect_not(h, "443 https");
	host_type(h, "tl");
	host_expect_not(h, " LISTEN ");
	host_type(h, "l2e");
	host_expect_not(h, "ESTAB");
	host_expect(h, "CLOSE-WAIT");
}

static void names_give_way_to_numbers(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_expect(h, "https");
	host_type(h, "n");
	host_expect_not(h, "https");
	assert_true(h->app.query.hidden);
	host_look(h);
	host_type(h, "n");
	host_look(h);
	host_expect(h, "https");
}

static void paused_it_stands_still(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2p");
	host_expect(h, "PAUSED");
	/* One more look, for what a filter may test from now on. */
	assert_true(host_look(h));
	host_close(h, host_find(h, 443, 51822));
	h->now += 60000;
	assert_false(host_look(h));
	host_expect_not(h, "closed");
	host_key(h, F(7));
	host_expect_not(h, "PAUSED");
	assert_true(host_look(h));
	host_expect(h, "x tcp   closed 0s");
}

static void no_row_moves_under_a_dialog(void **state)
{
	static const uint32_t keys[] = { F(1), F(2), F(3), F(4), F(6), F(8), F(9) };
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		host_key(h, keys[i]);
		assert_false(host_look(h));
		host_key(h, ESC);
		assert_true(host_look(h));
	}
}

static void a_source_that_fails_says_so(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	h->fail = -EIO;
	host_pass(h, 2000);
	host_expect(h, "ERROR");
	host_expect(h, "sockets cannot be read: Input/output error");
	/* What was known last stays. */
	host_expect(h, "443 https");
	h->fail = 0;
	host_pass(h, 2000);
	host_expect_not(h, "ERROR");
	host_expect_not(h, "closed");
}

static void details_tell_everything(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_find(h, 443, 0)->sk.recv_q = 3;
	host_find(h, 443, 0)->sk.send_q = 511;
	host_find(h, 443, 51822)->rtt_us = 30;
	host_find(h, 443, 51823)->rtt_us = 46;
	host_find(h, 443, 51822)->segs_out = 91000;
	host_find(h, 443, 51823)->segs_out = 224;
	host_find(h, 443, 51823)->retrans = 1234;
	host_find(h, 5432, 40000)->rtt_us = 1250;
	host_find(h, 40000, 5432)->rtt_us = 38;
	host_find(h, 40000, 5432)->tx = 4300800;
	host_look(h);
	host_type(h, "jd");
	host_look(h);
	host_expect(h, "-- details  443");
	host_expect(h, "accept queue 3 of 511 ");
	host_expect(h, "nginx[1203]");
	host_expect(h, "nginx[1204]");
	host_expect(h, "clients   3: 203.0.113.7 x1   203.0.113.8 x1   203.0.113.9 x1");
	host_expect(h, "retransmitted 1,234 of 91,224");
	host_expect(h, "   rtt 25us   ");
	host_find(h, 443, 0)->sk.recv_q = 511;
	host_pass(h, 2000);
	host_expect(h, "accept queue 511 of 511, full ");
	host_key(h, ESC);
	host_expect_not(h, "-- details");
	/* Enter on a row without children. */
	host_type(h, "2G");
	host_key(h, ENTER);
	host_look(h);
	host_expect(h, "other end postgres[950]");
	/* For people, and raw on the second page. */
	host_expect(h, "rtt 38us");
	host_expect(h, "bytes_sent 4.1M");
	host_expect_not(h, "bytes_received");
	host_expect_not(h, "cookie");
	host_type(h, "D");
	host_expect(h, "-- raw details");
	host_expect(h, "tcp.rtt_us 38 ");
	host_expect(h, "tcp.bytes_sent 4300800 ");
	host_expect(h, "tcp.bytes_received 0 ");
	host_expect(h, "cookie ");
	host_type(h, "D");
	host_expect(h, "-- details");
	/* From closed details, too. */
	host_type(h, "dD");
	host_expect(h, "-- raw details");
}

/* What is scrolled past the end moves back with the first key. */
static void scrolling_ends_at_the_end(void **state)
{
	struct host *h = *state;
	struct buf last = { 0 };
	int y;

	host_populate(h);
	app_resize(&h->app, 60, 15, h->now);
	host_look(h);
	host_type(h, "2D");
	host_look(h);
	y = host_find_line(h, "-- raw details");
	host_expect(h, "more line");
	for (int i = 0; i < 200; i++)
		host_type(h, "]");
	host_expect(h, "([ ] scroll: the end)");
	buf_str(&last, host_line(h, y + 2));
	host_type(h, "[");
	host_expect(h, "([ ] scroll: 1 more line)");
	assert_string_equal(host_line(h, y + 3), buf_cstr(&last));
	buf_fini(&last);
	host_key(h, F(1));
	app_resize(&h->app, 60, 15, h->now);
	host_expect(h, "this help");
	for (int i = 0; i < 200; i++)
		host_key(h, KEY_CODE_DOWN);
	host_expect(h, "close dialog or details");
	host_key(h, KEY_CODE_UP);
	host_expect_not(h, "close dialog or details");
	for (int i = 0; i < 200; i++)
		host_key(h, KEY_CODE_DOWN);
	app_resize(&h->app, 60, 22, h->now);
	host_expect(h, "close dialog or details");
	host_key(h, KEY_CODE_UP);
	host_expect_not(h, "close dialog or details");
}

static void hostile_names_are_shown(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_expect(h, "dns) \\x1b[2J[77]");
	host_type(h, "d");
	for (int view = '1'; view <= '4'; view++) {
		host_key(h, (uint32_t)view);
		host_line(h, 0);
		for (int y = 0; y < h->canvas.height; y++)
			for (size_t i = 0; i < h->canvas.lines[y].text.len; i++)
				assert_in_range((unsigned char)h->canvas.lines[y].text.data[i], ' ',
						'~');
	}
}

static void a_signal_goes_to_whom_was_asked(void **state)
{
	struct host *h = *state;
	struct job *job;

	host_populate(h);
	host_look(h);
	host_type(h, "j");
	host_key(h, F(9));
	host_expect(h, "Send TERM to nginx[1203] of root?  It holds 1 listed socket.");
	host_key(h, KEY_CODE_RIGHT);
	host_expect(h, "nginx[1204] of root?  It holds 4 listed sockets.");
	host_key(h, KEY_CODE_DOWN);
	host_expect(h, "Send KILL to");
	host_key(h, KEY_CODE_RIGHT);
	host_expect(h, "Send KILL to all 2 processes?  They hold 5 listed sockets.");
	host_expect(h, " * nginx[1203] of root");
	host_expect(h, " * nginx[1204] of root");
	host_key(h, KEY_CODE_LEFT);
	host_expect(h, "   nginx[1203] of root");
	host_expect(h, " * nginx[1204] of root");
	host_key(h, ENTER);
	job = h->app.out.job;
	assert_non_null(job);
	assert_int_equal(job->kind, JOB_SIGNAL);
	assert_int_equal(job->signal, SIGKILL);
	assert_int_equal(job->n, 1);
	assert_int_equal(job->targets[0].pid, 1204);
	assert_int_equal(job->targets[0].start_time, 1204);
	job->targets[0].outcome = OUTCOME_NOT_PERMITTED;
	app_job_done(&h->app, job, h->now);
	host_expect(h, "Not permitted (needs root, CAP_KILL or the same user): nginx[1204]");
	assert_true(h->app.out.refreshes);
}

static void why_asks_about_the_local_end(void **state)
{
	struct host *h = *state;
	struct why_job *job;

	host_populate(h);
	host_look(h);
	host_type(h, "2/raddr 203.0.113.7");
	host_key(h, ENTER);
	host_type(h, "W");
	host_expect(h, "Asking ...");
	job = h->app.out.why;
	assert_non_null(job);
	assert_int_equal(job->question.proto, PROTO_TCP);
	assert_int_equal(job->question.port, 443);
	assert_true(job->question.has_addr);
	assert_null(job->netns);
	for (int i = 0; i < 60; i++)
		buf_printf(&job->answer, "line %d of the answer\n", i);
	buf_cstr(&job->answer);
	/* Who is asked another question meanwhile is not interrupted. */
	host_type(h, "x");
	app_answer(&h->app, job, h->now);
	host_expect(h, "Close 1 socket?");
	host_key(h, KEY_CODE_ESC);
	app_answer(&h->app, job, h->now);
	host_expect_not(h, "Asking ...");
	host_expect(h, "why: arrows scroll, Esc closes");
	host_expect(h, "line 0 of the answer");
	host_expect_not(h, "line 59 of the answer");
	for (int i = 0; i < 70; i++)
		host_key(h, KEY_CODE_DOWN);
	host_expect(h, "line 59 of the answer");
	host_expect_not(h, "line 0 of the answer");
	for (int i = 0; i < 70; i++)
		host_key(h, KEY_CODE_UP);
	host_expect(h, "line 0 of the answer");
	host_key(h, KEY_CODE_ESC);
	host_expect_not(h, "of the answer");
}

static void one_question_covers_all_tagged(void **state)
{
	struct host *h = *state;
	struct job *job;

	host_populate(h);
	host_look(h);
	host_type(h, "2  ");
	host_expect(h, "2 tagged");
	host_expect(h, "*  tcp");
	host_type(h, "x");
	host_expect(h, "Close 2 sockets?");
	host_expect(h, "tcp 192.0.2.1:443 > 203.0.113.7:51822");
	host_key(h, ENTER);
	job = h->app.out.job;
	assert_non_null(job);
	assert_int_equal(job->kind, JOB_CLOSE);
	assert_int_equal(job->n, 2);
	assert_int_equal(job->targets[0].sk.remote.port, 51822);
	assert_int_equal(job->targets[1].sk.remote.port, 51823);
	host_expect_not(h, "tagged");
	job->targets[0].outcome = OUTCOME_DONE;
	job->targets[1].outcome = OUTCOME_GONE;
	app_job_done(&h->app, job, h->now);
	host_expect(h,
		    "1 of 2 done.  Gone (the socket no longer exists): tcp 192.0.2.1:443 > 203.0");
}

/* A dialog lists no more than a screen can show; who confirms it means all of them. */
static void a_question_of_many_means_all(void **state)
{
	struct host *h = *state;
	struct map seen = { 0 };
	struct job *job;

	host_populate(h);
	host_flood(h, 1500);
	host_look(h);
	host_type(h, "/peer 198.51.100.9");
	host_key(h, ENTER);
	host_type(h, "4x");
	host_expect(h, "Close 1500 sockets?");
	host_expect(h, "more");
	host_key(h, ENTER);
	job = h->app.out.job;
	assert_non_null(job);
	assert_int_equal(job->n, 1500);
	for (size_t i = 0; i < job->n; i++)
		map_add(&seen, job->targets[i].sk.cookie, 0, NULL);
	assert_int_equal(seen.n, 1500);
	map_fini(&seen);
	job_free(job);
	h->app.out.job = NULL;

	host_type(h, "K");
	host_expect(h, "Send TERM to nginx[1205] of root?  It holds 1500 listed sockets.");
	host_type(h, "j");
	host_key(h, ENTER);
	job = h->app.out.job;
	assert_non_null(job);
	assert_int_equal(job->n, 1);
	assert_int_equal(job->targets->pid, 1205);
	assert_int_equal(job->targets->n_held, 1500);
	assert_int_not_equal(job->signal, SIGTERM);
}

/* On the smallest screen, too: how many sockets, whose processes, and how many are not named. */
static void the_question_is_whole_on_every_screen(void **state)
{
	struct host *h = *state;

	host_populate(h);
	app_resize(&h->app, 60, 15, h->now);
	host_look(h);
	host_type(h, "/lport 443");
	host_key(h, ENTER);
	host_type(h, "K");
	host_expect(h, " Send TERM to nginx[1203] of root?  It holds 1 listed");
	host_expect(h, " socket.");
	host_expect(h, " * nginx[1203] of root");
	host_expect(h, "    1 HUP");
	host_key(h, ESC);
	host_type(h, "/");
	host_key(h, KEY_CODE_CTRL('u'));
	host_key(h, ENTER);
	host_type(h, "3     ");
	host_expect_not(h, "cannot");
	host_type(h, "K");
	host_expect(h, " Send TERM to all 5 processes?  They hold 9 listed");
	host_expect(h, "   and 2 more");
	host_expect(h, " > 15 TERM");
	app_resize(&h->app, 80, 24, h->now);
	host_expect(h, " * psql[7741] of root");
	host_expect(h, " * postgres[950] of root");
	host_expect_not(h, "more");
	host_expect(h, " 10 USR1");
}

/* Tagged rows of one process, and of many. */
static void the_question_names_everybody(void **state)
{
	struct host *h = *state;

	host_populate(h);
	for (uint16_t i = 0; i < 40; i++) {
		const uint32_t inode = 9000 + i;
		char name[16];

		host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "127.0.0.1", (uint16_t)(9000 + i), NULL,
			  0, inode);
		snprintf(name, sizeof(name), "server%02u", i);
		host_process(h, 9000 + i, name, &inode, 1);
	}
	host_look(h);
	host_type(h, "jj");
	host_expect_cursor(h, " 5432 ");
	host_type(h, " K");
	host_expect(h, "Send TERM to postgres[950] of root?  It holds 2 listed sockets.");
	host_key(h, ESC);
	host_type(h, "U3g");
	for (int i = 0; i < 45; i++)
		host_type(h, " ");
	host_type(h, "K");
	host_expect(h, "Send TERM to all 45 processes?");
	host_expect(h, " * nginx[1204] of root, 4 sockets");
	host_expect(h, " * server10[9010] of root, 1 socket");
	host_expect(h, "more");
	host_expect(h, " > 15 TERM");
	/* With lines enough, all of them. */
	app_resize(&h->app, 120, 80, h->now);
	host_expect(h, " * server39[9039] of root, 1 socket");
	host_expect_not(h, "more");
}

/* The children of the last row in sight come into sight, and the row stays. */
static void unfolding_shows_the_children(void **state)
{
	struct host *h = *state;

	host_populate(h);
	for (uint16_t port = 1; port <= 9; port++)
		host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", port, NULL, 0, 0);
	app_resize(&h->app, 80, 15, h->now);
	host_look(h);
	host_type(h, "/lport <= 443");
	host_key(h, ENTER);
	host_look(h);
	host_type(h, "G");
	host_expect_cursor(h, " 443 ");
	host_key(h, ENTER);
	host_expect_cursor(h, " 443 ");
	host_expect(h, "203.0.113.7");
	host_expect(h, "203.0.113.9");
}

/* Two long addresses: what came of it is read first, and the question shows both ends. */
static void long_addresses_hide_nothing(void **state)
{
	static const char *const local = "2001:db8:1111:2222:3333:4444:5555:6666";
	static const char *const peer = "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff";
	struct host *h = *state;
	struct job *job;

	app_resize(&h->app, 80, 24, h->now);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, local, 40443, peer, 51822, 0);
	host_look(h);
	host_type(h, "2x");
	host_expect(h, "tcp [2001:db8:1111:2222:3333:4444:5555:6666]:40443");
	host_expect(h, "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:51822");
	host_key(h, ENTER);
	job = h->app.out.job;
	assert_non_null(job);
	job->targets[0].outcome = OUTCOME_DONE;
	app_job_done(&h->app, job, h->now);
	host_expect(h, "Closed: tcp [2001:db8:1111:2222:3333:4444:5555:6666]:40443 > [2001:");
	job->targets[0].outcome = OUTCOME_NOT_PERMITTED;
	app_job_done(&h->app, job, h->now);
	host_expect(h, "Not permitted (needs root or CAP_NET_ADMIN): tcp [2001:");
}

static void read_only_takes_both_away(void **state)
{
	struct host *h = *state;

	host_start(h, &(struct live_setup){ .is_read_only = true });
	host_populate(h);
	host_look(h);
	host_type(h, "K");
	host_expect(h, "Read-only mode:");
	host_type(h, "x");
	host_expect(h, "Read-only mode:");
	host_type(h, "j");
	host_expect_not(h, "F9Kill");
	host_key(h, F(1));
	host_expect(h, "F7 p");
	host_expect(h, "F10 q");
	host_expect_not(h, "F8 x");
	host_expect_not(h, "F9 K");
	host_expect_not(h, "send the owner a signal");
	assert_null(h->app.out.job);
}

static void a_closed_row_cannot_be_killed(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "2");
	host_look(h);
	host_close(h, host_find(h, 443, 51822));
	host_pass(h, 1000);
	host_expect_cursor(h, "203.0.113.7");
	host_type(h, "K");
	host_expect(h, "This socket is already closed.");
	host_type(h, "x");
	host_expect(h, "This socket is already closed.");
}

static void columns_are_chosen_and_kept(void **state)
{
	struct host *h = *state;

	host_start(h, &(struct live_setup){ .can_save = true });
	host_populate(h);
	host_look(h);
	host_key(h, F(2));
	host_expect(h, " > [x] local_port");
	host_key(h, KEY_CODE_DOWN);
	host_type(h, " ");
	host_expect(h, "[ ] service");
	host_key(h, KEY_CODE_HOME);
	host_key(h, KEY_CODE_RIGHT);
	host_type(h, "s");
	assert_true(h->app.out.save_config);
	host_expect_not(h, "SERVICE");
	host_expect(h, "   PROTO LPORT^");
	live_config_init(&h->config);
	app_config(&h->app, &h->config);
	assert_string_equal(h->config.columns[VIEW_PORTS],
			    "proto,local_port,reach,end,state,conn,rx,tx,history,user,process");
	assert_string_equal(h->config.sort[VIEW_PEERS], "-conn");
	/* And comes back. */
	h->config.view = VIEW_PEERS;
	host_start(h, &(struct live_setup){ .config = &h->config });
	host_expect(h, "[4 Peers]");
	host_type(h, "1");
	host_expect(h, "   PROTO LPORT^");
}

static void the_bell_is_kept_and_what_is_left_out_is_not(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	live_config_init(&h->config);
	host_type(h, "B!");
	app_config(&h->app, &h->config);
	assert_true(h->config.has_bell);
	assert_false(h->config.is_troubled);
	/* And comes back; what the file says about trouble counts. */
	h->config.is_troubled = true;
	host_start(h, &(struct live_setup){ .config = &h->config });
	host_look(h);
	host_expect(h, "only what needs a look");
	host_expect(h, "bell");
	host_type(h, "B!");
	host_expect_not(h, "only what needs a look");
	host_expect_not(h, "bell");
}

/* However they were closed, the details ask for what they need. */
static void details_ask_each_time(void **state)
{
	static const uint32_t closing[] = { ESC, 'd' };
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	for (size_t i = 0; i < sizeof(closing) / sizeof(*closing); i++) {
		h->app.out.query_changed = false;
		host_type(h, "d");
		assert_true(h->app.out.query_changed);
		h->app.out.query_changed = false;
		host_key(h, closing[i]);
		assert_false(h->app.out.query_changed);
	}
}

/* The cursor goes along with a column that is switched on, which then can be moved. */
static void a_column_stays_in_sight(void **state)
{
	struct host *h = *state;
	const struct table *view = &h->app.tables[VIEW_PORTS];
	const struct live_column *last;
	size_t n_shown = view->n_shown;

	host_start(h, &(struct live_setup){ .can_save = true });
	app_resize(&h->app, 80, 24, h->now);
	host_look(h);
	host_key(h, F(2));
	host_expect(h, "s saves, Esc cancels --");
	/* Those that are not shown come last in the dialog. */
	last = &h->app.columns.list[h->app.columns.n - 1];
	while (table_shows(view, last))
		last--;
	host_key(h, KEY_CODE_END);
	host_type(h, " ");
	host_expect(h, " > [x] ");
	host_key(h, KEY_CODE_LEFT);
	host_key(h, ENTER);
	assert_int_equal(view->n_shown, n_shown + 1);
	assert_ptr_equal(view->shown[n_shown - 1], last);
}

static void help_lists_every_key(void **state)
{
	struct host *h = *state;

	app_resize(&h->app, 80, 36, h->now);
	host_type(h, "?");
	for (size_t i = 0; i < key_bindings_n; i++) {
		char name[KEY_NAME_SIZE];

		if (key_bindings[i].help)
			host_expect(h, key_bindings[i].help);
		host_expect(h, key_label(key_bindings[i].keys[0], name));
	}
	host_expect(h, "help: Esc closes");
	host_key(h, ESC);
	host_expect(h, "F1Help");
	app_resize(&h->app, 60, 15, h->now);
	host_key(h, F(1));
	host_expect(h, "arrows scroll");
	/* What is below the keys is wrapped. */
	host_expect(h, " Marks: > cursor  * tagged  + new  ~ changed  x closed  v >");
	host_expect(h, " fold");
	for (size_t i = 0; i < key_bindings_n; i++)
		host_key(h, KEY_CODE_DOWN);
	host_expect(h, key_bindings[key_bindings_n - 1].help);
	host_type(h, "q");
	assert_false(h->app.out.quits);
	host_type(h, "q");
	assert_true(h->app.out.quits);
}

static void the_mouse_points(void **state)
{
	struct host *h = *state;
	int y, x;

	host_populate(h);
	host_look(h);
	y = host_find_line(h, " 443 https");
	app_click(&h->app, y, 10, h->now);
	host_expect_cursor(h, " 443 ");
	app_click(&h->app, y, 10, h->now);
	host_expect(h, "203.0.113.7");
	app_click(&h->app, 3, 4, h->now);
	host_expect(h, "sort: LPORT v");
	app_click(&h->app, 3, 12, h->now);
	host_expect(h, "sort: SERVICE ^");
	app_click(&h->app, 2, 12, h->now);
	host_expect_not(h, "sort:");
	host_key(h, ESC);
	x = (int)(strstr(host_line(h, 1), "Peers") - host_line(h, 1));
	app_click(&h->app, 1, x, h->now);
	host_expect(h, "[4 Peers]");
	app_wheel(&h->app, 3, h->now);
	app_wheel(&h->app, -30, h->now);
	x = (int)(strstr(host_line(h, 39), "F10Quit") - host_line(h, 39));
	app_click(&h->app, 39, x, h->now);
	assert_true(h->app.out.quits);
	/* A message goes with a click, and takes the place of the bar until then. */
	h->app.out.quits = false;
	host_type(h, "y");
	host_expect(h, "clipboard");
	app_click(&h->app, 39, x, h->now);
	host_expect_not(h, "clipboard");
	assert_false(h->app.out.quits);
	app_click(&h->app, 39, x, h->now);
	assert_true(h->app.out.quits);
	app_click(&h->app, 1000, 1000, h->now);
	app_click(&h->app, -1, -1, h->now);
}

/* Sockets that no row can show are said to be missing, until a key, and once. */
static void what_cannot_be_listed_is_said(void **state)
{
	struct host *h = *state;

	host_populate(h);
	h->lacks_bound = true;
	host_look(h);
	host_expect(h, "tcp sockets that are only bound are missing");
	host_look(h);
	host_expect(h, "tcp sockets that are only bound are missing");
	host_type(h, "j");
	host_expect_not(h, "missing");
	host_look(h);
	host_expect_not(h, "missing");
	/* It comes again where it had gone. */
	h->lacks_bound = false;
	host_look(h);
	h->lacks_bound = true;
	host_look(h);
	host_expect(h, "tcp sockets that are only bound are missing");
}

static void the_row_is_copied(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "jy");
	assert_string_equal(
		buf_cstr(&h->app.out.clipboard),
		"443\thttps\ttcp\tall\t0.0.0.0\tLISTEN\t3\t-\t-\t-\troot\tnginx[1203] +1");
}

/* Away from its listener it says what stood above it, and draws no branch. */
static void a_cell_is_copied(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "jc");
	assert_string_equal(buf_cstr(&h->app.out.clipboard), "443");
	host_expect(h, "Copied to the terminal's clipboard: 443");
	host_type(h, "<>>>>>>>>>>>c");
	assert_string_equal(buf_cstr(&h->app.out.clipboard), "nginx[1203] +1");
}

/* While text is selected nothing moves. */
static void the_mouse_is_freed(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "Y");
	assert_true(h->app.out.mouse_changed);
	assert_true(h->app.is_mouse_free);
	h->now += 2000;
	assert_false(host_look(h));
	h->app.out.mouse_changed = false;
	host_type(h, "j");
	assert_true(h->app.out.mouse_changed);
	assert_false(h->app.is_mouse_free);
	assert_true(host_look(h));
}

static void a_row_of_the_tree_is_copied_whole(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "j");
	host_key(h, KEY_CODE_RIGHT);
	host_type(h, "jy");
	assert_string_equal(
		buf_cstr(&h->app.out.clipboard),
		"443\thttps\ttcp\t-\t203.0.113.7:51822\tESTAB\t-\t-\t-\t-\troot\tnginx[1204]");
	host_type(h, "Gy");
	assert_string_equal(buf_cstr(&h->app.out.clipboard),
			    "-\t-\t-\t-\tother connections\t-\t1\t-\t-\t-\t-\t-");
}

/* No line is wider than the screen, whatever the size and the mode. */
static void every_size_holds(void **state)
{
	static const struct {
		int width;
		int height;
	} sizes[] = { { 1, 1 },	  { 20, 5 },  { 59, 30 },  { 60, 15 },	{ 61, 14 },
		      { 80, 24 }, { 80, 15 }, { 120, 40 }, { 300, 100 } };
	static const uint32_t keys[] = { 0, F(1), F(2), F(3), F(4), F(6), F(8), F(9), 'd' };
	struct host *h = *state;

	host_populate(h);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		app_resize(&h->app, sizes[i].width, sizes[i].height, h->now);
		for (size_t j = 0; j < 4 * sizeof(keys) / sizeof(*keys); j++) {
			host_key(h, '1' + (uint32_t)(j % 4));
			host_look(h);
			host_key(h, keys[j / 4]);
			host_line(h, 0);
			for (int y = 0; y < sizes[i].height; y++)
				assert_in_range(h->canvas.lines[y].width, 0, sizes[i].width);
			host_key(h, ESC);
			host_key(h, ESC);
		}
	}
	app_resize(&h->app, 20, 5, h->now);
	host_expect(h, "enlarge to 60x15");
	app_resize(&h->app, 60, 15, h->now);
	host_type(h, "1");
	host_expect(h, "LPORT");
	host_expect(h, "[1 Ports]");
	host_expect(h, "LIVE root");
	app_resize(&h->app, 80, 24, h->now);
	host_expect(h, "F10Quit");
	host_expect(h, "PROCESS");
}

static void a_recording_is_stepped_through(void **state)
{
	struct host *h = *state;

	host_start(h, &(struct live_setup){ .is_replay = true });
	host_populate(h);
	host_look(h);
	host_expect(h, "STEP");
	h->app.out.query_changed = false;
	host_type(h, "/lport 53");
	/* Filtered where it is shown: no other dump was asked for. */
	host_expect(h, " 53 domain");
	host_expect_not(h, "443 https");
	host_key(h, ENTER);
	host_type(h, "R");
	assert_true(h->app.out.refreshes);
}

static void a_recording_is_never_live(void **state)
{
	struct host *h = *state;

	host_start(h, &(struct live_setup){
			      .is_replay = true, .interval_ms = 2000, .host = "busy.nl" });
	host_populate(h);
	host_look(h);
	host_expect(h, " portstat busy.nl  rx -  tx -  listen 2");
	host_expect(h, "2s REPLAY root");
	host_type(h, "p");
	host_expect(h, "2s PAUSED root");
}

/* Of a long name there is as much as the rest of the title leaves. */
static void a_long_host_name_gives_way(void **state)
{
	static const char *const name =
		"a-host-with-a-very-long-name.in-a-domain-that-is-long-as-well";
	struct host *h = *state;

	host_start(h, &(struct live_setup){ .host = name });
	app_resize(&h->app, 80, 24, h->now);
	host_look(h);
	host_expect(
		h,
		" portstat a-host-with-a-very-long-~  rx -  tx -  listen 0  estab 0 2s LIVE root");
	host_type(h, "p");
	host_expect(h, "2s PAUSED root");
	host_expect(h, "  listen 0  estab 0 ");
	host_type(h, "p");
	host_populate(h);
	host_look(h);
	host_expect(h, " portstat a-host-with-a-very-long-~  rx -  tx -  listen 2  estab 4 2s");
	host_expect(h, "2s LIVE root");
	app_resize(&h->app, 160, 24, h->now);
	host_expect(h, name);
}

static void a_filter_from_the_command_line(void **state)
{
	struct host *h = *state;

	host_start(h, &(struct live_setup){ .filter = "lport 443" });
	host_populate(h);
	assert_true(h->app.out.query_changed);
	assert_string_equal(h->app.query.filter, "lport 443");
	host_look(h);
	host_expect(h, " filter: lport 443");
	host_expect_not(h, "domain");
}

static void a_sort_key_from_the_command_line(void **state)
{
	struct host *h = *state;

	live_config_init(&h->config);
	h->config.sort[VIEW_PORTS] = mem_strdup("proto");
	host_start(h, &(struct live_setup){ .sort = "-inode", .config = &h->config });
	host_populate(h);
	host_look(h);
	/* The column need not be shown. */
	host_expect(h, "sort: INODE v");
	host_expect_cursor(h, " 5432 ");
	host_type(h, "2");
	host_expect(h, "sort: INODE v");
	host_start(h, &(struct live_setup){ .sort = "", .config = &h->config });
	host_expect(h, "sort: PROTO ^");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, host_set_up, host_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ports_are_a_tree),
		TEST(views_group_one_table),
		TEST(rows_without_owner_say_why),
		TEST(marks_come_and_go),
		TEST(closed_rows_go_without_a_look),
		TEST(the_cursor_stays_on_its_row),
		TEST(the_cursor_stays_wherever_its_row_goes),
		TEST(keys_move_the_cursor),
		TEST(a_renamed_socket_is_the_same_row),
		TEST(rates_are_sums_of_what_is_known),
		TEST(a_filter_is_applied_as_it_is_typed),
		TEST(a_filter_waits_for_what_it_tests),
		TEST(tab_completes_a_word),
		TEST(a_cell_is_filtered_by),
		TEST(what_is_filtered_by_is_shown),
		TEST(what_a_word_names_is_shown),
		TEST(what_is_below_a_listener_is_in_its_details),
		TEST(what_another_view_has_is_said),
		TEST(connections_alone_are_unfolded),
		TEST(a_mistake_stands_below_its_word),
		TEST(a_typed_line_can_be_mended),
		TEST(search_moves_and_hides_nothing),
		TEST(search_looks_into_folded_rows),
		TEST(search_skips_closed_rows),
		TEST(a_new_search_takes_the_place_of_the_old),
		TEST(a_long_search_goes_on_between_keys),
		TEST(what_is_not_here_yet_is_looked_for),
		TEST(rows_sort_by_what_is_chosen),
		TEST(groups_sort_by_their_sums),
		TEST(keys_hide_kinds_of_rows),
		TEST(names_give_way_to_numbers),
		TEST(paused_it_stands_still),
		TEST(no_row_moves_under_a_dialog),
		TEST(a_source_that_fails_says_so),
		TEST(details_tell_everything),
		TEST(scrolling_ends_at_the_end),
		TEST(hostile_names_are_shown),
		TEST(a_signal_goes_to_whom_was_asked),
		TEST(why_asks_about_the_local_end),
		TEST(one_question_covers_all_tagged),
		TEST(a_question_of_many_means_all),
		TEST(the_question_is_whole_on_every_screen),
		TEST(the_question_names_everybody),
		TEST(unfolding_shows_the_children),
		TEST(long_addresses_hide_nothing),
		TEST(read_only_takes_both_away),
		TEST(a_closed_row_cannot_be_killed),
		TEST(columns_are_chosen_and_kept),
		TEST(the_bell_is_kept_and_what_is_left_out_is_not),
		TEST(details_ask_each_time),
		TEST(a_column_stays_in_sight),
		TEST(help_lists_every_key),
		TEST(the_mouse_points),
		TEST(what_cannot_be_listed_is_said),
		TEST(the_row_is_copied),
		TEST(a_cell_is_copied),
		TEST(the_mouse_is_freed),
		TEST(a_row_of_the_tree_is_copied_whole),
		TEST(every_size_holds),
		TEST(a_recording_is_stepped_through),
		TEST(a_recording_is_never_live),
		TEST(a_long_host_name_gives_way),
		TEST(a_filter_from_the_command_line),
		TEST(a_sort_key_from_the_command_line),
	};

	return cmocka_run_group_tests_name("live state", tests, NULL, NULL);
}

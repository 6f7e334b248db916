/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stays in sight at each size of the screen, in each view: read from the screens themselves. */
#include <config.h>

#include "live_server.h"

#include <locale.h>

#define FIRST_ROW 4 /* below title, tabs, filter and head */

static const struct {
	int width;
	int height;
} sizes[] = {
	{ 60, 15 },  { 79, 24 },  { 80, 23 },  { 80, 24 },  { 100, 30 },
	{ 120, 40 }, { 160, 45 }, { 200, 60 }, { 300, 80 },
};
#define SIZES_N (sizeof(sizes) / sizeof(*sizes))

static void give_up(struct host *h, const char *what, const char *where)
{
	host_dump(h);
	fail_msg("%dx%d: %s: %s", h->app.width, h->app.height, what, where);
}

/* Each word of the title is whole: a known one, or a number. */
static void expect_title(struct host *h)
{
	static const char *const known[] = { "portstat", "web01",      "rx",   "tx",
					     "listen",	 "estab",      "udp",  "time-wait",
					     "2s",	 "close-wait", "LIVE", "root",
					     "!",	 "need",       "a",    "look" };
	char line[1024];
	size_t n_rates = 0;

	snprintf(line, sizeof(line), "%s", host_line(h, 0));
	if (strncmp(line, " portstat web01  rx ", 20) != 0 || !strstr(line, "  tx "))
		give_up(h, "the title lacks host or rates", line);
	for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
		bool is_known = strspn(word, "0123456789.KMG/s") == strlen(word);

		n_rates += strlen(word) > 2 && !strcmp(word + strlen(word) - 2, "/s");
		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			is_known |= !strcmp(word, known[i]);
		if (!is_known)
			give_up(h, "a word of the title is cut", word);
	}
	if (n_rates != 2)
		give_up(h, "the title lacks rates", host_line(h, 0));
}

static void expect_lines(struct host *h, const char *view)
{
	if (!strstr(host_line(h, 1), view))
		give_up(h, "no tabs", view);
	if (strncmp(host_line(h, 2), " filter: ", 9) != 0 || !strstr(host_line(h, 2), "sort: "))
		give_up(h, "no filter line", host_line(h, 2));
	if (!!strstr(host_line(h, h->app.height - 1), "F1Help") != (h->app.height >= 24))
		give_up(h, "the key bar", host_line(h, h->app.height - 1));
}

/* Columns that are blank in every line of the table, ten or more side by side. */
static bool has_gap(struct host *h)
{
	int run = 0;

	for (int x = 0; x < h->app.width; x++) {
		bool is_blank = true;

		for (int y = FIRST_ROW - 1; y < FIRST_ROW + h->app.layout.n_rows; y++) {
			const char *line = host_line(h, y);

			is_blank &= (size_t)x >= strlen(line) || line[x] == ' ';
		}
		run = is_blank ? run + 1 : 0;
		if (run >= 10)
			return true;
	}
	return false;
}

static bool has_cut(struct host *h)
{
	for (int y = FIRST_ROW; y < FIRST_ROW + h->app.layout.n_rows; y++) {
		const char *line = host_line(h, y);

		/* A ~ in the second column is a change. */
		if (strlen(line) > 3 && strchr(line + 3, '~'))
			return true;
	}
	return false;
}

/* The pid of a name that is cut stands, and an IPv4 address is whole. */
static void expect_cells(struct host *h)
{
	for (int y = FIRST_ROW; y < FIRST_ROW + h->app.layout.n_rows; y++) {
		const char *line = host_line(h, y);
		size_t len = strlen(line), marks = len < 4 ? len : 4; /* those of the row */

		for (const char *cut = strchr(line + marks, '~'); cut; cut = strchr(cut + 1, '~')) {
			const char *word = cut;

			while (word > line && word[-1] != ' ')
				word--;
			if (*word >= '0' && *word <= '9')
				give_up(h, "an IPv4 address is cut", line);
			if (strchr(word, '[') && strchr(word, '[') < cut && *word != '[')
				give_up(h, "a pid is cut", line);
		}
	}
}

/* The peers of the connections are whole. */
static void expect_whole(struct host *h)
{
	const struct live_tree *tree = &h->app.tree;

	for (int y = 0; y < h->app.layout.n_rows; y++) {
		size_t at = app_table(&h->app)->top + (size_t)y;
		const struct row *row;
		struct buf addr = { 0 };

		if (at >= tree->n_items || live_tree_item(tree, at)->kind != ITEM_ROW)
			continue;
		row = live_tree_row(tree, live_tree_item(tree, at));
		column_text(column_find("peer", 4), &tree->rows.frame->snap, row, &addr);
		if (row->sk->state == SOCK_STATE_ESTABLISHED &&
		    !strstr(host_line(h, FIRST_ROW + y), buf_cstr(&addr)))
			give_up(h, "an address is cut", buf_cstr(&addr));
		buf_fini(&addr);
	}
}

static const char *const views[LIVE_VIEWS] = { "[1 Ports]", "[2 Connections]", "[3 Processes]",
					       "[4 Peers]", "[5 Changes]" };

/* The view, folded or unfolded, at the size of the screen. */
static void expect_view(struct host *h, size_t view, bool is_unfolded)
{
	host_key(h, '1' + (uint32_t)view);
	if (is_unfolded)
		host_key(h, KEY_CODE_F + 5);
	/* A message, of what Changes cannot tell, goes with the next key. */
	host_key(h, KEY_CODE_HOME);
	host_pass(h, 2000);
	expect_title(h);
	expect_lines(h, views[view]);
	expect_cells(h);
	if (has_cut(h) && has_gap(h))
		give_up(h, "cells are cut beside free columns", views[view]);
	/*
	 * With both ends, process, state and protocol the longest row takes 99 columns, and 102 in the
	 * branches below a peer; a change has its time instead.
	 */
	if (h->app.width >= (view == VIEW_PEERS ? 102 : 100))
		expect_whole(h);
	if (view == VIEW_CHANGES && h->app.width >= 103)
		host_expect(h, " [2001:db8:ffff:1234:5678:9abc:def0:2]:51823 ");
	if (is_unfolded)
		host_key(h, KEY_CODE_F + 5);
}

/* The connections with an IPv6 address come first with the second filter. */
static void every_size_shows_what_matters(void **state)
{
	static const char *const filters[] = { "", "not state time-wait" };
	struct host *h = *state;

	server_populate(h);
	host_look(h);
	for (size_t i = 0; i < h->n; i++)
		h->socks[i].rx += 1000 * i;
	host_pass(h, 2000);
	host_pass(h, 7000);
	/* Something for the view of changes: the longest address, and the shortest. */
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "2001:db8:1::10", 443,
		  "2001:db8:ffff:1234:5678:9abc:def0:2", 51823, 1007);
	host_close(h, host_find(h, 40002, 443));
	for (size_t f = 0; f < sizeof(filters) / sizeof(*filters); f++) {
		host_type(h, "\\/");
		host_type(h, filters[f]);
		host_key(h, KEY_CODE_ENTER);
		for (size_t i = 0; i < SIZES_N; i++) {
			app_resize(&h->app, sizes[i].width, sizes[i].height, h->now);
			for (size_t view = 0; view < 2 * LIVE_VIEWS; view++)
				expect_view(h, view / 2, view % 2);
		}
	}
}

/* Two clients of IPv6 sockets that differ in their last digit only. */
static void mapped_clients_are_told_apart(void **state)
{
	struct host *h = *state;

	server_populate(h);
	app_resize(&h->app, 100, 30, h->now);
	host_look(h);
	host_type(h, "/lport 443");
	host_key(h, KEY_CODE_ENTER);
	host_key(h, KEY_CODE_F + 5);
	host_expect(h, " 203.0.113.100:50000 ");
	host_expect(h, " 203.0.113.101:50001 ");
	host_expect(h, " [2001:db8:ffff:1234:5678:9abc:def0:1]:51822 ");
	host_expect_not(h, "ffff:203");
}

static void a_name_gives_way_before_its_pid(void **state)
{
	struct host *h = *state;

	server_populate(h);
	app_resize(&h->app, 60, 15, h->now);
	host_look(h);
	host_expect(h, "avahi-daem~[2734567]");
	host_expect(h, "[7741]");
}

/* What a port's connections needed is given back when they are folded away. */
static void columns_come_back(void **state)
{
	struct host *h = *state;

	server_populate(h);
	app_resize(&h->app, 80, 24, h->now);
	host_look(h);
	host_expect(h, "TX/s");
	host_type(h, "jj");
	host_expect_cursor(h, " 443 ");
	host_key(h, KEY_CODE_ENTER);
	host_expect(h, "CLOSE-WAIT");
	host_key(h, KEY_CODE_ENTER);
	host_expect(h, "TX/s");
	/* The same where the rows end. */
	host_key(h, KEY_CODE_ENTER);
	for (size_t i = h->n; i-- > 0;)
		if (h->socks[i].sk.state == SOCK_STATE_CLOSE_WAIT)
			host_close(h, &h->socks[i]);
	host_pass(h, 2000);
	host_pass(h, 6000);
	host_expect_not(h, "CLOSE-WAIT");
	host_key(h, KEY_CODE_ENTER);
	host_expect(h, "TX/s");
}

static void changes_tell_how_long_it_lived(void **state)
{
	struct host *h = *state;

	server_populate(h);
	app_resize(&h->app, 80, 24, h->now);
	host_look(h);
	host_close(h, host_find(h, 40002, 443));
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "203.0.113.254", 7000, "203.0.113.230",
		  51823, 1007);
	host_pass(h, 2000);
	host_type(h, "5");
	host_expect(h, " 203.0.113.254:7000 203.0.113.230:51823 ");
	host_expect(h, " LIVED");
	host_expect_not(h, " PROTO");
}

/* Unfolded, too, where most is to be shown; from the widest screen to the narrowest. */
static void what_is_sorted_by_stays(void **state)
{
	struct host *h = *state;
	struct table *table;

	server_populate(h);
	host_look(h);
	for (size_t i = SIZES_N; i-- > 0;) {
		for (size_t view = 0; view < 2 * LIVE_VIEWS; view++) {
			host_key(h, '1' + (uint32_t)(view / 2));
			host_key(h, KEY_CODE_F + 5);
			table = app_table(&h->app);
			for (size_t c = 0; c < table->n_shown - table->n_extra; c++) {
				table_set_order(table, &h->app.columns, table->shown[c]->key);
				app_resize(&h->app, sizes[i].width, sizes[i].height, h->now);
				if (!table->widths[c])
					give_up(h, views[view / 2], table->shown[c]->key);
			}
		}
	}
}

/* At every size: where the mistake is, what was expected, and what was probably meant. */
static void a_mistake_is_explained_at_every_size(void **state)
{
	struct host *h = *state;

	server_populate(h);
	host_look(h);
	for (size_t i = 0; i < SIZES_N; i++) {
		app_resize(&h->app, sizes[i].width, sizes[i].height, h->now);
		host_type(h, "/state lisen");
		host_expect(h, " filter: state lisen");
		host_expect(h, "'listen'?");
		host_expect(h, "^");
		host_key(h, KEY_CODE_ESC);
	}
}

/* A line of the screen with the name's row and its process left out, as are its own cells. */
static void others(struct host *h, struct buf *out)
{
	buf_clear(out);
	app_draw(&h->app, &h->canvas);
	for (int y = 1; y < h->canvas.height; y++)
		if (!strstr(buf_cstr(&h->canvas.lines[y].text), "[666]"))
			buf_printf(out, "%s\n", buf_cstr(&h->canvas.lines[y].text));
}

/* Cell by cell, with such a name and with a plain one that is as wide as what is shown of it. */
static void a_name_moves_no_other_cell(void **state)
{
	static const struct {
		const char *name;
		const char *plain;
	} cases[] = {
		{ "web\xe2\x80\x8d", "webzzzzzzzzzzzz" }, /* joiner */
		{ "\xe2\x80\x8b\xef\xbb\xbf", "zzzzzzzzzzzzzzzzzzzzzzzz" }, /* no width */
		{ "\xe2\x80\xaetxt", "zzzzzzzzzzzztxt" }, /* right to left */
		{ "\xf3\xa0\x81\x81", "zzzzzzzzzzzzzzzz" }, /* tag */
		{ "\xe2\x9d\xa4\xef\xb8\x8f", "hzzzzzzzzzzzz" }, /* variation selector */
		{ "e\xcc\x81te\xcc\x81", "ete" }, /* combining */
		{ "\xcc\x81x", "x" },
		{ "b\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87", "b" },
		{ "\xe6\x9c\x8d\xe5\x8a\xa1\xe5\x99\xa8", "zzzzzz" }, /* wide */
		{ "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "zzzz" }, /* Hebrew */
		{ "\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85", "zzzz" }, /* Arabic */
	};
	struct buf with[2] = { 0 };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(*cases); i++) {
		static const uint32_t inodes[] = { 6666 };
		void *made;
		struct host *h;

		assert_int_equal(host_set_up(&made), 0);
		h = made;
		host_start(h, &(struct live_setup){ 0 });
		h->app.setup.is_ascii = false;
		server_populate(h);
		server_listen(h, PROTO_TCP, "0.0.0.0", 6000, 6666);
		host_process(h, 666, i % 2 ? cases[i / 2].plain : cases[i / 2].name, inodes, 1);
		app_resize(&h->app, 100, 30, h->now);
		host_look(h);
		host_type(h, i / 2 % 2 ? "3" : "1");
		host_look(h);
		others(h, &with[i % 2]);
		if (i % 2)
			assert_string_equal(buf_cstr(&with[0]), buf_cstr(&with[1]));
		host_tear_down(&made);
	}
	for (size_t i = 0; i < 2; i++)
		buf_fini(&with[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_size_shows_what_matters, host_set_up,
						host_tear_down),
		cmocka_unit_test_setup_teardown(mapped_clients_are_told_apart, host_set_up,
						host_tear_down),
		cmocka_unit_test_setup_teardown(a_name_gives_way_before_its_pid, host_set_up,
						host_tear_down),
		cmocka_unit_test_setup_teardown(columns_come_back, host_set_up, host_tear_down),
		cmocka_unit_test_setup_teardown(changes_tell_how_long_it_lived, host_set_up,
						host_tear_down),
		cmocka_unit_test_setup_teardown(what_is_sorted_by_stays, host_set_up,
						host_tear_down),
		cmocka_unit_test_setup_teardown(a_mistake_is_explained_at_every_size, host_set_up,
						host_tear_down),
		cmocka_unit_test(a_name_moves_no_other_cell),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table: columns as wide as what they hold, wide characters counted, cut only for a terminal. */
#include <config.h>

#include <linux/tcp.h>
#include <locale.h>

#include "base/text.h"
#include "printed.h"

/* Listeners on ports 80, 81 ... whose services have these names. */
static void add_services(struct rows *r, const char *const *names, size_t n)
{
	struct buf file = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0",
					   (uint16_t)(80 + i), NULL, 0);

		rows_add(r, &sk);
		buf_printf(&file, "%s %zu/tcp\n", names[i], 80 + i);
	}
	services_read(r->names.services, file.data, file.len);
	buf_fini(&file);
	rows_make(r);
}

static const char *const awkward[] = {
	"plain",
	"\xc3\xa9t\xc3\xa9", /* each e with acute: two bytes, one column */
	"\xe6\xbc\xa2\xe5\xad\x97", /* two characters, four columns */
	"e\xcc\x81t", /* a combining accent: no column of its own */
	"\033[2J",
	"a\xffz",
};

static void widths(void **state)
{
	struct rows *r = *state;
	struct format_options opt = { .has_header = true };

	add_services(r, awkward, 6);
	expect_printed(r, list_print, "service local_port proto", opt,
		       "SERVICE  LPORT  PROTO\n"
		       "plain       80  tcp\n"
		       "\xc3\xa9t\xc3\xa9         81  tcp\n"
		       "\xe6\xbc\xa2\xe5\xad\x97        82  tcp\n"
		       "e\xcc\x81t          83  tcp\n"
		       "\\x1b[2J     84  tcp\n"
		       "a\\xffz      85  tcp\n");
	opt.is_ascii = true;
	opt.has_header = false;
	expect_printed(r, list_print, "local_port service", opt,
		       "80  plain\n"
		       "81  \\xc3\\xa9t\\xc3\\xa9\n"
		       "82  \\xe6\\xbc\\xa2\\xe5\\xad\\x97\n"
		       "83  e\\xcc\\x81t\n"
		       "84  \\x1b[2J\n"
		       "85  a\\xffz\n");
}

static void no_rows(void **state)
{
	struct rows *r = *state;
	struct format_options opt = { .has_header = true };

	rows_make(r);
	expect_printed(r, list_print, "service local_port proto", opt, "SERVICE  LPORT  PROTO\n");
	opt.has_header = false;
	expect_printed(r, list_print, "service local_port proto", opt, "");
}

/* What does not fit is cut with a mark, from the widest column; never inside of a character. */
static void cut_for_a_terminal(void **state)
{
	static const char *const names[] = {
		"0123456789abcdef",
		"\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2",
		"short",
	};
	struct rows *r = *state;
	struct format_options opt = { .has_header = true, .width = 20 };

	add_services(r, names, 3);
	expect_printed(r, list_print, "service local_port proto", opt,
		       "SERVI\xe2\x80\xa6  LPORT  PROTO\n"
		       "01234\xe2\x80\xa6     80  tcp\n"
		       "\xe6\xbc\xa2\xe6\xbc\xa2\xe2\x80\xa6      81  tcp\n"
		       "short      82  tcp\n");
}

/* Whatever the width, no line is wider than it, down to the least that columns are made. */
static void no_line_is_wider_than_the_terminal(void **state)
{
	static const char *const names[] = {
		"0123456789abcdef0123456789abcdef",
		"\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2",
		"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81t",
		"\033\033\033\033\033\033\033\033",
	};
	struct rows *r = *state;
	struct format_options opt = { .has_header = true };

	add_services(r, names, 4);
	for (opt.width = 34; opt.width < 100; opt.width++) {
		char *text = printed(r, list_print, "service local peer service state", opt, NULL);

		for (char *rest = text, *line; (line = strsep(&rest, "\n"));)
			assert_in_range(text_width(line, strlen(line)), 0, opt.width);
		free(text);
	}
}

/* Ports always show: an address gives way, or the line is broken, but a port stays. */
static void ports_stay_whole(void **state)
{
	struct rows *r = *state;
	struct format_options opt = { .is_ascii = true };
	struct sock v4 = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "198.51.100.122", 60999,
				   "203.0.113.117", 54321);
	struct sock v6 = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "2001:db8:1234:5678::9abc",
				   60999, "2001:db8:1234:5678::def0", 54321);

	rows_add(r, &v4);
	rows_add(r, &v6);
	rows_make(r);
	for (opt.width = 5; opt.width < 90; opt.width++) {
		char *text = printed(r, list_print, "proto state local peer process", opt, NULL);

		for (char *rest = text, *line; (line = strsep(&rest, "\n")) && *line;) {
			const char *local = strstr(line, ":60999 ");

			assert_non_null(local);
			assert_non_null(strstr(local, ":54321 "));
		}
		free(text);
	}
	opt.width = 40;
	expect_printed(r, list_print, "proto local peer", opt,
		       "tcp  198.51.10~:60999  203.0.113.~:54321\n"
		       "tcp  [2001:db~]:60999  [2001:db8~]:54321\n");
}

/* The name of a service gives way before an address does. */
static void services_are_cut_first(void **state)
{
	static const char services[] = "0123456789abcdef0123456789abcdef 60999/tcp\n";
	struct rows *r = *state;
	struct format_options opt = { .is_ascii = true, .width = 35 };
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "198.51.100.122", 60999, NULL, 0);

	rows_add(r, &sk);
	services_read(r->names.services, services, strlen(services));
	rows_make(r);
	expect_printed(r, list_print, "service local proto", opt,
		       "0123456~  198.51.100.122:60999  tcp\n");
}

static void a_mark_in_ascii(void **state)
{
	static const char *const names[] = { "0123456789abcdef" };
	struct rows *r = *state;
	struct format_options opt = { .width = 12, .is_ascii = true };

	add_services(r, names, 1);
	expect_printed(r, list_print, "service local_port", opt, "0123456~  80\n");
}

/* Colour changes nothing but colour. */
static void colours(void **state)
{
	struct rows *r = *state;
	struct format_options opt = { .has_header = true, .has_color = true };
	struct sock listener = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);
	struct sock other = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "::", 80, "::", 1);

	rows_add(r, &listener);
	rows_add(r, &other);
	rows_make(r);
	expect_printed(r, list_print, "state proto", opt,
		       "\033[1mSTATE\033[0m   \033[1mPROTO\033[0m\n"
		       "\033[32mLISTEN\033[0m  tcp\n"
		       "ESTAB   tcp\n");
}

/* -0: nothing is padded, cut or headed; a tab between cells, NUL at the end. */
static void rows_that_end_in_nul(void **state)
{
	static const char want[] = "plain\t80\0\xc3\xa9t\xc3\xa9\t81";
	struct rows *r = *state;
	struct format_options opt = { .has_header = true, .is_null = true, .width = 5 };
	size_t len;
	char *text;

	add_services(r, awkward, 2);
	text = printed(r, list_print, "service local_port", opt, &len);
	assert_int_equal(len, sizeof(want));
	assert_memory_equal(text, want, sizeof(want));
	free(text);
}

static void a_summary(void **state)
{
	struct rows *r = *state;
	struct sock tcp = rows_sock(PROTO_TCP, SOCK_STATE_TIME_WAIT, "::1", 80, "::1", 1);
	struct sock udp = rows_sock(PROTO_UDPLITE, SOCK_STATE_BOUND, "0.0.0.0", 80, NULL, 0);
	struct format_options opt = { .has_header = true };

	for (int i = 0; i < 12; i++)
		rows_add(r, &tcp);
	rows_add(r, &udp);
	rows_make(r);
	expect_printed(r, summary_print, "", opt,
		       "PROTO    FAMILY  STATE      COUNT\n"
		       "tcp      inet6   TIME-WAIT     12\n"
		       "udplite  inet    BOUND          1\n");
	opt.has_header = false;
	expect_printed(r, summary_print, "", opt,
		       "tcp      inet6  TIME-WAIT  12\n"
		       "udplite  inet   BOUND       1\n");
	r->snap.n_rows = 0;
	expect_printed(r, summary_print, "", opt, "");
}

/* By columns that were named: the largest count first, totals added up, what is unknown by itself. */
static void a_summary_by_columns(void **state)
{
	static const struct {
		const char *peer;
		uint64_t sent; /* 0: not known */
	} rows[] = {
		{ "10.0.0.1", 5 }, { "10.0.0.2", 7 }, { "::ffff:10.0.0.2", 11 },
		{ NULL, 0 },	   { "10.0.0.3", 0 },
	};
	struct rows *r = *state;
	struct format_options opt = { .has_header = true };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *local = rows[i].peer && strchr(rows[i].peer, ':') ? "::1" : "10.0.0.9";
		struct sock sk =
			rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, local, 80, rows[i].peer, 9);
		struct tcp_info info = { .tcpi_bytes_sent = rows[i].sent };

		rows_add(r, &sk);
		if (rows[i].sent)
			sock_table_attach(&r->snap.table, SOCK_EXTRA_TCP_INFO, &info, sizeof(info));
	}
	rows_make(r);
	expect_printed(r, summary_print, "peer_addr tcp.bytes_sent", opt,
		       "RADDR     SENT(B)  COUNT\n"
		       "10.0.0.2       18      2\n"
		       "10.0.0.1        5      1\n"
		       "-               -      1\n"
		       "10.0.0.3        -      1\n");
	/* Without columns to tell rows apart it is the total. */
	expect_printed(r, summary_print, "tcp.bytes_sent", opt, "SENT(B)  COUNT\n     23      5\n");
	opt.has_header = false;
	expect_printed(r, summary_print, "local_port", opt, "80  5\n");
}

/* With -0: no padding, a tab between cells, NUL at the end of a row, and addresses as they are. */
static void a_summary_of_nuls(void **state)
{
	static const char want[] = "::ffff:10.0.0.2\t2\0-\t1";
	struct rows *r = *state;
	struct sock sk =
		rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "::1", 80, "::ffff:10.0.0.2", 9);
	struct sock listener = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::1", 80, NULL, 0);
	size_t len;
	char *text;

	rows_add(r, &sk);
	rows_add(r, &sk);
	rows_add(r, &listener);
	rows_make(r);
	text = printed(r, summary_print, "peer_addr",
		       (struct format_options){ .is_null = true, .has_header = true }, &len);
	assert_int_equal(len, sizeof(want));
	assert_memory_equal(text, want, sizeof(want));
	free(text);
}

/* There is no table then: what its cells would stand in was never asked for. */
static void neither_header_nor_rows(void **state)
{
	struct rows *r = *state;

	rows_make(r);
	expect_printed(r, list_print, "proto local", (struct format_options){ 0 }, "");
}

static void a_full_disk(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 80, NULL, 0);

	for (int i = 0; i < 5000; i++)
		rows_add(r, &sk);
	rows_make(r);
	expect_full(r, list_print, "proto local peer");
	expect_full(r, summary_print, "proto local peer");
}

static int use_utf8(void **state)
{
	(void)state;
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(widths),
		TEST(no_rows),
		TEST(cut_for_a_terminal),
		TEST(no_line_is_wider_than_the_terminal),
		TEST(ports_stay_whole),
		TEST(services_are_cut_first),
		TEST(a_mark_in_ascii),
		TEST(colours),
		TEST(rows_that_end_in_nul),
		TEST(a_summary),
		TEST(a_summary_by_columns),
		TEST(a_summary_of_nuls),
		TEST(neither_header_nor_rows),
		TEST(a_full_disk),
	};

	return cmocka_run_group_tests(tests, use_utf8, NULL);
}

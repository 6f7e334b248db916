/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comma-separated values as RFC 4180 has them. */
#include <config.h>

#include "printed.h"

static void quoting(void **state)
{
	static const struct {
		const char *name;
		const char *want;
	} cases[] = {
		{ "plain", "plain" },
		{ "two words", "two words" },
		{ "a,b", "\"a,b\"" },
		{ "say \"hi\"", "\"say \"\"hi\"\"\"" },
		{ "\"", "\"\"\"\"" },
		/* Made visible, a line break is none. */
		{ "a\nb\r", "a\\x0ab\\x0d" },
		{ "\033[2J", "\\x1b[2J" },
		{ "d\xc3\xa9j\xc3\xa0", "d\xc3\xa9j\xc3\xa0" },
		{ "\xff", "\\xff" },
	};
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);
	struct format_options opt = { .has_header = false };
	struct buf want = { 0 };

	sk.known |= SOCK_HAS_INODE;
	for (int i = 0; i < (int)(sizeof(cases) / sizeof(*cases)); i++) {
		char link[32], target[32];

		make_process(&r->tree, 10 + i, cases[i].name, 1);
		snprintf(link, sizeof(link), "%d/fd/3", 10 + i);
		snprintf(target, sizeof(target), "socket:[%d]", 500 + i);
		make_link(&r->tree, link, target);
		sk.inode = (uint32_t)(500 + i);
		rows_add(r, &sk);
		buf_printf(&want, "%s,%d\r\n", cases[i].want, 10 + i);
	}
	rows_make(r);
	rows_find_owners(r);
	expect_printed(r, csv_print, "owners.name owners.pid", opt, buf_cstr(&want));
	buf_fini(&want);
}

static void header_and_cells(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);
	struct format_options opt = { .has_header = true, .width = 10, .has_color = true };

	make_process(&r->tree, 7, "a", 1);
	make_process(&r->tree, 8, "b", 1);
	make_link(&r->tree, "7/fd/3", "socket:[500]");
	make_link(&r->tree, "8/fd/3", "socket:[500]");
	sk.known |= SOCK_HAS_INODE | SOCK_HAS_V6ONLY;
	sk.inode = 500;
	rows_add(r, &sk);
	rows_make(r);
	rows_find_owners(r);
	/* The words of JSON, composites as one cell, nothing where unknown, nothing cut or coloured. */
	expect_printed(r, csv_print, "state local peer tcp.rtt_us dual_stack owners.name process",
		       opt,
		       "state,local,peer,tcp.rtt_us,dual_stack,owners.name,process\r\n"
		       "listen,*:80,,,true,\"a,b\",a[7] +1\r\n");
	opt.has_header = false;
	expect_printed(r, csv_print, "state", opt, "listen\r\n");
}

static void a_summary(void **state)
{
	struct rows *r = *state;
	struct sock tcp = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);
	struct sock udp = rows_sock(PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 80, NULL, 0);
	struct format_options opt = { .has_header = true };

	rows_add(r, &udp);
	rows_add(r, &tcp);
	rows_add(r, &tcp);
	rows_make(r);
	expect_printed(r, summary_csv_print, "", opt,
		       "proto,family,state,count\r\ntcp,inet6,listen,2\r\nudp,inet,bound,1\r\n");
	expect_printed(r, summary_csv_print, "local service", opt,
		       "local,service,count\r\n[::]:80,http,2\r\n0.0.0.0:80,http,1\r\n");
}

static void a_full_disk(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 80, NULL, 0);

	for (int i = 0; i < 5000; i++)
		rows_add(r, &sk);
	rows_make(r);
	expect_full(r, csv_print, "proto local peer");
	expect_full(r, summary_csv_print, "proto local peer");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(quoting),
		TEST(header_and_cells),
		TEST(a_summary),
		TEST(a_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

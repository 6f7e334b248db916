/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters on values that are rare: protocols by name, timers without one, texts of any length. */
#include <config.h>

#include "query/filter.h"
#include "rows.h"

static void expect(const struct rows *r, const char *text, enum filter_result want)
{
	struct filter_error error;
	struct filter *f;
	enum filter_result got;

	if (filter_parse(&f, text, strlen(text), &r->names, &error))
		fail_msg("%s: %s", text, error.message);
	got = filter_match(f, &r->snap, &r->snap.rows[0]);
	if (got != want)
		fail_msg("%s: %d instead of %d", text, got, want);
	filter_free(f);
}

static void protocols_by_name_and_number(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_RAW, SOCK_STATE_BOUND, "0.0.0.0", 0, NULL, 0);
	struct filter_error error;
	struct filter *f;

	sk.ip_protocol = 1;
	rows_add(r, &sk);
	rows_make(r);
	expect(r, "ip_protocol icmp", FILTER_YES);
	expect(r, "ip_protocol 1", FILTER_YES);
	expect(r, "ip_protocol ospf", FILTER_NO);
	expect(r, "ip_protocol ospf,icmp", FILTER_YES);
	expect(r, "ip_protocol !icmp", FILTER_NO);
	assert_int_not_equal(filter_parse(&f, "ip_protocol icmpp", 17, &r->names, &error), 0);
	assert_string_equal(error.message, "Expected an IP protocol: icmp, ospf, or a number.");
}

/* A timer of a newer kernel is its number, for a list and for an expression. */
static void a_timer_without_a_name(void **state)
{
	struct rows *r = *state;
	struct sock sk =
		rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 9);

	sk.known |= SOCK_HAS_TIMER;
	sk.timer = 9;
	rows_add(r, &sk);
	rows_make(r);
	rows_expect_text(r, 0, "timer.kind", "9");
	expect(r, "timer.kind 9", FILTER_YES);
	expect(r, "timer.kind 8", FILTER_NO);
	expect(r, "timer.kind on", FILTER_NO);
	expect(r, "timer.kind ~ ^9$", FILTER_YES);
}

/* An argument longer than any buffer on the stack, and a command line longer than is read. */
static void long_command_lines(void **state)
{
	static char line[70000];
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);
	const struct process *process;

	memset(line, 'x', sizeof(line));
	line[1000] = '\0';
	line[65535] = 'y';
	make_process(&r->tree, 7, "long", 1);
	make_link(&r->tree, "7/fd/3", "socket:[500]");
	make_file(&r->tree, "7/cmdline", line, sizeof(line));
	sk.inode = 500;
	sk.known |= SOCK_HAS_INODE;
	rows_add(r, &sk);
	rows_make(r);
	rows_find_owners(r);
	process =
		snapshot_process(&r->snap, row_owners(&r->snap, &r->snap.rows[0]).list[0].process);
	/* The first 64 KiB, ended by a NUL of our own. */
	assert_int_equal(process->cmdline_len, 65537);
	assert_int_equal(process->cmdline[65535], 'y');
	assert_int_equal(process->cmdline[65536], '\0');
	expect(r, "cmd ~ ^x+$", FILTER_YES);
	expect(r, "cmd ~ ^y", FILTER_NO);
	expect(r, "cmd *y", FILTER_YES);
	expect(r, "cmd *z", FILTER_NO);
}

static void false_before_true(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);
	const struct column *c = rows_column("dual_stack");

	sk.known |= SOCK_HAS_V6ONLY;
	sk.v6only = 1;
	rows_add(r, &sk);
	sk.v6only = 0;
	rows_add(r, &sk);
	rows_make(r);
	assert_true(column_compare(c, &r->snap, &r->snap.rows[0], &r->snap.rows[1]) < 0);
	assert_true(column_compare(c, &r->snap, &r->snap.rows[1], &r->snap.rows[0]) > 0);
	expect(r, "dual_stack no", FILTER_YES);
	expect(r, "dual_stack != yes", FILTER_YES);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(protocols_by_name_and_number),
		TEST(a_timer_without_a_name),
		TEST(long_command_lines),
		TEST(false_before_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

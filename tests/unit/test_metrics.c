/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text format of Prometheus: labels, sums, and what must not become a label. */
#include <config.h>

#include "printed.h"

#define LISTENER "{proto=\"tcp\",address=\"0.0.0.0\",port=\"80\"} "

/* Which lines with numbers there are, as one text. */
static void expect_lines(const struct rows *r, const char *metric, const char *want)
{
	char *text = printed(r, metrics_print, "", (struct format_options){ 0 }, NULL);
	struct buf lines = { 0 };

	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		if (!strncmp(line, metric, strlen(metric)) && strchr("{ ", line[strlen(metric)]))
			buf_add(&lines, line, (size_t)(strchr(line, '\n') - line) + 1);
	if (strcmp(buf_cstr(&lines), want) != 0)
		fail_msg("%s:\n%s\ninstead of:\n%s", metric, buf_cstr(&lines), want);
	buf_fini(&lines);
	free(text);
}

static void add_listener(struct rows *r, const char *addr, uint16_t port, uint32_t inode)
{
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, addr, port, NULL, 0);

	sk.known |= SOCK_HAS_QUEUES | SOCK_HAS_IFACE | SOCK_HAS_INODE;
	sk.inode = inode;
	sk.recv_q = 3;
	sk.send_q = 100;
	rows_add(r, &sk);
}

static void add_connection(struct rows *r, const char *local, uint16_t port, const char *peer,
			   uint32_t inode)
{
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, local, port, peer, 40001);

	sk.known |= SOCK_HAS_INODE;
	sk.inode = inode;
	rows_add(r, &sk);
}

static void groups_are_summed(void **state)
{
	struct rows *r = *state;

	for (uint32_t i = 0; i < 2; i++)
		add_listener(r, "0.0.0.0", 80, 0);
	rows_make(r);
	expect_lines(r, "portstat_sockets",
		     "portstat_sockets{proto=\"tcp\",family=\"inet\",state=\"listen\"} 2\n");
	expect_lines(r, "portstat_listener_accept_queue",
		     "portstat_listener_accept_queue" LISTENER "6\n");
	expect_lines(r, "portstat_listener_accept_queue_limit",
		     "portstat_listener_accept_queue_limit" LISTENER "200\n");
	expect_lines(r, "portstat_listener_info",
		     "portstat_listener_info{proto=\"tcp\",address=\"0.0.0.0\",port=\"80\","
		     "reach=\"all\"} 1\n");
	/* What the kernel did not send is no zero. */
	expect_lines(r, "portstat_listener_drops_total", "");
}

static void connections(void **state)
{
	struct rows *r = *state;

	make_process(&r->tree, 7, "nginx", 1);
	make_link(&r->tree, "7/fd/3", "socket:[500]");
	make_link(&r->tree, "7/fd/4", "socket:[501]");
	make_link(&r->tree, "7/fd/5", "socket:[502]");
	add_listener(r, "127.0.0.1", 80, 500);
	add_connection(r, "127.0.0.1", 80, "127.0.0.9", 501);
	/* Another address of the same port, which that listener does not serve. */
	add_connection(r, "127.0.0.2", 80, "127.0.0.9", 502);
	rows_make(r);
	rows_find_owners(r);
	expect_lines(r, "portstat_listener_connections",
		     "portstat_listener_connections{proto=\"tcp\",port=\"80\","
		     "state=\"established\"} 1\n");
	expect_lines(r, "portstat_process_connections",
		     "portstat_process_connections{process=\"nginx\",state=\"established\"} 2\n");
}

/* Otherwise each new port would be a new series, for ever. */
static void ephemeral_ports_are_one(void **state)
{
	struct rows *r = *state;

	add_listener(r, "0.0.0.0", 40000, 0);
	add_listener(r, "0.0.0.0", 40001, 0);
	rows_make(r);
	expect_lines(r, "portstat_listener_accept_queue",
		     "portstat_listener_accept_queue{proto=\"tcp\",address=\"0.0.0.0\","
		     "port=\"ephemeral\"} 6\n");
}

/* Whatever a process calls itself, a label stays a label. */
static void hostile_names(void **state)
{
	static const struct {
		const char *name;
		const char *want;
	} cases[] = {
		{ "a\"} 1\nb 2", "a\\\"} 1\\\\x0ab 2" },
		{ "back\\slash", "back\\\\slash" },
		{ "\xff\033[2J", "\\\\xff\\\\x1b[2J" },
		{ "d\xc3\xa9j\xc3\xa0", "d\xc3\xa9j\xc3\xa0" },
	};
	struct rows *r = *state;
	struct buf want = { 0 };

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char link[32], target[32];

		snprintf(link, sizeof(link), "%u/fd/3", 7 + i);
		snprintf(target, sizeof(target), "socket:[%u]", 500 + i);
		sock_table_clear(&r->snap.table);
		make_process(&r->tree, (int)(7 + i), cases[i].name, 1);
		make_link(&r->tree, link, target);
		add_listener(r, "0.0.0.0", 80, 500 + i);
		rows_make(r);
		rows_find_owners(r);
		buf_clear(&want);
		buf_printf(&want,
			   "portstat_listener_info{proto=\"tcp\",address=\"0.0.0.0\",port=\"80\","
			   "process=\"%s\",reach=\"all\"} 1\n",
			   cases[i].want);
		expect_lines(r, "portstat_listener_info", buf_cstr(&want));
	}
	buf_fini(&want);
}

static void the_moment(void **state)
{
	struct rows *r = *state;
	struct problem problem = { .code = PROBLEM_PROCESSES, .proto = PROBLEM_NO_PROTO };

	r->snap.time_ms = 1700000000007;
	rows_make(r);
	expect_lines(r, "portstat_timestamp_seconds",
		     "portstat_timestamp_seconds 1700000000.007\n");
	expect_lines(r, "portstat_complete", "portstat_complete 1\n");
	problems_add(&r->snap.problems, &problem);
	expect_lines(r, "portstat_complete", "portstat_complete 0\n");
	expect_full(r, metrics_print, "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(groups_are_summed), TEST(connections), TEST(ephemeral_ports_are_one),
		TEST(hostile_names),	 TEST(the_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

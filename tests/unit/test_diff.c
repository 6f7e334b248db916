/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two snapshots compared: what pairs, what changed, and how it is written. */
#include <config.h>

#include "rows.h"

#include "format/format.h"
#include "query/column_list.h"
#include "query/diff.h"
#include "query/diff_holder.h"

/* A socket and its owner; what is 0 or NULL it lacks. */
struct thing {
	const char *addr;
	uint16_t port;
	const char *peer;
	uint16_t peer_port;
	const char *name; /* of the owner; NULL: hidden */
	const char *cgroup;
	uint32_t uid;
	enum sock_proto proto; /* PROTO_TCP by default */
	enum sock_state state;
	bool is_v6only;
};

struct sides {
	struct rows *was;
	struct rows *now;
};

static int set_up(void **state)
{
	struct sides *s = calloc(1, sizeof(*s));
	void *was, *now;

	if (!s || rows_set_up(&was) || rows_set_up(&now))
		return -1;
	s->was = was;
	s->now = now;
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct sides *s = *state;
	void *was = s->was, *now = s->now;

	free(s);
	return rows_tear_down(&was) || rows_tear_down(&now);
}

static void add_owner(struct rows *r, const struct thing *thing, int pid, uint32_t inode)
{
	const char *cgroup = thing->cgroup ? thing->cgroup : "0::/\n";
	char path[32], target[32];

	make_process(&r->tree, pid, thing->name, 1);
	snprintf(path, sizeof(path), "%d/fd/3", pid);
	snprintf(target, sizeof(target), "socket:[%u]", inode);
	make_link(&r->tree, path, target);
	snprintf(path, sizeof(path), "%d/cgroup", pid);
	make_file(&r->tree, path, cgroup, strlen(cgroup));
}

static void add_thing(struct rows *r, const struct thing *thing, int pid)
{
	enum sock_state state = thing->peer ? SOCK_STATE_ESTABLISHED : SOCK_STATE_LISTEN;
	struct sock sk = rows_sock(thing->proto, state, thing->addr, thing->port, thing->peer,
				   thing->peer_port);

	if (thing->state)
		sk.state = (uint8_t)thing->state;
	sk.uid = thing->uid;
	sk.v6only = thing->is_v6only;
	sk.known |= SOCK_HAS_UID | SOCK_HAS_INODE | SOCK_HAS_IFACE | SOCK_HAS_V6ONLY;
	/* Pids, inodes and cookies are never the same on both sides. */
	sk.inode = (uint32_t)pid;
	sk.cookie = (uint64_t)pid;
	sk.known |= SOCK_HAS_COOKIE;
	rows_add(r, &sk);
	if (thing->name)
		add_owner(r, thing, pid, sk.inode);
}

static void add_things(struct rows *r, const struct thing *things, size_t n, int pid)
{
	struct owner_key keys[16];

	for (size_t i = 0; i < n; i++) {
		add_thing(r, &things[i], pid + (int)i);
		keys[i] = (struct owner_key){ .inode = (uint32_t)pid + (uint32_t)i };
	}
	rows_make(r);
	for (size_t i = 0; i < n; i++)
		r->snap.rows[i].owner_note = things[i].name ? NOTE_NONE : NOTE_HIDDEN;
	r->names.owners = owners_new(r->tree.root, OWNERS_PROC);
	assert_int_equal(owners_scan(r->names.owners, keys, n, OWNERS_WITH_CGROUPS), 0);
}

typedef int print_diff(FILE *stream, const struct diff *diff, const struct format_options *opt);

static char *printed_diff(const struct sides *s, print_diff *print, const char *keys,
			  bool has_color)
{
	struct column_list list = { 0 };
	struct format_options opt = { .has_header = true, .has_color = has_color };
	struct diff diff = { 0 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	column_list_add_keys(&list, keys);
	opt.columns = list.list;
	opt.n_columns = list.n;
	diff_compare(&diff, &s->was->snap, &s->now->snap);
	assert_int_equal(print(out, &diff, &opt), 0);
	assert_int_equal(fclose(out), 0);
	diff_fini(&diff);
	column_list_fini(&list);
	return text;
}

/* The lines, but for the header. */
static void expect_diff(const struct sides *s, const char *want)
{
	char *text = printed_diff(s, diff_print, "local peer", false);
	const char *rows = *text ? strchr(text, '\n') + 1 : text;

	if (strcmp(rows, want) != 0)
		fail_msg("want:\n%sgot:\n%s", want, rows);
	free(text);
}

#define WAS(...)                                                                   \
	do {                                                                       \
		static const struct thing things[] = { __VA_ARGS__ };              \
		add_things(s->was, things, sizeof(things) / sizeof(*things), 100); \
	} while (0)
/* Their pids and cookies are lower ones. */
#define NOW(...)                                                                  \
	do {                                                                      \
		static const struct thing things[] = { __VA_ARGS__ };             \
		add_things(s->now, things, sizeof(things) / sizeof(*things), 50); \
	} while (0)

/* Other pids, inodes, cookies, ephemeral ports and order. */
static void a_restart_is_no_difference(void **state)
{
	const struct sides *s = *state;

	WAS({ "0.0.0.0", 80, .name = "nginx" }, { "0.0.0.0", 80, .name = "nginx" },
	    { "127.0.0.1", 40001, .name = "java" },
	    { "10.0.0.1", 40002, "10.0.0.9", 5432, .name = "app" },
	    { "10.0.0.1", 80, "10.0.0.7", 1024, .name = "nginx" },
	    { "0.0.0.0", 53, .proto = PROTO_UDP, .state = SOCK_STATE_BOUND, .name = "named" });
	NOW({ "10.0.0.1", 80, "10.0.0.7", 50000, .name = "nginx" },
	    { "10.0.0.2", 41000, "10.0.0.9", 5432, .name = "app" },
	    { "10.0.0.2", 41001, "10.0.0.9", 5432, .name = "app" },
	    { "127.0.0.1", 50002, .name = "java" }, { "0.0.0.0", 80, .name = "nginx" },
	    { "0.0.0.0", 53, .proto = PROTO_UDP, .state = SOCK_STATE_BOUND, .name = "named" });
	expect_diff(s, "");
}

static void moved_new_and_another_user(void **state)
{
	const struct sides *s = *state;

	WAS({ "127.0.0.1", 5432, .name = "postgres" },
	    { "0.0.0.0", 8080, .name = "node", .uid = 4000000001 },
	    { "0.0.0.0", 22, .name = "sshd" });
	NOW({ "0.0.0.0", 22, .name = "sshd" }, { "0.0.0.0", 5432, .name = "postgres" },
	    { "0.0.0.0", 6379, .name = "redis" },
	    { "0.0.0.0", 8080, .name = "node", .uid = 4000000002 });
	expect_diff(s, "~ 0.0.0.0:5432  -     reach host > all\n"
		       "+ 0.0.0.0:6379  -\n"
		       "~ 0.0.0.0:8080  -     user 4000000001 > 4000000002\n");
}

static void gone_and_replaced(void **state)
{
	const struct sides *s = *state;

	WAS({ "0.0.0.0", 80, .name = "apache2" }, { "10.0.0.1", 81, .name = "a" },
	    { "0.0.0.0", 82, .name = "b" });
	NOW({ "0.0.0.0", 80, .name = "nginx" }, { "10.0.0.2", 81, .name = "a" });
	expect_diff(s, "- 0.0.0.0:80   -\n"
		       "+ 0.0.0.0:80   -\n"
		       "~ 10.0.0.2:81  -     laddr 10.0.0.1 > 10.0.0.2\n"
		       "- 0.0.0.0:82   -\n");
}

/* With two of either kind nobody knows which one has moved. */
static void two_that_moved_are_not_guessed(void **state)
{
	const struct sides *s = *state;

	WAS({ "10.0.0.1", 53, .name = "named" }, { "10.0.0.2", 53, .name = "named" });
	NOW({ "10.0.0.3", 53, .name = "named" });
	expect_diff(s, "- 10.0.0.1:53  -\n"
		       "- 10.0.0.2:53  -\n"
		       "+ 10.0.0.3:53  -\n");
}

static void holders(void **state)
{
	const struct sides *s = *state;

	WAS({ "0.0.0.0", 1, .name = "a", .cgroup = "0::/system.slice/web.service\n" },
	    { "0.0.0.0", 2, .name = "bash", .cgroup = "0::/user.slice/session-3.scope\n" },
	    { "0.0.0.0", 3, .name = "a" }, { "0.0.0.0", 4, .name = NULL },
	    { "0.0.0.0", 5, .name = "x" },
	    { "0.0.0.0", 6, .name = "a", .cgroup = "0::/system.slice/a.service\n" });
	NOW({ "0.0.0.0", 1, .name = "b", .cgroup = "0::/system.slice/web.service\n" },
	    { "0.0.0.0", 2, .name = "bash", .cgroup = "0::/user.slice/session-4.scope\n" },
	    { "0.0.0.0", 3, .name = "a", .cgroup = "0::/system.slice/a.service\n" },
	    { "0.0.0.0", 4, .name = "nginx" }, { "0.0.0.0", 5, .name = NULL },
	    { "0.0.0.0", 6, .name = "a", .cgroup = "0::/system.slice/b.service\n" });
	expect_diff(s, "~ 0.0.0.0:1  -     proc a > b\n"
		       "~ 0.0.0.0:3  -     unit - > a.service\n"
		       "- 0.0.0.0:6  -\n"
		       "+ 0.0.0.0:6  -\n");
}

static void wildcards(void **state)
{
	const struct sides *s = *state;

	WAS({ "0.0.0.0", 80, .name = "a" }, { "::", 81, .name = "b" });
	NOW({ "::", 80, .name = "a" }, { "::", 81, .name = "b", .is_v6only = true });
	expect_diff(s, "~ *:80     -     laddr 0.0.0.0 > ::\n"
		       "~ [::]:81  -     dual_stack true > false\n");
}

static void connections(void **state)
{
	const struct sides *s = *state;

	WAS({ "0.0.0.0", 40000, .name = "srv" },
	    { "10.0.0.1", 40000, "10.0.0.2", 33000, .name = "srv" },
	    { "10.0.0.1", 33001, "10.0.0.3", 443, .name = "cli" },
	    { "10.0.0.1", 33002, "10.0.0.4", 25, .name = "mail" });
	NOW({ "0.0.0.0", 40000, .name = "srv" },
	    { "10.0.0.1", 40000, "10.0.0.2", 20000, .name = "srv" },
	    { "10.0.0.1", 33001, "10.0.0.3", 444, .name = "cli" },
	    { "::ffff:10.0.0.1", 33002, "::ffff:10.0.0.4", 25, .name = "mail" });
	expect_diff(s, "- 10.0.0.1:33001  10.0.0.3:443\n"
		       "+ 10.0.0.1:33001  10.0.0.3:444\n");
}

static void hosts_and_namespaces(void **state)
{
	const struct sides *s = *state;

	WAS({ "0.0.0.0", 80, .name = "a" });
	NOW({ "0.0.0.0", 80, .name = "a" });
	/* Of a recording nobody knows the host. */
	s->was->snap.host = "web1";
	expect_diff(s, "");
	s->now->snap.host = "web1";
	expect_diff(s, "");
	s->now->snap.host = "web2";
	expect_diff(s, "- 0.0.0.0:80  -\n+ 0.0.0.0:80  -\n");
}

static void formats(void **state)
{
	const struct sides *s = *state;
	char *text;

	WAS({ "127.0.0.1", 80, .name = "a,\"b" }, { "0.0.0.0", 81, .name = "c" });
	NOW({ "0.0.0.0", 80, .name = "a,\"b" }, { "0.0.0.0", 82, .name = "d" });
	text = printed_diff(s, diff_print, "proto local_port", true);
	assert_string_equal(text, "  \033[1mPROTO  LPORT\033[0m\n"
				  "\033[33m~\033[0m tcp       80  reach host > all\n"
				  "\033[31m-\033[0m tcp       81\n"
				  "\033[32m+\033[0m tcp       82\n");
	free(text);
	text = printed_diff(s, diff_csv_print, "local_port owners.name", false);
	assert_string_equal(text, "change,was,local_port,owners.name\r\n"
				  "changed,\"local_addr=127.0.0.1,reach=host\",80,\"a,\"\"b\"\r\n"
				  "gone,,81,c\r\nnew,,82,d\r\n");
	free(text);
	text = printed_diff(s, diff_json_lines_print, "local_port reach", false);
	assert_string_equal(
		text,
		"{\"change\": \"changed\", \"was\": {\"local_addr\": \"127.0.0.1\", "
		"\"reach\": \"host\"}, \"local_port\": 80, \"reach\": \"all\"}\n"
		"{\"change\": \"gone\", \"was\": null, \"local_port\": 81, \"reach\": \"all\"}\n"
		"{\"change\": \"new\", \"was\": null, \"local_port\": 82, \"reach\": \"all\"}\n");
	free(text);
}

static void stems_of_pods(void **state)
{
	static const char *const cases[][2] = {
		{ "shop/web-5d4f8c7b9d-x2x7k", "shop/web" },
		{ "kube-system/log-x2x7k", "kube-system/log" },
		{ "db/postgres-0", "db/postgres-0" },
		{ "a/web-proxy", "a/web-proxy" },
		{ "-x2x7k", "-x2x7k" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(diff_pod_stem(cases[i][0], strlen(cases[i][0])),
				 strlen(cases[i][1]));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_restart_is_no_difference),
		CASE(moved_new_and_another_user),
		CASE(gone_and_replaced),
		CASE(two_that_moved_are_not_guessed),
		CASE(holders),
		CASE(wildcards),
		CASE(connections),
		CASE(hosts_and_namespaces),
		CASE(formats),
		cmocka_unit_test(stems_of_pods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

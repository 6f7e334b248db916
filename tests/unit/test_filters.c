/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows as filters: what finds the same socket again after a restart, one line each. */
#include <config.h>

#include "model/ip_protocol.h"
#include "printed.h"
#include "query/filter.h"

/* Each line of the text is a filter, and finds the row that it was written for. */
static void expect_filters(const struct rows *r, const char *want)
{
	char *text = printed(r, filters_print, "proto", (struct format_options){ 0 }, NULL);
	size_t row = 0;

	assert_string_equal(text, want);
	for (char *rest = text, *line; (line = strsep(&rest, "\n")) && *line; row++) {
		struct filter_error error;
		struct filter *f;

		if (filter_parse(&f, line, strlen(line), &r->names, &error))
			fail_msg("%s: %s", line, error.message);
		assert_int_equal(filter_match(f, &r->snap, &r->snap.rows[row]), FILTER_YES);
		filter_free(f);
	}
	free(text);
}

static void both_ends_of_a_connection(void **state)
{
	struct rows *r = *state;
	struct sock server =
		rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 443, "10.0.0.2", 40000);
	struct sock client = rows_sock(PROTO_TCP, SOCK_STATE_CLOSE_WAIT, "2001:db8::2", 40001,
				       "2001:db8::1", 22);

	rows_add(r, &server);
	rows_add(r, &client);
	rows_make(r);
	/* A port that the kernel chose is another one the next time. */
	expect_filters(r,
		       "proto tcp and laddr 10.0.0.1 and lport 443 and raddr 10.0.0.2 and rport "
		       "ephemeral\n"
		       "proto tcp and laddr 2001:db8::2 and lport ephemeral and raddr 2001:db8::1 "
		       "and rport 22\n");
}

/* Raw sockets have no ports; members of a group are one line. */
static void listeners(void **state)
{
	struct rows *r = *state;
	struct sock raw = rows_sock(PROTO_RAW, SOCK_STATE_BOUND, "0.0.0.0", 0, NULL, 0);
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);
	char *text;

	raw.ip_protocol = 89;
	rows_add(r, &raw);
	rows_add(r, &sk);
	rows_make(r);
	expect_filters(r, "proto raw and ip_protocol 89 and state bound and laddr 0.0.0.0\n"
			  "proto tcp and state listen and laddr :: and lport 80\n");
	rows_add(r, &sk);
	rows_make(r);
	text = printed(r, filters_print, "proto", (struct format_options){ 0 }, NULL);
	assert_string_equal(text, "proto raw and ip_protocol 89 and state bound and laddr 0.0.0.0\n"
				  "proto tcp and state listen and laddr :: and lport 80\n");
	free(text);
}

/* A unit outlives its processes, but not the scope of a session; a name may need quotes. */
static void holders(void **state)
{
	static const struct {
		int pid;
		const char *name;
		const char *cgroup;
	} processes[] = {
		{ 7, "nginx", "0::/system.slice/nginx.service\n" },
		{ 8, "bash", "0::/user.slice/session-3.scope\n" },
		{ 9, "tmux: server", "0::/\n" },
	};
	struct rows *r = *state;
	struct owner_key keys[3];
	char path[32], target[32];

	for (uint32_t i = 0; i < 3; i++) {
		struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "127.0.0.1",
					   (uint16_t)(80 + i), NULL, 0);

		sk.inode = 500 + i;
		sk.known |= SOCK_HAS_INODE;
		rows_add(r, &sk);
		keys[i] = (struct owner_key){ .inode = sk.inode };
		make_process(&r->tree, processes[i].pid, processes[i].name, 1);
		snprintf(path, sizeof(path), "%d/fd/3", processes[i].pid);
		snprintf(target, sizeof(target), "socket:[%u]", sk.inode);
		make_link(&r->tree, path, target);
		snprintf(path, sizeof(path), "%d/cgroup", processes[i].pid);
		make_file(&r->tree, path, processes[i].cgroup, strlen(processes[i].cgroup));
	}
	rows_make(r);
	r->names.owners = owners_new(r->tree.root, OWNERS_PROC);
	assert_int_equal(owners_scan(r->names.owners, keys, 3, OWNERS_WITH_CGROUPS), 0);
	expect_filters(r,
		       "proto tcp and state listen and laddr 127.0.0.1 and lport 80 and unit "
		       "nginx.service\n"
		       "proto tcp and state listen and laddr 127.0.0.1 and lport 81 and proc bash\n"
		       "proto tcp and state listen and laddr 127.0.0.1 and lport 82 and proc "
		       "\"tmux: server\"\n");
}

/* Of several namespaces the name comes first. */
static void namespaces(void **state)
{
	static char host[] = "host", blue[] = "blue";
	struct snapshot_netns known[] = { { .inode = 1, .name = host },
					  { .inode = 2, .name = blue } };
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 53, NULL, 0);

	rows_add(r, &sk);
	sk.netns = 1;
	rows_add(r, &sk);
	rows_make(r);
	r->snap.namespaces = known;
	r->snap.has_namespaces = true;
	r->snap.n_namespaces = 2;
	expect_filters(r,
		       "netns_name host and proto udp and state bound and laddr 0.0.0.0 and lport "
		       "53\n"
		       "netns_name blue and proto udp and state bound and laddr 0.0.0.0 and lport "
		       "53\n");
	r->snap.namespaces = NULL;
	r->snap.n_namespaces = 0;
	r->snap.has_namespaces = false;
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(both_ends_of_a_connection),
		TEST(listeners),
		TEST(holders),
		TEST(namespaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may hold a socket whose owners are hidden, in a tree of processes and cgroups. */
#include <config.h>

#include "resolve/candidates.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "printed.h"
#include "query/row_candidates.h"
#include "resolve/cgroups.h"
#include "resolve/netns.h"
#include "rows.h"
#include "test.h"

/* More than any kernel gives out: nothing has this pid. */
#define GONE 5000001

/* The user of all processes: root may give them to another one, and others only to themselves. */
#define USER (geteuid() ? geteuid() : 1000U)
#define OTHER (USER + 1)

struct process_of_tree {
	int pid;
	int parent;
	const char *name;
	const char *cmdline; /* NULL: none */
	size_t n_fds;
	bool is_elsewhere; /* in another network namespace */
	char state; /* 0: sleeping */
	bool has_threads;
};

static void make_member(const struct tree *t, const struct process_of_tree *p)
{
	char path[64], other[64], text[512];
	int len;

	snprintf(path, sizeof(path), "%d", p->pid);
	make_dir(t, path);
	if (!geteuid())
		assert_int_equal(fchownat(t->root, path, USER, USER, 0), 0);
	snprintf(path, sizeof(path), "%d/stat", p->pid);
	len = snprintf(text, sizeof(text),
		       "%d (%s) %c %d 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 77 5 6\n", p->pid,
		       p->name, p->state ? p->state : 'S', p->parent);
	make_file(t, path, text, (size_t)len);
	/* A file instead of a directory: it has a size, and cannot be read as one. */
	snprintf(path, sizeof(path), "%d/fd", p->pid);
	make_file(t, path, "xxxxxxxxxx", p->n_fds);
	snprintf(path, sizeof(path), "%d/task", p->pid);
	make_dir(t, path);
	for (int i = 0; i <= p->has_threads; i++) {
		snprintf(path, sizeof(path), "%d/task/%d", p->pid, p->pid + i);
		make_dir(t, path);
	}
	snprintf(path, sizeof(path), "%d/net", p->pid);
	make_dir(t, path);
	snprintf(path, sizeof(path), "%d/net/tcp", p->pid);
	snprintf(other, sizeof(other), "%s/net/tcp", p->is_elsewhere ? "elsewhere" : "self");
	assert_int_equal(linkat(t->root, other, t->root, path, 0), 0);
	snprintf(path, sizeof(path), "%d/cmdline", p->pid);
	if (p->cmdline)
		make_file(t, path, p->cmdline, strlen(p->cmdline) + 1);
}

/* A cgroup with these processes; returns its ID. */
static uint64_t make_cgroup(const struct tree *t, const char *name, const char *procs)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "cgroup/%s", name);
	make_dir(t, path);
	assert_int_equal(fstatat(t->root, path, &st, 0), 0);
	snprintf(path, sizeof(path), "cgroup/%s/cgroup.procs", name);
	make_file(t, path, procs, strlen(procs));
	return st.st_ino;
}

static int set_up(void **state)
{
	struct rows *r;
	char path[80];

	if (rows_set_up(state))
		return -1;
	r = *state;
	make_dir(&r->tree, "self");
	make_dir(&r->tree, "self/net");
	make_file(&r->tree, "self/net/tcp", "", 0);
	make_file(&r->tree, "self/fd", "xx", 2);
	make_dir(&r->tree, "elsewhere");
	make_dir(&r->tree, "elsewhere/net");
	make_file(&r->tree, "elsewhere/net/tcp", "", 0);
	make_dir(&r->tree, "cgroup");
	snprintf(path, sizeof(path), "%s/cgroup", r->tree.path);
	r->names.cgroups = cgroups_new(path);
	r->names.candidates = candidates_new(r->tree.root, r->names.cgroups);
	return 0;
}

static int tear_down(void **state)
{
	struct rows *r = *state;

	candidates_free(r->names.candidates);
	cgroups_free(r->names.cgroups);
	return rows_tear_down(state);
}

/* A listener whose owners are hidden; returns its row. */
static size_t add_hidden(struct rows *r, uint64_t cgroup, uint32_t uid, uint16_t port)
{
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", port, NULL, 0);

	sk.cgroup = cgroup;
	sk.uid = uid;
	sk.inode = 1000 + (uint32_t)r->snap.table.n;
	sk.known |= SOCK_HAS_CGROUP | SOCK_HAS_UID | SOCK_HAS_INODE;
	assert_true(rows_add(r, &sk));
	return r->snap.table.n - 1;
}

/* Makes the rows of all sockets, all hidden, and finds who may hold them. */
static void find(struct rows *r)
{
	cgroups_clear(r->names.cgroups);
	candidates_clear(r->names.candidates);
	rows_make(r);
	for (size_t i = 0; i < r->snap.n_rows; i++)
		r->snap.rows[i].owner_note = NOTE_HIDDEN;
	r->snap.resolved &= ~(unsigned int)NEED_CANDIDATES;
	row_candidates_find(&r->snap);
}

static void one_fits(void **state)
{
	struct rows *r = *state;
	uint64_t unit;

	make_member(&r->tree, &(struct process_of_tree){ 812, 1, "nginx", .n_fds = 3 });
	unit = make_cgroup(&r->tree, "nginx.service", "812\n");
	add_hidden(r, unit, USER, 80);
	find(r);
	rows_expect_text(r, 0, "process", "~nginx[812]?");
	rows_expect_text(r, 0, "owners", "(hidden)");
	rows_expect_text(r, 0, "owner_note", "hidden");
	rows_expect_text(r, 0, "owners.pid", "-");
	rows_expect_text(r, 0, "candidates", "nginx[812]");
	rows_expect_text(r, 0, "candidates.pid", "812");
	rows_expect_text(r, 0, "candidate_count", "1");
	rows_expect_text(r, 0, "confidence", "likely");
	/* What has owners has no candidates. */
	rows_make(r);
	row_candidates_find(&r->snap);
	rows_expect_text(r, 0, "candidates", "-");
	rows_expect_text(r, 0, "candidate_count", "0");
	rows_expect_text(r, 0, "confidence", "-");
}

static void json(void **state)
{
	struct rows *r = *state;
	char want[256];

	make_member(&r->tree, &(struct process_of_tree){ 20, 1, "a\xff\"\x1b", .n_fds = 3 });
	add_hidden(r, make_cgroup(&r->tree, "a.service", "20\n"), USER, 80);
	add_hidden(r, make_cgroup(&r->tree, "b.service", ""), USER, 81);
	find(r);
	snprintf(
		want, sizeof(want),
		"{\"candidates\": [{\"pid\": 20, \"name\": \"a\xef\xbf\xbd\\\"\\u001b\", \"uid\": %u}], "
		"\"candidate_count\": 1, \"confidence\": \"likely\", \"owners\": []}\n"
		"{\"candidates\": [], \"candidate_count\": 0, \"confidence\": null, \"owners\": []}\n",
		USER);
	expect_printed(r, json_lines_print, "candidates candidate_count confidence owners",
		       (struct format_options){ 0 }, want);
	/* Nobody looked. */
	r->snap.resolved &= ~(unsigned int)NEED_CANDIDATES;
	r->snap.n_rows = 1;
	expect_printed(r, json_lines_print, "candidates candidate_count confidence",
		       (struct format_options){ 0 },
		       "{\"candidates\": null, \"candidate_count\": null, \"confidence\": null}\n");
}

static void workers_have_a_parent(void **state)
{
	struct rows *r = *state;

	for (int pid = 900; pid < 903; pid++)
		make_member(&r->tree, &(struct process_of_tree){ pid, 950, "worker", .n_fds = 3 });
	make_member(&r->tree, &(struct process_of_tree){ 950, 1, "nginx", .n_fds = 3 });
	add_hidden(r, make_cgroup(&r->tree, "nginx.service", "902\n900\n950\n901\n900\n"), USER,
		   80);
	find(r);
	rows_expect_text(r, 0, "process", "~one of 4: nginx");
	rows_expect_text(r, 0, "candidates.pid", "950,900,901,902");
	rows_expect_text(r, 0, "confidence", "one-of");
	r->snap.names_every_owner = true;
	rows_expect_text(r, 0, "process",
			 "~one of 4: nginx[950],worker[900],worker[901],worker[902]");
}

static void names(void **state)
{
	struct rows *r = *state;
	struct buf all = { 0 };

	for (int pid = 11; pid < 20; pid++) {
		make_member(&r->tree,
			    &(struct process_of_tree){ pid, 1, pid < 13 ? "a" : "b", .n_fds = 3 });
		buf_printf(&all, "%d\n", pid);
	}
	add_hidden(r, make_cgroup(&r->tree, "same.scope", "11\n12\n"), USER, 80);
	add_hidden(r, make_cgroup(&r->tree, "others.scope", "12\n13\n"), USER, 80);
	add_hidden(r, make_cgroup(&r->tree, "eight.scope", buf_cstr(&all) + 3), USER, 80);
	add_hidden(r, make_cgroup(&r->tree, "nine.scope", buf_cstr(&all)), USER, 80);
	add_hidden(r, make_cgroup(&r->tree, "none.socket", ""), USER, 80);
	add_hidden(r, make_cgroup(&r->tree, "no-unit", ""), USER, 80);
	find(r);
	rows_expect_text(r, 0, "process", "~one of 2: a");
	rows_expect_text(r, 1, "process", "~one of 2: a, ...");
	rows_expect_text(r, 2, "candidates.pid", "12,13,14,15,16,17,18,19");
	/* More than eight are only counted. */
	rows_expect_text(r, 3, "process", "~one of 9");
	rows_expect_text(r, 3, "candidates", "-");
	rows_expect_text(r, 3, "candidate_count", "9");
	rows_expect_text(r, 3, "confidence", "one-of");
	/* systemd makes the sockets of a .socket unit in a cgroup without processes. */
	rows_expect_text(r, 4, "process", "~none.socket?");
	rows_expect_text(r, 4, "confidence", "-");
	rows_expect_text(r, 5, "process", "(hidden)");
	buf_fini(&all);
}

/* Who cannot hold it. */
static void some_do_not_fit(void **state)
{
	struct rows *r = *state;
	uint64_t unit;

	make_member(&r->tree, &(struct process_of_tree){ 30, 1, "fits", .n_fds = 1 });
	make_member(&r->tree, &(struct process_of_tree){ 31, 1, "without", .n_fds = 0 });
	make_member(&r->tree,
		    &(struct process_of_tree){ 32, 1, "else", .n_fds = 3, .is_elsewhere = true });
	make_member(&r->tree,
		    &(struct process_of_tree){ 33, 1, "zombie", .n_fds = 0, .state = 'Z' });
	make_dir(&r->tree, "34");
	make_file(&r->tree, "34/stat", "34 (mine) S 1 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 77 5 6\n",
		  58);
	make_dir(&r->tree, "34/fd");
	make_link(&r->tree, "34/fd/0", "/dev/null");
	unit = make_cgroup(&r->tree, "a.service", "30\n31\n32\n33\n34\n5000001\n");
	add_hidden(r, unit, USER, 80);
	add_hidden(r, unit, OTHER, 80);
	add_hidden(r, unit, 0, 80);
	find(r);
	rows_expect_text(r, 0, "candidates", "fits[30]");
	rows_expect_text(r, 1, "process", "~a.service?");
	rows_expect_text(r, 1, "candidate_count", "0");
	/* Who made it as root may have changed its user. */
	rows_expect_text(r, 2, "candidates", "fits[30]");
	if (!geteuid()) {
		/* Root may hold a socket of anybody. */
		assert_int_equal(fchownat(r->tree.root, "30", 0, 0, 0), 0);
		find(r);
		rows_expect_text(r, 1, "candidates", "fits[30]");
	}
}

/* If the first thread has exited, its descriptors are not counted, but others may have some. */
static void first_thread_has_exited(void **state)
{
	struct rows *r = *state;

	make_member(&r->tree, &(struct process_of_tree){ 30, 1, "left", .n_fds = 0, .state = 'Z',
							 .has_threads = true });
	add_hidden(r, make_cgroup(&r->tree, "a.service", "30\n"), USER, 80);
	find(r);
	rows_expect_text(r, 0, "process", "~left[30]?");
}

/* Before Linux 6.2 the size of /proc/PID/fd is 0. */
static void descriptors_are_not_counted(void **state)
{
	struct rows *r = *state;

	make_member(&r->tree, &(struct process_of_tree){ 30, 1, "old", .n_fds = 0 });
	make_member(&r->tree,
		    &(struct process_of_tree){ 31, 1, "zombie", .n_fds = 0, .state = 'Z' });
	add_hidden(r, make_cgroup(&r->tree, "a.service", "30\n31\n"), USER, 80);
	assert_int_equal(unlinkat(r->tree.root, "self/fd", 0), 0);
	find(r);
	rows_expect_text(r, 0, "process", "~old[30]?");
}

static void other_namespaces(void **state)
{
	struct rows *r = *state;
	struct netns found[3] = { { .name = NULL } };
	struct stat st;
	uint64_t unit;

	make_member(&r->tree, &(struct process_of_tree){ 30, 1, "here", .n_fds = 1 });
	make_member(&r->tree,
		    &(struct process_of_tree){ 31, 1, "there", .n_fds = 1, .is_elsewhere = true });
	unit = make_cgroup(&r->tree, "a.service", "30\n31\n");
	for (uint16_t i = 0; i < 3; i++) {
		add_hidden(r, unit, USER, 80);
		r->snap.table.socks[i].netns = i;
	}
	assert_int_equal(fstatat(r->tree.root, "elsewhere/net/tcp", &st, 0), 0);
	found[1].files = st.st_ino;
	snapshot_set_namespaces(&r->snap, found, 3);
	find(r);
	rows_expect_text(r, 0, "process", "~here[30]?");
	rows_expect_text(r, 1, "process", "~there[31]?");
	/* No process is known to live in this one. */
	rows_expect_text(r, 2, "process", "(hidden)");
}

static void command_line_names_port(void **state)
{
	struct rows *r = *state;
	struct sock sk;
	uint64_t unit;

	make_member(&r->tree,
		    &(struct process_of_tree){ 40, 1, "sh", "sh -c :80, :81, :80", .n_fds = 1 });
	make_member(&r->tree, &(struct process_of_tree){ 41, 1, "web", "web :80", .n_fds = 1 });
	make_member(&r->tree, &(struct process_of_tree){ 42, 1, "db", "db 5432", .n_fds = 1 });
	make_member(&r->tree,
		    &(struct process_of_tree){ 43, 1, "curl", "http://x:5432/ 40000", .n_fds = 1 });
	unit = make_cgroup(&r->tree, "a.service", "40\n41\n42\n43\n");
	add_hidden(r, unit, USER, 80);
	add_hidden(r, unit, USER, 81);
	add_hidden(r, unit, USER, 5432);
	add_hidden(r, unit, USER, 8080);
	add_hidden(r, unit, USER, 80);
	/* A connection from a port that the kernel chose, and one to a server. */
	sk = r->snap.table.socks[0];
	sk.state = SOCK_STATE_ESTABLISHED;
	sk.local.port = 40000;
	sk.cookie = 7;
	assert_true(rows_add(r, &sk));
	sk.local.port = 5432;
	sk.cookie = 8;
	assert_true(rows_add(r, &sk));
	find(r);
	rows_expect_text(r, 0, "candidates", "sh[40],web[41]");
	rows_expect_text(r, 1, "process", "~sh[40]?");
	rows_expect_text(r, 2, "process", "~db[42]?");
	rows_expect_text(r, 3, "process", "~one of 4: sh, ...");
	rows_expect_text(r, 4, "candidates", "sh[40],web[41]");
	rows_expect_text(r, 5, "candidate_count", "4");
	rows_expect_text(r, 6, "process", "~db[42]?");
}

/* What was cut off a long command line cannot name another port. */
static void long_command_line(void **state)
{
	struct rows *r = *state;
	char cmdline[4200];

	memset(cmdline, ' ', sizeof(cmdline));
	memcpy(cmdline + 4094, "8080", 5);
	make_member(&r->tree, &(struct process_of_tree){ 40, 1, "long", cmdline, .n_fds = 1 });
	make_member(&r->tree, &(struct process_of_tree){ 41, 1, "b", .n_fds = 1 });
	add_hidden(r, make_cgroup(&r->tree, "a.service", "40\n41\n"), USER, 80);
	find(r);
	rows_expect_text(r, 0, "candidate_count", "2");
}

/* A cgroup that is not told, not known, or says nothing. */
static void no_cgroup(void **state)
{
	struct rows *r = *state;
	uint64_t above;
	struct stat st;

	make_member(&r->tree, &(struct process_of_tree){ 50, 1, "a", .n_fds = 1 });
	add_hidden(r, make_cgroup(&r->tree, "removed.service", "50\n"), USER, 80);
	make_file(&r->tree, "cgroup/cgroup.procs", "50\n", 3);
	assert_int_equal(fstatat(r->tree.root, "cgroup", &st, 0), 0);
	add_hidden(r, st.st_ino, USER, 80);
	add_hidden(r, make_cgroup(&r->tree, "told.service", "50\n"), USER, 80);
	r->snap.table.socks[2].known &= (uint16_t)~SOCK_HAS_CGROUP;
	/* Its processes may have moved to the one below. */
	above = make_cgroup(&r->tree, "above.service", "50\n");
	make_dir(&r->tree, "cgroup/above.service/below");
	add_hidden(r, above, USER, 80);
	assert_int_equal(unlinkat(r->tree.root, "cgroup/removed.service/cgroup.procs", 0), 0);
	assert_int_equal(unlinkat(r->tree.root, "cgroup/removed.service", AT_REMOVEDIR), 0);
	find(r);
	for (size_t i = 0; i < 3; i++)
		rows_expect_text(r, i, "process", "(hidden)");
	rows_expect_text(r, 3, "process", "~above.service?");
}

/* If one process cannot be judged, none is named. */
static void some_are_not_known(void **state)
{
	static const char *const procs[] = { "50\n0\n", "50\nx\n", "50\n51\n", "50\n52\n",
					     "50\n5" };
	struct rows *r = *state;

	make_member(&r->tree, &(struct process_of_tree){ 50, 1, "a", .n_fds = 1 });
	make_file(&r->tree, "51", "", 0);
	make_link(&r->tree, "52", "52");
	for (size_t i = 0; i < sizeof(procs) / sizeof(*procs); i++) {
		char name[16];

		snprintf(name, sizeof(name), "%zu.service", i);
		add_hidden(r, make_cgroup(&r->tree, name, procs[i]), USER, 80);
	}
	find(r);
	for (size_t i = 0; i < sizeof(procs) / sizeof(*procs); i++) {
		char want[24];

		snprintf(want, sizeof(want), "~%zu.service?", i);
		rows_expect_text(r, i, "process", want);
	}
}

/* So many processes are never read. */
static void crowd(void **state)
{
	struct rows *r = *state;
	struct buf procs = { 0 };

	for (int i = 0; i < 2048; i++)
		buf_printf(&procs, "%d\n", GONE + i);
	make_member(&r->tree, &(struct process_of_tree){ 50, 1, "a", .n_fds = 1 });
	add_hidden(r, make_cgroup(&r->tree, "a.service", "50\n"), USER, 80);
	add_hidden(r, make_cgroup(&r->tree, "crowd.service", buf_cstr(&procs)), USER, 80);
	add_hidden(r, make_cgroup(&r->tree, "b.service", "50\n"), USER, 80);
	find(r);
	rows_expect_text(r, 0, "process", "~a[50]?");
	rows_expect_text(r, 1, "process", "~crowd.service?");
	rows_expect_text(r, 2, "process", "~b.service?");
	/* The next refresh starts again. */
	find(r);
	rows_expect_text(r, 0, "process", "~a[50]?");
	buf_fini(&procs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_fits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(json, set_up, tear_down),
		cmocka_unit_test_setup_teardown(workers_have_a_parent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(some_do_not_fit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(first_thread_has_exited, set_up, tear_down),
		cmocka_unit_test_setup_teardown(descriptors_are_not_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_namespaces, set_up, tear_down),
		cmocka_unit_test_setup_teardown(command_line_names_port, set_up, tear_down),
		cmocka_unit_test_setup_teardown(long_command_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_cgroup, set_up, tear_down),
		cmocka_unit_test_setup_teardown(some_are_not_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(crowd, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

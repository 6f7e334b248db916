/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters on what a row has none or several of: owners, their names of any bytes, command lines. */
#include <config.h>

#include <string.h>

#include "query/filter.h"
#include "rows.h"

static void make_holder(const struct tree *t, int pid, const char *name, const char *cmdline,
			size_t len, const char *sockets)
{
	char path[64], target[32];

	make_process(t, pid, name, 100);
	snprintf(path, sizeof(path), "%d/cmdline", pid);
	make_file(t, path, cmdline, len);
	for (int fd = 3; *sockets; fd++, sockets++) {
		snprintf(path, sizeof(path), "%d/fd/%d", pid, fd);
		snprintf(target, sizeof(target), "socket:[%d]", 1000 + *sockets - 'A');
		make_link(t, path, target);
	}
}

/* The text and its length: command lines hold NULs. */
#define LINE(text) text, sizeof(text)

/* A to E with the ports 1 to 5: E has no owner. */
static int set_up(void **state)
{
	struct rows *r;

	if (rows_set_up(state))
		return -1;
	r = *state;
	make_holder(&r->tree, 10, "nginx", LINE("nginx\0-g\0daemon off;"), "AC");
	make_holder(&r->tree, 11, "nginx", LINE("nginx: worker"), "A");
	make_holder(&r->tree, 12, "sshd", LINE("/usr/sbin/sshd\0-D"), "BC");
	make_holder(&r->tree, 13, "x) \xff\n\x1b[2J", "", 0, "D");
	for (uint16_t i = 0; i < 5; i++) {
		struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", i + 1, NULL, 0);

		sk.inode = 1000U + i;
		sk.known |= SOCK_HAS_INODE;
		rows_add(r, &sk);
	}
	rows_make(r);
	rows_find_owners(r);
	return 0;
}

static void check(struct rows *r, const char *text, const char *expected)
{
	struct buf canonical = { 0 };
	struct filter_error error;
	struct filter *f;

	if (filter_parse(&f, text, strlen(text), &r->names, &error))
		fail_msg("\"%s\" at %zu: %s", text, error.pos, error.message);
	filter_print(f, &canonical);
	for (int round = 0; round < 2; round++) {
		char got[6] = "";
		size_t n = 0;

		for (size_t i = 0; i < r->snap.n_rows; i++)
			if (filter_match(f, &r->snap, &r->snap.rows[i]) == FILTER_YES)
				got[n++] = (char)('A' + i);
		if (strcmp(got, expected))
			fail_msg("\"%s\": %s instead of %s", text, got, expected);
		filter_free(f);
		assert_int_equal(filter_parse(&f, canonical.data, canonical.len, &r->names, &error),
				 0);
	}
	filter_free(f);
	buf_fini(&canonical);
}

static void one_is_enough_and_none_taken_away(void **state)
{
	static const struct {
		const char *text;
		const char *letters;
	} cases[] = {
		{ "proc nginx", "AC" },
		{ "proc sshd", "BC" },
		{ "proc nginx,sshd", "ABC" },
		{ "proc nginx proc sshd", "C" },
		{ "proc nginx,!sshd", "A" },
		{ "proc !sshd", "AD" },
		{ "proc != sshd", "AD" },
		{ "not proc sshd", "ADE" },
		{ "proc != nginx,sshd", "D" },
		{ "proc *", "ABCD" },
		{ "not proc *", "E" },
		{ "proc n*x", "AC" },
		{ "proc Nginx", "" },
		{ "proc ~ ^(ng|ss)", "ABC" },
		{ "proc !~ n", "BD" },
		{ "proc ~ d$", "BC" },
		{ "pid 10", "AC" },
		{ "pid 11,12", "ABC" },
		{ "pid != 12", "AD" },
		{ "pid > 12", "D" },
		{ "pid < 12", "AC" },
		{ "pid < 12 and proc sshd", "C" },
		{ "owners.fd 4", "C" },
		{ "owners.via fd", "ABCD" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(*state, cases[i].text, cases[i].letters);
}

static void names_of_any_bytes(void **state)
{
	static const char *const texts[] = {
		"proc x*J",
		"proc \"x) \xff\n\x1b[2J\"",
		"proc x\\)\\ \xff?\x1b\\[2J",
		"proc ?????????",
		"proc *\xff*",
		"proc [w-y]*",
		"proc ~ ^x[)]",
		"proc ~ \"^x. .*2J$\"",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		check(*state, texts[i], "D");
}

/* A bare word: a part of a process's name, in any case, or with a pattern the whole. */
static void bare_names(void **state)
{
	static const struct {
		const char *text;
		const char *letters;
	} cases[] = {
		{ "nginx", "AC" },
		{ "NGIN", "AC" },
		{ "n*x", "AC" },
		{ "n*n", "" },
		{ "nginx sshd", "C" },
		{ "nginx or sshd", "ABC" },
		{ "name nginx,sshd", "ABC" },
		{ "!nginx", "BDE" },
		{ "not nginx sshd", "B" },
		{ "nginx 1", "A" },
		{ "1 nginx 3", "AC" },
		{ "nginx[11]", "A" },
		{ "nginx[10]", "AC" },
		{ "nginx[12]", "" },
		{ "sshd[12]", "BC" },
		{ "proc nginx[11]", "A" },
		{ "proc !nginx[11]", "BCD" },
		{ "proc nginx[12]", "" },
		{ "\"x) \xff\"", "D" },
		{ "nobody-is-called-so", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(*state, cases[i].text, cases[i].letters);
}

/* E's owner is hidden: it is neither let through nor left out in silence. */
static void hidden_owners(void **state)
{
	struct rows *r = *state;
	static const struct {
		const char *text;
		enum filter_result result;
	} cases[] = {
		{ "proc nginx", FILTER_UNTESTABLE },
		{ "proc != nginx", FILTER_UNTESTABLE },
		{ "proc ~ x", FILTER_UNTESTABLE },
		{ "proc !~ x", FILTER_UNTESTABLE },
		{ "not proc nginx", FILTER_UNTESTABLE },
		{ "pid > 0", FILTER_UNTESTABLE },
		{ "owners.cmdline x", FILTER_UNTESTABLE },
		{ "owners.via fd", FILTER_UNTESTABLE },
		{ "nginx", FILTER_UNTESTABLE },
		{ "!nginx", FILTER_UNTESTABLE },
		{ "nginx 5", FILTER_UNTESTABLE },
		{ "nginx 6", FILTER_NO },
		{ "nginx or 5", FILTER_YES },
		{ "owner_note hidden", FILTER_YES },
		{ "owner_note unheld", FILTER_NO },
		{ "owner_note != unheld", FILTER_YES },
	};

	r->snap.rows[4].owner_note = NOTE_HIDDEN;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct filter_error error;
		struct filter *f;
		enum filter_result result;

		assert_int_equal(
			filter_parse(&f, cases[i].text, strlen(cases[i].text), &r->names, &error),
			0);
		result = filter_match(f, &r->snap, &r->snap.rows[4]);
		if (result != cases[i].result)
			fail_msg("\"%s\": %d", cases[i].text, result);
		if (result == FILTER_UNTESTABLE)
			assert_int_equal(filter_doubt(f, &r->snap, &r->snap.rows[4]).lack,
					 LACK_OWNERS);
		filter_free(f);
	}
}

/* E waits to be accepted, at one of several listeners: its owners are of one of them. */
static void waits_at_one_of_several(void **state)
{
	static const char *const texts[] = { "proc nginx", "not proc nginx", "pid 10", "nginx" };
	struct rows *r = *state;

	r->snap.rows[4].owner_note = NOTE_NOT_ACCEPTED;
	r->snap.rows[4].held = ROW_HELD_NONE;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct filter_error error;
		struct filter *f;

		assert_int_equal(filter_parse(&f, texts[i], strlen(texts[i]), &r->names, &error),
				 0);
		assert_int_equal(filter_match(f, &r->snap, &r->snap.rows[4]), FILTER_UNTESTABLE);
		assert_int_equal(filter_doubt(f, &r->snap, &r->snap.rows[4]).lack, LACK_LISTENER);
		filter_free(f);
	}
}

/* A command line is each of its words, and all of them with spaces between. */
static void command_lines(void **state)
{
	check(*state, "owners.cmdline -g", "AC");
	check(*state, "owners.cmdline \"daemon off;\"", "AC");
	check(*state, "owners.cmdline \"nginx -g daemon off;\"", "AC");
	check(*state, "owners.cmdline ~ \"sshd -D$\"", "BC");
	check(*state, "owners.cmdline \"*worker*\"", "A");
	check(*state, "owners.cmdline !-g", "B");
	check(*state, "owners.cmdline != -g", "B");
	check(*state, "owners.cmdline \"\"", "");
}

/* Each ancestor is its name, or that with its pid, and all of them one text. */
static void ancestors(void **state)
{
	struct rows *r = *state;

	make_child(&r->tree, 1, "systemd", 1, 0);
	make_child(&r->tree, 20, "npm", 50, 1);
	make_child(&r->tree, 21, "node", 60, 20);
	make_link(&r->tree, "1/fd/3", "socket:[1004]");
	make_link(&r->tree, "21/fd/3", "socket:[1003]");
	make_link(&r->tree, "21/exe", "/usr/bin/node");
	make_link(&r->tree, "21/cwd", "/srv/app (deleted)");
	make_file(&r->tree, "stat", "x\nbtime 1700000000\n", 19);
	rows_find_owners(r);
	check(r, "owners.ancestors npm", "D");
	check(r, "owners.ancestors npm[20]", "D");
	check(r, "owners.ancestors npm[21]", "");
	check(r, "owners.ancestors systemd[1]", "ABCD");
	check(r, "owners.ancestors sys*", "ABCD");
	check(r, "owners.ancestors \"*] > npm*\"", "D");
	check(r, "owners.ancestors ~ \"^systemd.1. > npm.20.$\"", "D");
	check(r, "owners.ancestors node", "");
	/* Process 1, which holds E, has none: a test of them is false. */
	check(r, "owners.ancestors !npm", "ABC");
	check(r, "owners.ancestors != npm", "ABC");
	check(r, "not owners.ancestors npm", "ABCE");
	check(r, "owners.ancestors !npm[20]", "ABC");
	check(r, "owners.ppid 20", "D");
	check(r, "owners.ppid < 20", "ABCD");
	check(r, "owners.exe */node", "D");
	check(r, "owners.cwd \"/srv/app (deleted)\"", "D");
	check(r, "owners.started 2023-11-14T22:13:20Z", "DE");
	check(r, "owners.started 2023-11-14T22:13:2*", "ABCDE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_is_enough_and_none_taken_away, set_up,
						rows_tear_down),
		cmocka_unit_test_setup_teardown(names_of_any_bytes, set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(bare_names, set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(hidden_owners, set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(waits_at_one_of_several, set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(command_lines, set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(ancestors, set_up, rows_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

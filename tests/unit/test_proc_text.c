/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc says of processes and descriptors: whole, cut and hostile. */
#include <config.h>

#include "resolve/proc_text.h"

#include <errno.h>

#include "edge.h"
#include "test.h"

#define TAIL " S 42 1 43 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 5 6\n"

static void stat_gives_name_and_start(void **state)
{
	static const struct {
		const char *text;
		const char *name;
	} cases[] = {
		{ "1 (init)" TAIL, "init" },	     { "1 ()" TAIL, "" },
		{ "1 (a b)" TAIL, "a b" },	     { "1 (x) S 1 (y)" TAIL, "x) S 1 (y" },
		{ "1 ())))" TAIL, ")))" },	     { "1 (((()" TAIL, "(((" },
		{ "1 (a\nb)" TAIL, "a\nb" },	     { "1 (\033[2J)" TAIL, "\033[2J" },
		{ "1 (\xff\xfe)" TAIL, "\xff\xfe" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct proc_stat stat;

		assert_int_equal(proc_stat_parse(cases[i].text, strlen(cases[i].text), &stat), 0);
		assert_int_equal(stat.name_len, strlen(cases[i].name));
		assert_memory_equal(stat.name, cases[i].name, stat.name_len);
		assert_int_equal(stat.start_time, 4711);
		assert_int_equal(stat.state, 'S');
		assert_int_equal(stat.parent, 42);
		assert_int_equal(stat.session, 43);
	}
}

static void stat_of_another_form_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"1",
		"1 init" TAIL,
		"1 (init" TAIL,
		"1 init)" TAIL,
		"1 )init(" TAIL,
		"1 (init)",
		"1 (init) ",
		"1 (init)S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 5 6\n",
		"1 (init) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 x 5\n",
		"1 (init) S -1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 1 5\n",
		"1 (init) S 2147483648 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 1 5\n",
		"1 (init) S 1 1 -1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 1 5\n",
		"1 (init) S 1 1 1 0 -1\n4194560 1 2 3 4 5 6 7 8 20 0 1 0 1 5\n",
		"1 (init) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0  5\n",
		"1 (init) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 18446744073709551616 5\n",
		"1 (init)                    \n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct proc_stat stat;

		assert_int_not_equal(proc_stat_parse(cases[i], strlen(cases[i]), &stat), 0);
	}
}

/* A cut line is refused, or says the same as the whole one: a number is never cut short. */
static void stat_cut_anywhere(void **state)
{
	static const char text[] = "77 (a) b)" TAIL;
	struct edge c;

	(void)state;
	edge_init(&c, sizeof(text));
	for (size_t len = 0; len < sizeof(text); len++) {
		const char *at = edge_copy(&c, text, len);
		struct proc_stat stat;

		if (proc_stat_parse(at, len, &stat))
			continue;
		assert_int_equal(stat.start_time, 4711);
		assert_int_equal(stat.name_len, 4);
		assert_memory_equal(stat.name, "a) b", 4);
	}
	edge_fini(&c);
}

static void boot_time(void **state)
{
	static const struct {
		const char *text;
		int err;
	} cases[] = {
		{ "cpu  1 2\nctxt 5\nbtime 1700000000\nprocesses 9\n", 0 },
		{ "\nbtime 1700000000\n", 0 },
		{ "", -EINVAL },
		{ "cpu 1\n", -EINVAL },
		{ "btime 1700000000\n", -EINVAL },
		{ "cpu 1\nbtime 1700000000", -EINVAL },
		{ "cpu 1\nbtime \n", -EINVAL },
		{ "cpu 1\nbtime -1\n", -EINVAL },
		{ "cpu 1\nbtime 17000000000000000000\n", -ERANGE },
	};
	struct edge c;

	(void)state;
	edge_init(&c, 64);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i].text);
		uint64_t seconds = 0;

		assert_int_equal(
			proc_boot_time_parse(edge_copy(&c, cases[i].text, len), len, &seconds),
			cases[i].err);
		if (!cases[i].err)
			assert_int_equal(seconds, 1700000000);
	}
	edge_fini(&c);
}

static void link_gives_the_inode(void **state)
{
	static const struct {
		const char *text;
		bool is_socket;
		uint64_t inode;
	} cases[] = {
		{ "socket:[0]", true, 0 },
		{ "socket:[4294967295]", true, 4294967295U },
		{ "socket:[4294967296]", true, 4294967296U },
		{ "socket:[9999999999999999999]", true, 9999999999999999999U },
		{ "socket:[10000000000000000000]", false, 0 },
		{ "socket:[]", false, 0 },
		{ "socket:[1", false, 0 },
		{ "socket:[1]x", false, 0 },
		{ "socket:[-1]", false, 0 },
		{ "socket:[1 ]", false, 0 },
		{ "socket:", false, 0 },
		{ "pipe:[12]", false, 0 },
		{ "/socket:[12]", false, 0 },
		{ "", false, 0 },
	};
	struct edge c;

	(void)state;
	edge_init(&c, 64);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i].text);
		uint64_t inode = 0;

		assert_int_equal(proc_link_inode(edge_copy(&c, cases[i].text, len), len, &inode),
				 cases[i].is_socket);
		assert_int_equal(inode, cases[i].inode);
	}
	edge_fini(&c);
	assert_true(proc_link_is_ring("anon_inode:[io_uring]", 21));
	assert_false(proc_link_is_ring("anon_inode:[io_uring]x", 22));
	assert_false(proc_link_is_ring("anon_inode:[eventfd]", 20));
}

static const char fdinfo[] = "pos:\t0\n"
			     "flags:\t02000002\n"
			     "    7: socket:[1]\n"
			     "UserFiles:\t5\n"
			     "    0: socket:[61706]\n"
			     "    1: /tmp/socket:[2]\n"
			     "    2: socket:[61707]\n"
			     "12345: socket:[61708]\n"
			     "   10: \n"
			     "UserBufs:\t0\n"
			     "    3: socket:[3]\n";

static void ring_gives_its_sockets(void **state)
{
	static const uint64_t expected[] = { 61706, 61707, 61708 };
	uint64_t inode;
	size_t pos = 0, n = 0;

	(void)state;
	while (proc_ring_inode(fdinfo, sizeof(fdinfo) - 1, &pos, &inode)) {
		assert_true(n < 3);
		assert_int_equal(inode, expected[n]);
		n++;
	}
	assert_int_equal(n, 3);
	assert_false(proc_ring_inode(fdinfo, sizeof(fdinfo) - 1, &pos, &inode));
	pos = 0;
	assert_false(proc_ring_inode("", 0, &pos, &inode));
}

static void ring_cut_anywhere(void **state)
{
	struct edge c;

	(void)state;
	edge_init(&c, sizeof(fdinfo));
	for (size_t len = 0; len < sizeof(fdinfo); len++) {
		const char *at = edge_copy(&c, fdinfo, len);
		size_t pos = 0;
		uint64_t inode;

		while (proc_ring_inode(at, len, &pos, &inode))
			assert_in_range(inode, 61706, 61708);
		assert_int_equal(pos, len);
	}
	edge_fini(&c);
}

static void entries_are_numbers(void **state)
{
	(void)state;
	assert_int_equal(proc_entry_number("0"), 0);
	assert_int_equal(proc_entry_number("2147483647"), 2147483647);
	assert_int_equal(proc_entry_number("2147483648"), -1);
	assert_int_equal(proc_entry_number("self"), -1);
	assert_int_equal(proc_entry_number("1a"), -1);
	assert_int_equal(proc_entry_number("."), -1);
	assert_int_equal(proc_entry_number(""), -1);
}

static void cgroup_path_that_tells_most(void **state)
{
	static const struct {
		const char *text;
		const char *want; /* NULL: none */
	} cases[] = {
		{ "0::/system.slice/ssh.service\n", "/system.slice/ssh.service" },
		{ "0::/a:b\n", "/a:b" },
		{ "0::/\n", "/" },
		{ "0::/x", "/x" },
		/* Version 1 beside version 2, and alone. */
		{ "9:cpu,cpuacct:/docker/7\n1:name=systemd:/docker/7\n0::/docker.service\n",
		  "/docker/7" },
		{ "1:name=systemd:/\n0::/b.service\n", "/b.service" },
		{ "9:memory:/m\n8:pids:/p\n1:name=systemd:/\n0::/\n", "/m" },
		{ "9:memory:/\n1:name=systemd:/\n", "/" },
		{ "12:name=elogind:/3\n0::/4\n", "/4" },
		/* Neither. */
		{ "", NULL },
		{ "\n\n", NULL },
		{ "0:/x\n", NULL },
		{ "0::\n", NULL },
		{ "0::x\n", NULL },
		{ ":::\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *path = NULL;
		size_t len = 0;
		bool is_there = proc_cgroup_path(cases[i].text, strlen(cases[i].text), &path, &len);

		assert_int_equal(is_there, cases[i].want != NULL);
		if (!is_there)
			continue;
		assert_int_equal(len, strlen(cases[i].want));
		assert_memory_equal(path, cases[i].want, len);
	}
}

static void cgroup_cut_anywhere(void **state)
{
	static const char text[] = "9:cpu,cpuacct:/docker/7\n1:name=systemd:/docker/7\n0::/x\n";
	struct edge c;

	(void)state;
	edge_init(&c, sizeof(text));
	for (size_t len = 0; len < sizeof(text); len++) {
		const char *bytes = edge_copy(&c, text, len), *path;
		size_t path_len;

		if (proc_cgroup_path(bytes, len, &path, &path_len))
			assert_true(path >= bytes && path + path_len <= bytes + len);
	}
	edge_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stat_gives_name_and_start),
		cmocka_unit_test(stat_of_another_form_is_refused),
		cmocka_unit_test(stat_cut_anywhere),
		cmocka_unit_test(boot_time),
		cmocka_unit_test(link_gives_the_inode),
		cmocka_unit_test(ring_gives_its_sockets),
		cmocka_unit_test(ring_cut_anywhere),
		cmocka_unit_test(entries_are_numbers),
		cmocka_unit_test(cgroup_path_that_tells_most),
		cmocka_unit_test(cgroup_cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

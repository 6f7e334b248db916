/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ancestors of a process, in trees made for the purpose. */
#include <config.h>

#include "resolve/ancestors.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "proc_tree.h"
#include "resolve/proc_process.h"
#include "resolve/proc_text.h"
#include "test.h"

static int tree_make(void **state)
{
	struct tree *t = calloc(1, sizeof(*t));

	*state = t;
	return t && tree_init(t) ? 0 : -1;
}

static int tree_remove(void **state)
{
	struct tree *t = *state;
	int status = tree_fini(t);

	free(t);
	return status;
}

static void expect_chain(const struct tree *t, int pid, uint64_t start_time, const char *want)
{
	struct ancestor list[ANCESTORS_MAX];
	struct buf text = { 0 };
	size_t n = 0;

	assert_int_equal(ancestors_read(t->root, pid, start_time, list, &n), 0);
	ancestors_text(list, n, &text);
	assert_string_equal(buf_cstr(&text), want);
	buf_fini(&text);
}

static void oldest_first_up_to_process_1(void **state)
{
	const struct tree *t = *state;
	struct ancestor list[ANCESTORS_MAX];
	size_t n = 0;

	make_child(t, 1, "systemd", 5, 0);
	make_child(t, 7702, "bash", 100, 1);
	make_child(t, 7730, "npm run) x", 200, 7702);
	make_child(t, 7741, "node", 200, 7730);
	expect_chain(t, 7741, 200, "systemd[1] > bash[7702] > npm run) x[7730]");
	expect_chain(t, 7702, 100, "systemd[1]");
	expect_chain(t, 1, 5, "");
	assert_int_equal(ancestors_read(t->root, 7741, 200, list, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(list[1].pid, 7702);
	assert_int_equal(list[1].start_time, 100);
	assert_int_equal(list[1].name_len, 4);
}

/* It has exited, and its pid may be in use again. */
static void process_that_is_gone(void **state)
{
	const struct tree *t = *state;
	struct ancestor list[ANCESTORS_MAX];
	size_t n = 9;

	make_child(t, 1, "systemd", 5, 0);
	make_child(t, 20, "later", 300, 1);
	assert_int_equal(ancestors_read(t->root, 20, 299, list, &n), -ESRCH);
	assert_int_equal(n, 0);
	assert_int_equal(ancestors_read(t->root, 21, 300, list, &n), -ESRCH);
	make_dir(t, "22");
	make_file(t, "22/stat", "22 (cut) S 1", 12);
	assert_int_equal(ancestors_read(t->root, 22, 300, list, &n), -EINVAL);
}

/* The parent has exited, is hidden, or its pid belongs to a younger process by now. */
static void chain_ends_where_nothing_is_known(void **state)
{
	const struct tree *t = *state;

	make_child(t, 1, "systemd", 5, 0);
	make_child(t, 40, "orphan", 100, 39);
	make_child(t, 41, "child", 110, 40);
	expect_chain(t, 41, 110, "orphan[40]");
	make_child(t, 50, "younger", 121, 1);
	make_child(t, 51, "child", 120, 50);
	make_child(t, 52, "grandchild", 130, 51);
	expect_chain(t, 51, 120, "");
	expect_chain(t, 52, 130, "child[51]");
}

/* No kernel makes these: who reads them ends nevertheless. */
static void loops_end(void **state)
{
	const struct tree *t = *state;

	make_child(t, 10, "self", 100, 10);
	expect_chain(t, 10, 100, "");
	make_child(t, 20, "a", 100, 21);
	make_child(t, 21, "b", 100, 20);
	expect_chain(t, 20, 100, "b[21]");
	make_child(t, 30, "c", 100, 20);
	expect_chain(t, 30, 100, "b[21] > a[20]");
	make_child(t, 40, "far", 100, 2147483647);
	expect_chain(t, 40, 100, "");
}

/* The nearest ones of a long chain. */
static void long_chain_is_cut_at_its_far_end(void **state)
{
	const struct tree *t = *state;
	struct ancestor list[ANCESTORS_MAX];
	const int last = ANCESTORS_MAX + 10;
	size_t n = 0;

	for (int pid = 1; pid <= last; pid++)
		make_child(t, pid, "deep", 100, pid - 1);
	assert_int_equal(ancestors_read(t->root, last, 100, list, &n), 0);
	assert_int_equal(n, ANCESTORS_MAX);
	assert_int_equal(list[n - 1].pid, last - 1);
	assert_int_equal(list[0].pid, last - ANCESTORS_MAX);
}

static void names_of_any_bytes(void **state)
{
	static const char longest[] =
		"kworker/0123456789-0123456789-0123456789-0123456789-0123456789-01234";
	const struct tree *t = *state;
	char want[128];

	make_child(t, 1, "\033[2J\xff)", 1, 0);
	make_child(t, 2, longest, 1, 1);
	make_child(t, 3, "x", 1, 2);
	snprintf(want, sizeof(want), "\033[2J\xff)[1] > %.64s[2]", longest);
	expect_chain(t, 3, 1, want);
}

/* This process and a child of its own, in the real /proc. */
static void ours(void **state)
{
	struct ancestor list[ANCESTORS_MAX];
	struct proc_stat stat = { .name = "" };
	char text[PROC_STAT_MAX_BYTES], folder[16];
	int root = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t n = 0;
	pid_t child;

	(void)state;
	assert_true(root >= 0);
	child = fork();
	if (!child) {
		pause();
		_exit(0);
	}
	assert_true(child > 0);
	snprintf(folder, sizeof(folder), "%d", (int)child);
	assert_int_equal(proc_process_stat(root, folder, text, &stat), 0);
	assert_int_equal(stat.parent, getpid());
	assert_int_equal(ancestors_read(root, child, stat.start_time, list, &n), 0);
	assert_true(n >= 1);
	assert_int_equal(list[n - 1].pid, getpid());
	if (n > 1)
		assert_int_equal(list[n - 2].pid, getppid());
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(ancestors_read(root, child, stat.start_time, list, &n), -ESRCH);
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(oldest_first_up_to_process_1, tree_make,
						tree_remove),
		cmocka_unit_test_setup_teardown(process_that_is_gone, tree_make, tree_remove),
		cmocka_unit_test_setup_teardown(chain_ends_where_nothing_is_known, tree_make,
						tree_remove),
		cmocka_unit_test_setup_teardown(loops_end, tree_make, tree_remove),
		cmocka_unit_test_setup_teardown(long_chain_is_cut_at_its_far_end, tree_make,
						tree_remove),
		cmocka_unit_test_setup_teardown(names_of_any_bytes, tree_make, tree_remove),
		cmocka_unit_test(ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of /proc a directory is. */
#include <config.h>

#include "resolve/proc_mount.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "edge.h"
#include "test.h"

static const char mounts[] = "22 1 0:21 / /proc rw,nosuid - proc proc rw\n"
			     "23 1 0:22 / /sys rw,hidepid=2 - sysfs sysfs rw\n"
			     "24 1 0:23 / /a rw - proc proc rw,gid=4,hidepid=invisible\n"
			     "25 1 0:24 / /b rw - proc proc rw,hidepid=2,gid=4\n"
			     "26 1 0:25 / /c rw - proc proc rw,hidepid=ptraceable\n"
			     "27 1 0:26 / /d rw - proc proc rw,hidepid=noaccess\n"
			     "28 1 0:27 / /e rw - proc proc rw,hidepid=1\n"
			     "29 1 0:28 / /f rw - proc proc rw,hidepid=4";

static void mount_options_are_read(void **state)
{
	static const bool expected[] = {
		false, false, true, true, true, false, false, true, false
	};

	(void)state;
	for (unsigned long long id = 22; id < 31; id++)
		assert_int_equal(proc_mount_hides(mounts, sizeof(mounts) - 1, id),
				 expected[id - 22]);
	assert_false(proc_mount_hides("", 0, 22));
}

static void mounts_cut_anywhere(void **state)
{
	struct edge c;

	(void)state;
	edge_init(&c, sizeof(mounts));
	for (size_t len = 0; len < sizeof(mounts); len++) {
		const char *at = edge_copy(&c, mounts, len);

		assert_false(proc_mount_hides(at, len, 22));
		proc_mount_hides(at, len, 29);
	}
	edge_fini(&c);
}

static void recorded_tree_hides_nothing(void **state)
{
	int root = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_false(proc_is_procfs(root));
	assert_false(proc_is_own_namespace(root));
	assert_false(proc_may_hide(root));
	assert_true(proc_open_files(root) == SIZE_MAX);
	close(root);
}

static void own_proc_is_known(void **state)
{
	int root = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char self[16];
	ssize_t n = root < 0 ? -1 : readlinkat(root, "self", self, sizeof(self) - 1);

	(void)state;
	if (n < 0)
		skip_because("there is no /proc");
	self[n] = '\0';
	assert_true(proc_is_procfs(root));
	assert_true(proc_open_files(root) > 0);
	if (atoi(self) == getpid())
		assert_true(proc_is_own_namespace(root));
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mount_options_are_read),
		cmocka_unit_test(mounts_cut_anywhere),
		cmocka_unit_test(recorded_tree_hides_nothing),
		cmocka_unit_test(own_proc_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

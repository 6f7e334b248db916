/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owners found by the walk, in trees made for the purpose. */
#include <config.h>

#include "resolve/owners.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "proc_tree.h"
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

static int scan_inodes(struct owners *o, const uint32_t *inodes, size_t n, unsigned int flags)
{
	struct owner_key *keys = mem_resize(NULL, n, sizeof(*keys));
	int err;

	for (size_t i = 0; i < n; i++)
		keys[i] = (struct owner_key){ .inode = inodes[i] };
	err = owners_scan(o, keys, n, flags);
	free(keys);
	return err;
}

/* Looks for the owners of the inodes. */
static struct owners *scan(const struct tree *t, const uint32_t *inodes, size_t n,
			   unsigned int flags)
{
	struct owners *o = owners_new(t->root, OWNERS_PROC);

	assert_int_equal(scan_inodes(o, inodes, n, flags), 0);
	return o;
}

static void check_owner(const struct owners *o, uint32_t inode, size_t at, int pid, int fd,
			enum owner_via via)
{
	struct owner_span span = owners_of(o, inode, 0);

	assert_true(span.n > at);
	assert_int_equal(owners_process(o, span.list[at].process)->pid, pid);
	assert_int_equal(span.list[at].fd, fd);
	assert_int_equal(span.list[at].via, via);
}

static void every_owner_is_found_once(void **state)
{
	static const uint32_t inodes[] = { 100, 101, 102, 4294967295U };
	const struct tree *t = *state;
	struct owners *o;

	make_process(t, 100, "worker", 9);
	make_process(t, 9, "master", 5);
	make_process(t, 20, "bystander", 6);
	make_link(t, "100/fd/12", "socket:[100]");
	make_link(t, "100/fd/9", "socket:[100]");
	make_link(t, "100/fd/200", "socket:[100]");
	make_link(t, "9/fd/3", "socket:[100]");
	make_link(t, "9/fd/4", "socket:[101]");
	make_link(t, "9/fd/5", "/dev/null");
	make_link(t, "9/fd/6", "socket:[555]");
	make_link(t, "9/fd/7", "socket:[8589934591]");
	make_link(t, "9/fd/x", "socket:[102]");
	make_link(t, "20/fd/0", "pipe:[100]");
	make_dir(t, "sys");
	make_dir(t, "30");
	o = scan(t, inodes, 4, 0);

	assert_int_equal(owners_of(o, inodes[0], 0).n, 2);
	check_owner(o, inodes[0], 0, 9, 3, OWNER_VIA_FD);
	check_owner(o, inodes[0], 1, 100, 9, OWNER_VIA_FD);
	assert_int_equal(owners_of(o, inodes[1], 0).n, 1);
	check_owner(o, inodes[1], 0, 9, 4, OWNER_VIA_FD);
	assert_int_equal(owners_of(o, inodes[2], 0).n, 0);
	/* A link's inode has 64 bits, of which sock_diag tells 32. */
	check_owner(o, inodes[3], 0, 9, 7, OWNER_VIA_FD);
	assert_int_equal(owners_denied(o), 0);
	assert_true(owners_is_complete(o));
	owners_free(o);
}

static void process_is_told_as_it_is(void **state)
{
	static const uint32_t inodes[] = { 1 };
	static const char *const names[] = { "a) b", "x\ny", "\033[2J", "\xff\xfe", "(", ")", "" };
	const struct tree *t = *state;
	struct stat st;
	struct owners *o;

	for (int i = 0; i < 7; i++) {
		char path[32];

		make_process(t, i + 1, names[i], 1000U + (unsigned int)i);
		snprintf(path, sizeof(path), "%d/fd/3", i + 1);
		make_link(t, path, "socket:[1]");
	}
	make_file(t, "1/cmdline", "/bin/a\0-b\0\0c", 12);
	make_file(t, "2/cmdline", "", 0);
	assert_int_equal(fstat(t->root, &st), 0);
	o = scan(t, inodes, 1, OWNERS_WITH_CMDLINES);
	assert_int_equal(owners_of(o, inodes[0], 0).n, 7);
	for (uint32_t i = 0; i < 7; i++) {
		const struct process *p =
			owners_process(o, owners_of(o, inodes[0], 0).list[i].process);

		assert_int_equal(p->pid, i + 1);
		assert_int_equal(p->start_time, 1000 + i);
		assert_int_equal(p->uid, st.st_uid);
		assert_int_equal(p->name_len, strlen(names[i]));
		assert_memory_equal(p->name, names[i], p->name_len);
		assert_int_equal(p->cmdline_len, i ? 0 : 13);
		if (i)
			assert_null(p->cmdline);
		else
			assert_memory_equal(p->cmdline, "/bin/a\0-b\0\0c\0", 13);
	}
	owners_free(o);
}

static void threads_are_read_for_what_is_left(void **state)
{
	static const uint32_t inodes[] = { 1, 2, 3 };
	const struct tree *t = *state;
	struct owners *o;

	make_process(t, 5, "five", 1);
	make_link(t, "5/fd/3", "socket:[1]");
	make_dir(t, "5/task");
	make_dir(t, "5/task/5");
	make_dir(t, "5/task/5/fd");
	make_link(t, "5/task/5/fd/3", "socket:[2]");
	for (int tid = 6; tid < 8; tid++) {
		char path[32];

		snprintf(path, sizeof(path), "5/task/%d", tid);
		make_dir(t, path);
		snprintf(path, sizeof(path), "5/task/%d/fd", tid);
		make_dir(t, path);
		snprintf(path, sizeof(path), "5/task/%d/fd/%d", tid, 20 - tid);
		make_link(t, path, "socket:[3]");
		snprintf(path, sizeof(path), "5/task/%d/fd/1", tid);
		make_link(t, path, "socket:[1]");
	}
	/* The first thread has gone: its table is empty. */
	make_process(t, 4, "four", 1);
	make_dir(t, "4/task");
	make_dir(t, "4/task/40");
	make_dir(t, "4/task/40/fd");
	make_link(t, "4/task/40/fd/8", "socket:[3]");
	o = scan(t, inodes, 3, 0);

	assert_int_equal(owners_of(o, inodes[0], 0).n, 1);
	check_owner(o, inodes[0], 0, 5, 3, OWNER_VIA_FD);
	/* The first thread's table is the process's. */
	assert_int_equal(owners_of(o, inodes[1], 0).n, 0);
	assert_int_equal(owners_of(o, inodes[2], 0).n, 2);
	check_owner(o, inodes[2], 0, 4, 8, OWNER_VIA_THREAD);
	check_owner(o, inodes[2], 1, 5, 13, OWNER_VIA_THREAD);
	assert_ptr_equal(owners_process(o, owners_of(o, inodes[0], 0).list[0].process),
			 owners_process(o, owners_of(o, inodes[2], 0).list[1].process));
	owners_free(o);
}

static void rings_are_read_for_what_is_left(void **state)
{
	static const uint32_t inodes[] = { 1, 2, 3 };
	static const char first[] =
		"pos:\t0\nUserFiles:\t2\n    0: socket:[2]\n    1: socket:[1]\n";
	static const char second[] = "UserFiles:\t1\n    0: socket:[2]\n";
	const struct tree *t = *state;
	struct owners *o;

	make_process(t, 5, "five", 1);
	make_link(t, "5/fd/3", "socket:[1]");
	make_link(t, "5/fd/4", "anon_inode:[io_uring]");
	make_dir(t, "5/fdinfo");
	make_file(t, "5/fdinfo/4", first, sizeof(first) - 1);
	make_process(t, 3, "three", 1);
	make_dir(t, "3/task");
	make_dir(t, "3/task/30");
	make_dir(t, "3/task/30/fd");
	make_link(t, "3/task/30/fd/6", "anon_inode:[io_uring]");
	make_dir(t, "3/task/30/fdinfo");
	make_file(t, "3/task/30/fdinfo/6", second, sizeof(second) - 1);
	o = scan(t, inodes, 3, 0);

	assert_int_equal(owners_of(o, inodes[0], 0).n, 1);
	check_owner(o, inodes[0], 0, 5, 3, OWNER_VIA_FD);
	assert_int_equal(owners_of(o, inodes[1], 0).n, 2);
	check_owner(o, inodes[1], 0, 3, 6, OWNER_VIA_IO_URING);
	check_owner(o, inodes[1], 1, 5, 4, OWNER_VIA_IO_URING);
	assert_int_equal(owners_of(o, inodes[2], 0).n, 0);
	assert_string_equal(owner_via_words[OWNER_VIA_IO_URING], "io_uring");
	owners_free(o);
}

static void what_vanished_is_no_error(void **state)
{
	static const uint32_t inodes[] = { 1, 2 };
	const struct tree *t = *state;
	struct owners *o;

	make_process(t, 5, "five", 1);
	make_link(t, "5/fd/3", "socket:[1]");
	make_dir(t, "6");
	make_dir(t, "6/fd");
	make_link(t, "6/fd/3", "socket:[1]");
	make_dir(t, "7");
	o = scan(t, inodes, 2, 0);
	assert_int_equal(owners_of(o, inodes[0], 0).n, 1);
	check_owner(o, inodes[0], 0, 5, 3, OWNER_VIA_FD);
	assert_int_equal(owners_denied(o), 0);
	assert_int_equal(owners_failure(o), 0);
	assert_true(owners_is_complete(o));
	owners_free(o);
}

static void what_cannot_be_read_is_counted(void **state)
{
	static const uint32_t inodes[] = { 1, 2 };
	const struct tree *t = *state;
	struct owners *o;

	make_process(t, 5, "five", 1);
	make_link(t, "5/fd/3", "socket:[1]");
	/* stat of another form; a folder that is none; for other users than root also a closed one.
	 */
	make_dir(t, "6");
	make_dir(t, "6/fd");
	make_link(t, "6/fd/3", "socket:[1]");
	make_file(t, "6/stat", "6 (six", 6);
	make_dir(t, "7");
	make_file(t, "7/fd", "", 0);
	make_process(t, 8, "eight", 1);
	make_link(t, "8/fd/3", "socket:[2]");
	assert_int_equal(fchmodat(t->root, "8/fd", 0, 0), 0);
	assert_int_equal(fchmod(t->root, 0755), 0);
	assert_int_equal(geteuid() ? 0 : seteuid(65534), 0);
	o = scan(t, inodes, 2, 0);
	assert_int_equal(getuid() ? 0 : seteuid(0), 0);
	assert_int_equal(fchmodat(t->root, "8/fd", 0755, 0), 0);

	assert_int_equal(owners_of(o, inodes[0], 0).n, 1);
	assert_int_equal(owners_of(o, inodes[1], 0).n, 0);
	assert_int_equal(owners_denied(o), 3);
	assert_int_equal(owners_failure(o), -EINVAL);
	assert_false(owners_is_complete(o));
	owners_free(o);
}

/* Nothing in the listing says that it is not there by itself. */
static void a_command_line_that_cannot_be_read_is_told(void **state)
{
	const uint32_t inode = 1;
	const struct tree *t = *state;
	struct owners *o;

	make_process(t, 5, "five", 1);
	make_link(t, "5/fd/3", "socket:[1]");
	make_dir(t, "5/cmdline");
	o = scan(t, &inode, 1, OWNERS_WITH_CMDLINES);
	check_owner(o, inode, 0, 5, 3, OWNER_VIA_FD);
	assert_null(owners_process(o, 0)->cmdline);
	assert_int_equal(owners_denied(o), 1);
	assert_int_equal(owners_failure(o), -EISDIR);
	assert_true(owners_is_complete(o));
	/* Who does not ask for it misses nothing. */
	assert_int_equal(scan_inodes(o, &inode, 1, 0), 0);
	assert_int_equal(owners_denied(o), 0);
	assert_int_equal(owners_failure(o), 0);
	owners_free(o);
}

/* Looks for the one inode 1. */
static int scan_one(struct owners *o, bool is_started)
{
	if (is_started)
		owners_start(o, false);
	return scan_inodes(o, &(uint32_t){ 1 }, 1, OWNERS_WITH_CMDLINES);
}

static void scans_follow_one_another(void **state)
{
	const struct tree *t = *state;
	struct owners *o = owners_new(t->root, OWNERS_AUTO);

	assert_false(owners_is_complete(o));
	make_process(t, 4, "four", 1);
	make_link(t, "4/fd/3", "socket:[2]");
	make_process(t, 5, "five", 1);
	make_link(t, "5/fd/3", "socket:[1]");
	assert_int_equal(owners_scan(o, NULL, 0, 0), 0);
	assert_int_equal(owners_of(o, 1, 0).n, 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(scan_one(o, i % 2), 0);
		assert_int_equal(owners_of(o, 1, 0).n, 1);
		check_owner(o, 1, 0, 5, 3, OWNER_VIA_FD);
	}
	assert_int_equal(unlinkat(t->root, "5/fd/3", 0), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(scan_one(o, i), 0);
		assert_int_equal(owners_of(o, 1, 0).n, 0);
	}
	/* What was started and is not wanted is given up. */
	owners_start(o, false);
	owners_start(o, false);
	assert_int_equal(owners_scan(o, NULL, 0, 0), 0);
	owners_start(o, false);
	owners_free(o);
	owners_free(NULL);
}

static void failure_is_told(void **state)
{
	struct owners *o = owners_new(-1, OWNERS_PROC);

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_true(scan_one(o, i) < 0);
		assert_int_equal(owners_of(o, 1, 0).n, 0);
	}
	assert_false(owners_is_complete(o));
	owners_free(o);
}

static void none_finds_none(void **state)
{
	const struct tree *t = *state;
	struct owners *o = owners_new(t->root, OWNERS_NONE);
	enum problem_bpf why = PROBLEM_BPF_OTHER;

	make_process(t, 5, "five", 1);
	make_link(t, "5/fd/3", "socket:[1]");
	assert_int_equal(scan_one(o, true), 0);
	assert_int_equal(owners_of(o, 1, 0).n, 0);
	assert_false(owners_is_complete(o));
	owners_free(o);
	/* A recorded tree is not what the kernel would tell of. */
	o = owners_new(t->root, OWNERS_BPF);
	assert_true(scan_one(o, false) < 0);
	assert_true(scan_one(o, true) < 0);
	assert_true(owners_lack_bpf(o, &why));
	assert_int_equal(why, PROBLEM_BPF_OTHER_PROC);
	owners_free(o);
	o = owners_new(t->root, OWNERS_PROC);
	assert_false(owners_lack_bpf(o, &why));
	owners_free(o);
}

/* So many that several threads read them: each owner is there, in order, whoever found it. */
static void many_processes_are_read_side_by_side(void **state)
{
	const struct tree *t = *state;
	uint32_t inodes[401];
	struct owners *o;

	for (int pid = 1; pid <= 400; pid++) {
		char path[32], target[32];

		make_process(t, pid, "worker", (unsigned int)pid);
		snprintf(path, sizeof(path), "%d/fd/4", pid);
		make_link(t, path, "socket:[1000]");
		snprintf(path, sizeof(path), "%d/fd/5", pid);
		snprintf(target, sizeof(target), "socket:[%d]", pid);
		make_link(t, path, target);
	}
	o = owners_new(t->root, OWNERS_PROC);
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i <= 400; i++)
			inodes[i] = i ? i : 1000;
		if (round)
			owners_start(o, false);
		assert_int_equal(scan_inodes(o, inodes, 401, 0), 0);
		assert_int_equal(owners_of(o, inodes[0], 0).n, 400);
		for (int pid = 1; pid <= 400; pid++) {
			check_owner(o, inodes[0], (size_t)pid - 1, pid, 4, OWNER_VIA_FD);
			check_owner(o, inodes[pid], 0, pid, 5, OWNER_VIA_FD);
		}
	}
	owners_free(o);
}

/* This very process, in the real /proc, holds a socket that it made. */
static void own_socket_is_found(void **state)
{
	uint32_t inode;
	struct owners *o;
	const struct process *p;
	struct stat st;
	int root = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)state;
	if (root < 0)
		skip_because("there is no /proc");
	/* valgrind has another name. */
	assert_int_equal(prctl(PR_SET_NAME, "test_owners"), 0);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	inode = (uint32_t)st.st_ino;
	o = owners_new(root, OWNERS_PROC);
	assert_int_equal(scan_inodes(o, &inode, 1, OWNERS_WITH_CMDLINES), 0);
	check_owner(o, inode, 0, getpid(), fd, OWNER_VIA_FD);
	p = owners_process(o, owners_of(o, inode, 0).list[0].process);
	assert_int_equal(p->uid, geteuid());
	assert_int_equal(p->name_len, 11);
	assert_memory_equal(p->name, "test_owners", 11);
	assert_non_null(p->cmdline);
	assert_true(p->start_time > 0);
	owners_free(o);
	close(fd);
	close(root);
}

#define tree_test(f) cmocka_unit_test_setup_teardown(f, tree_make, tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		tree_test(every_owner_is_found_once),
		tree_test(process_is_told_as_it_is),
		tree_test(threads_are_read_for_what_is_left),
		tree_test(rings_are_read_for_what_is_left),
		tree_test(what_vanished_is_no_error),
		tree_test(what_cannot_be_read_is_counted),
		tree_test(a_command_line_that_cannot_be_read_is_told),
		tree_test(scans_follow_one_another),
		cmocka_unit_test(failure_is_told),
		tree_test(none_finds_none),
		tree_test(many_processes_are_read_side_by_side),
		cmocka_unit_test(own_socket_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

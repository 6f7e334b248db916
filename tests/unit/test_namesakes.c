/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Owners of sockets that are said to have one inode number: real processes with real descriptors,
 * under a number that is the first socket's.
 */
#include <config.h>

#include "resolve/namesakes.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "resolve/holdings.h"
#include "stream.h"
#include "test.h"

/* Every process here has all three: two sockets, and a second descriptor of the first one. */
static int first, second, again;
static uint32_t inode;
static uint64_t cookie;
static pid_t workers[2];

static int set_up(void **state)
{
	socklen_t len = sizeof(cookie);
	struct stat st;

	(void)state;
	first = socket(AF_INET, SOCK_DGRAM, 0);
	second = socket(AF_UNIX, SOCK_STREAM, 0);
	again = dup(first);
	if (first < 0 || second < 0 || again < 0 || fstat(first, &st) ||
	    getsockopt(first, SOL_SOCKET, SO_COOKIE, &cookie, &len))
		return -1;
	inode = (uint32_t)st.st_ino;
	for (size_t i = 0; i < 2; i++) {
		workers[i] = fork();
		if (workers[i] < 0)
			return -1;
		while (!workers[i])
			pause();
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(first);
	close(second);
	close(again);
	for (size_t i = 0; i < 2; i++)
		if (kill(workers[i], SIGKILL) || waitpid(workers[i], NULL, 0) != workers[i])
			return -1;
	return 0;
}

struct found {
	struct holdings h;
	struct namesakes s;
};

/* This process and the workers hold these descriptors, all under the number of the first socket. */
static void find(struct found *f, const int fds[3], enum owner_via via)
{
	struct buf stream = { 0 };

	*f = (struct found){ 0 };
	add_task(&stream, getpid(), getpid(), 1, "first");
	add_entry(&stream, inode, (uint32_t)fds[0]);
	for (size_t i = 0; i < 2; i++) {
		add_task(&stream, workers[i], workers[i], 1, "worker");
		add_entry(&stream, inode, (uint32_t)fds[1 + i]);
	}
	assert_int_equal(
		holdings_read(&f->h, stream.data, stream.len, HOLDINGS_OF_PROCESSES, via, NULL), 0);
	holdings_settle(&f->h);
	namesakes_find(&f->s, &f->h);
	buf_fini(&stream);
}

static void fini(struct found *f)
{
	holdings_fini(&f->h);
	namesakes_fini(&f->s);
}

/* The owners of the socket with this cookie are these, in this order. */
static void assert_owners(const struct found *f, uint64_t of, const pid_t *pids, size_t n)
{
	struct owner_span span = namesakes_choose(&f->s, &f->h, inode, of);

	assert_int_equal(span.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(f->h.holders[span.list[i].process].process.pid, pids[i]);
}

static void one_socket_has_all_its_owners(void **state)
{
	const int closed = 1000;
	const struct {
		int fds[3];
		enum owner_via via;
	} cases[] = {
		{ { first, first, first }, OWNER_VIA_FD },
		{ { first, again, first }, OWNER_VIA_FD },
		/* They cannot be compared. */
		{ { first, closed, first }, OWNER_VIA_FD },
		{ { first, second, first }, OWNER_VIA_THREAD },
		{ { first, second, first }, OWNER_VIA_IO_URING },
	};
	const pid_t all[] = { getpid(), workers[0], workers[1] };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct found f;

		find(&f, cases[i].fds, cases[i].via);
		assert_int_equal(f.s.n, 0);
		assert_owners(&f, cookie, all, 3);
		assert_owners(&f, cookie + 1, all, 3);
		fini(&f);
	}
}

static void need_kcmp(void)
{
	if (syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, first, again)) {
		print_message("skipped: kcmp: %s\n", strerror(errno));
		skip();
	}
}

static void namesakes_are_told_apart(void **state)
{
	const pid_t all[] = { getpid(), workers[1], workers[0] };
	struct found f;

	(void)state;
	need_kcmp();
	find(&f, (const int[]){ first, second, first }, OWNER_VIA_FD);
	assert_int_equal(f.s.n, 2);
	assert_owners(&f, cookie, all, 2);
	/* The second has another inode in truth, so that its cookie is not trusted. */
	assert_owners(&f, cookie + 1, all + 2, 1);
	assert_owners(&f, 0, all, 3);
	assert_int_equal(namesakes_choose(&f.s, &f.h, inode + 1, cookie).n, 0);
	fini(&f);
}

/* What is known to be another socket's is nobody's. */
static void a_namesake_alone_is_no_owner(void **state)
{
	struct found f;

	(void)state;
	need_kcmp();
	find(&f, (const int[]){ first, second, second }, OWNER_VIA_FD);
	assert_int_equal(f.s.n, 2);
	f.s.list[1].cookie = cookie + 1;
	assert_owners(&f, cookie, (const pid_t[]){ getpid() }, 1);
	assert_owners(&f, cookie + 1, workers, 2);
	assert_owners(&f, cookie + 2, NULL, 0);
	fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_socket_has_all_its_owners),
		cmocka_unit_test(namesakes_are_told_apart),
		cmocka_unit_test(a_namesake_alone_is_no_owner),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

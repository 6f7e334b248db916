/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Owners of sockets that are said to have one inode number: real processes with real descriptors,
 * under a number that is the first socket's.
 */
#include <config.h>

#include "resolve/namesakes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
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
static uint32_t inode, second_inode;
static uint64_t first_cookie, second_cookie;
static pid_t workers[2];
/* Does the second socket have the number of the first? */
static bool are_namesakes;

/* In place of the C library's, in what is tested, too. */
int fstat(int fd, struct stat *st)
{
	if (fstatat(fd, "", st, AT_EMPTY_PATH))
		return -1;
	if (are_namesakes && st->st_ino == second_inode)
		st->st_ino = inode;
	return 0;
}

static int identify(int fd, uint32_t *number, uint64_t *cookie)
{
	socklen_t len = sizeof(*cookie);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || getsockopt(fd, SOL_SOCKET, SO_COOKIE, cookie, &len))
		return -1;
	*number = (uint32_t)st.st_ino;
	return 0;
}

static int set_up(void **state)
{
	const pid_t parent = getpid();

	(void)state;
	first = socket(AF_INET, SOCK_DGRAM, 0);
	second = socket(AF_UNIX, SOCK_STREAM, 0);
	again = dup(first);
	if (identify(first, &inode, &first_cookie) ||
	    identify(second, &second_inode, &second_cookie) || again < 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		workers[i] = fork();
		if (workers[i] < 0)
			return -1;
		if (workers[i])
			continue;
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
			_exit(1);
		for (;;)
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

/* One more descriptor under the number of the first socket. */
static void hold(struct buf *stream, pid_t pid, int fd)
{
	add_task(stream, pid, pid, 1, "holder");
	add_entry(stream, inode, (uint32_t)fd);
}

static void find(struct found *f, const struct buf *stream, enum owner_via via)
{
	holdings_read(&f->h, stream->data, stream->len, HOLDINGS_OF_PROCESSES, via, NULL);
	holdings_settle(&f->h);
	namesakes_suspect(&f->s, inode);
	namesakes_find(&f->s, &f->h, -1);
}

/* This process and the workers hold one descriptor each. */
static void find_three(struct found *f, const int fds[3], enum owner_via via)
{
	struct buf stream = { 0 };

	hold(&stream, getpid(), fds[0]);
	hold(&stream, workers[0], fds[1]);
	hold(&stream, workers[1], fds[2]);
	*f = (struct found){ 0 };
	find(f, &stream, via);
	buf_fini(&stream);
}

static void fini(struct found *f)
{
	holdings_fini(&f->h);
	namesakes_fini(&f->s);
}

/* The owners of the socket with this cookie are these with these descriptors, in this order. */
static void assert_owners(const struct found *f, uint64_t cookie, size_t n, const pid_t *pids,
			  const int *fds)
{
	const struct namesake *namesake = namesakes_get(&f->s, inode, cookie);

	assert_non_null(namesake);
	assert_int_equal(namesake->n, n);
	for (size_t i = 0; i < n; i++) {
		const struct owner *owner = &f->s.owners[namesake->first + i];

		assert_int_equal(f->h.holders[owner->process].process.pid, pids[i]);
		assert_int_equal(owner->fd, fds[i]);
	}
}

/* Skips where this kernel, or valgrind, does not tell. */
static void need_cookies_of_others(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, workers[0], 0);
	int fd = pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, first, 0);
	int err = errno;

	close(pidfd);
	close(fd);
	if (fd < 0)
		skip_because("pidfd_getfd: %s", strerror(err));
	if (syscall(SYS_kcmp, getpid(), workers[0], KCMP_FILE, first, again))
		skip_because("kcmp: %s", strerror(errno));
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
		{ { first, closed, first }, OWNER_VIA_FD },
		{ { closed, first, again }, OWNER_VIA_FD },
		/* They cannot be compared. */
		{ { first, second, first }, OWNER_VIA_THREAD },
		{ { first, second, first }, OWNER_VIA_IO_URING },
	};

	(void)state;
	are_namesakes = true;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct found f;

		find_three(&f, cases[i].fds, cases[i].via);
		assert_null(namesakes_get(&f.s, inode, first_cookie));
		assert_null(namesakes_get(&f.s, inode, second_cookie));
		fini(&f);
	}
}

static void namesakes_are_told_apart(void **state)
{
	struct found f;

	(void)state;
	need_cookies_of_others();
	are_namesakes = true;
	find_three(&f, (const int[]){ again, second, first }, OWNER_VIA_FD);
	assert_owners(&f, first_cookie, 2, (const pid_t[]){ getpid(), workers[1] },
		      (const int[]){ again, first });
	assert_owners(&f, second_cookie, 1, workers, &second);
	assert_null(namesakes_get(&f.s, inode, first_cookie + second_cookie));
	assert_null(namesakes_get(&f.s, inode + 1, first_cookie));
	fini(&f);
}

/* Nobody is left out but who surely holds another socket. */
static void what_cannot_be_told_stays(void **state)
{
	const int closed = 1000;
	struct found f;

	(void)state;
	need_cookies_of_others();
	are_namesakes = false; /* so that the second one's cookie counts for nothing */
	find_three(&f, (const int[]){ first, second, first }, OWNER_VIA_FD);
	assert_owners(&f, first_cookie, 3, (const pid_t[]){ getpid(), workers[0], workers[1] },
		      (const int[]){ first, second, first });
	fini(&f);
	are_namesakes = true;
	find_three(&f, (const int[]){ first, closed, second }, OWNER_VIA_FD);
	assert_owners(&f, first_cookie, 2, (const pid_t[]){ getpid(), workers[0] },
		      (const int[]){ first, closed });
	assert_owners(&f, second_cookie, 2, workers, (const int[]){ closed, second });
	fini(&f);
}

static void a_process_may_hold_both(void **state)
{
	const pid_t pids[] = { getpid(), workers[0] };
	struct buf stream = { 0 };
	struct found f = { 0 };

	(void)state;
	need_cookies_of_others();
	are_namesakes = true;
	hold(&stream, pids[0], first);
	add_entry(&stream, inode, (uint32_t)again);
	add_entry(&stream, inode, (uint32_t)second);
	hold(&stream, pids[1], second);
	find(&f, &stream, OWNER_VIA_FD);
	assert_owners(&f, first_cookie, 1, pids, (const int[]){ first });
	assert_owners(&f, second_cookie, 2, pids, (const int[]){ second, second });
	fini(&f);
	buf_fini(&stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_socket_has_all_its_owners),
		cmocka_unit_test(namesakes_are_told_apart),
		cmocka_unit_test(what_cannot_be_told_stays),
		cmocka_unit_test(a_process_may_hold_both),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

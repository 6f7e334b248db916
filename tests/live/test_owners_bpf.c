/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the BPF program writes about the sockets of this process, in network namespaces of its own.
 */
#include <config.h>

#include "../unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "resolve/netns_holders.h"
#include "resolve/owners_bpf.h"
#include "resolve/task_file.h"

/* The sockets of this test, by what they are. */
enum kind {
	LISTENER,
	LISTENER_AGAIN, /* a duplicate of its descriptor */
	CLIENT,
	CLIENT_THAT_DID_NOT_WAIT, /* its connect(2) did not block */
	ACCEPTED,
	DATAGRAM,
	DATAGRAM_WITH_PEER,
	ABROAD, /* in another network namespace than this process */
	KINDS
};

static int fds[KINDS];
static ino_t abroad; /* the inode number of the namespace of that socket */
static struct owners_bpf *bpf;

static struct sockaddr_in address_of(int fd)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	return a;
}

/* Bound to a free port of the loopback address. */
static int open_bound(int type)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, type, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static int open_connected(int type, int to)
{
	struct sockaddr_in a = address_of(to);
	struct pollfd ready = { .fd = socket(AF_INET, type, 0), .events = POLLOUT };

	assert_true(ready.fd >= 0);
	if (connect(ready.fd, (struct sockaddr *)&a, sizeof(a))) {
		assert_int_equal(errno, EINPROGRESS);
		assert_int_equal(poll(&ready, 1, -1), 1);
	}
	return ready.fd;
}

static void bring_up_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
}

static int open_sockets(void **state)
{
	struct stat st;

	(void)state;
	bring_up_loopback();
	fds[ABROAD] = open_bound(SOCK_DGRAM);
	assert_int_equal(stat("/proc/self/ns/net", &st), 0);
	abroad = st.st_ino;
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	bring_up_loopback();
	fds[LISTENER] = open_bound(SOCK_STREAM);
	assert_int_equal(listen(fds[LISTENER], 5), 0);
	fds[LISTENER_AGAIN] = dup(fds[LISTENER]);
	fds[CLIENT] = open_connected(SOCK_STREAM, fds[LISTENER]);
	fds[CLIENT_THAT_DID_NOT_WAIT] = open_connected(SOCK_STREAM | SOCK_NONBLOCK, fds[LISTENER]);
	fds[ACCEPTED] = accept(fds[LISTENER], NULL, NULL);
	fds[DATAGRAM] = open_bound(SOCK_DGRAM);
	fds[DATAGRAM_WITH_PEER] = open_connected(SOCK_DGRAM, fds[DATAGRAM]);
	return 0;
}

static int close_sockets(void **state)
{
	(void)state;
	for (unsigned int kind = 0; kind < KINDS; kind++)
		close(fds[kind]);
	owners_bpf_free(bpf);
	return 0;
}

/* What one reading says about each socket; inode 0: nothing. */
static void read_entries(unsigned int flags, struct task_file_entry entries[KINDS])
{
	struct buf stream = { 0 };
	struct task_file_entry entry;
	struct task_file_task task = { 0 };

	memset(entries, 0, KINDS * sizeof(*entries));
	assert_int_equal(owners_bpf_read(bpf, flags, &stream), 0);
	for (size_t pos = 0; pos + sizeof(entry) <= stream.len;) {
		memcpy(&entry, stream.data + pos, sizeof(entry));
		pos += sizeof(entry);
		if (entry.fd == TASK_FILE_TASK) {
			memcpy(&task, stream.data + pos, sizeof(task));
			pos += sizeof(task);
		}
		for (unsigned int kind = 0; kind < KINDS && task.pid == getpid(); kind++)
			if (entry.fd == (uint32_t)fds[kind])
				entries[kind] = entry;
	}
	buf_fini(&stream);
}

static void test_all(void **state)
{
	struct task_file_entry entries[KINDS];

	(void)state;
	read_entries(0, entries);
	for (unsigned int kind = 0; kind < KINDS; kind++) {
		struct stat st;

		assert_int_equal(fstat(fds[kind], &st), 0);
		assert_int_equal(entries[kind].inode, st.st_ino);
		assert_false(TASK_FILE_IS_COOKIE(entries[kind].socket));
		assert_true(entries[kind].socket != TASK_FILE_NOT_TOLD);
		for (unsigned int other = 0; other < kind; other++)
			assert_int_equal(entries[kind].socket == entries[other].socket,
					 kind == LISTENER_AGAIN && other == LISTENER);
	}
}

/* A listing of what listens pays nothing for connections, however they were made. */
static void test_unconnected(void **state)
{
	static const bool is_in[KINDS] = { [LISTENER] = true,
					   [LISTENER_AGAIN] = true,
					   [DATAGRAM] = true,
					   [DATAGRAM_WITH_PEER] = true,
					   [ABROAD] = true };
	struct task_file_entry entries[KINDS];

	(void)state;
	read_entries(OWNERS_BPF_ONLY_UNCONNECTED, entries);
	for (unsigned int kind = 0; kind < KINDS; kind++)
		assert_int_equal(entries[kind].inode != 0, is_in[kind]);
}

static void test_cookies(void **state)
{
	struct task_file_entry before[KINDS], after[KINDS];
	uint64_t cookie;
	socklen_t len = sizeof(cookie);

	(void)state;
	/* The kernel makes it when it is first asked for. */
	read_entries(OWNERS_BPF_READS_COOKIES, before);
	assert_int_equal(getsockopt(fds[LISTENER], SOL_SOCKET, SO_COOKIE, &cookie, &len), 0);
	read_entries(OWNERS_BPF_READS_COOKIES, after);
	for (unsigned int kind = 0; kind < KINDS; kind++) {
		assert_false(TASK_FILE_IS_COOKIE(before[kind].socket));
		if (kind == LISTENER || kind == LISTENER_AGAIN)
			assert_int_equal(after[kind].socket, cookie);
		else
			assert_int_equal(after[kind].socket, before[kind].socket);
		assert_int_equal(after[kind].inode, before[kind].inode);
	}
}

/* The one holder among them that is this process.  False if there is none. */
static bool find_own(const struct netns_holders *holders, struct netns_holder *own)
{
	size_t n = 0;

	for (size_t i = 0; i < holders->n; i++) {
		if (holders->list[i].pid != getpid())
			continue;
		*own = holders->list[i];
		n++;
	}
	assert_true(n <= 1);
	return n;
}

static void test_netns(void **state)
{
	struct netns_holders holders = { 0 };
	struct buf stream = { 0 };
	struct netns_holder own;
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(owners_bpf_read(bpf, OWNERS_BPF_READS_COOKIES, &stream), 0);
	netns_holders_read(&holders, stream.data, stream.len);
	assert_int_equal(holders.n, 0);
	buf_clear(&stream);
	assert_int_equal(owners_bpf_read(bpf, OWNERS_BPF_READS_NETNS, &stream), 0);
	netns_holders_read(&holders, stream.data, stream.len);
	assert_true(find_own(&holders, &own));
	assert_int_equal(own.tid, getpid());
	assert_int_equal(own.fd, fds[ABROAD]);
	fd = netns_holder_open(&own);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_ino, abroad);
	close(fd);
	own.fd = 1000000;
	assert_int_equal(netns_holder_open(&own), -EBADF);
	netns_holders_fini(&holders);
	buf_fini(&stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_unconnected),
		cmocka_unit_test(test_netns),
		/* The last: it gives a socket a cookie. */
		cmocka_unit_test(test_cookies),
	};
	int err = owners_bpf_load(&bpf);

	if (err) {
		printf("1..0 # SKIP no BPF program: %s\n", strerror(-err));
		return 0;
	}
	if (unshare(CLONE_NEWNET)) {
		printf("1..0 # SKIP no network namespace of its own: %s\n", strerror(errno));
		owners_bpf_free(bpf);
		return 0;
	}
	return cmocka_run_group_tests(tests, open_sockets, close_sockets);
}

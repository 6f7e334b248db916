/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded into portstat by the tests of faults: failed allocations, short reads, truncated
 * datagrams, a clock that jumps, sockets with the same inode number.  The environment selects:
 *
 * SHIM_COUNT=FILE      write the number of allocations to FILE at exit
 * SHIM_FAIL=N          allocation number N returns NULL, with SHIM_FAIL_ON=1 also all after it;
 *                      those inside a user lookup do not count
 * SHIM_READ=N          read(2) returns at most N bytes
 * SHIM_DATAGRAM=N      recvfrom(2) returns at most N bytes of a datagram
 * SHIM_INODE=A         the socket of inode A has ...
 * SHIM_INODE_AS=B      ... this number in readlinkat(2), fstat(2) and what recvfrom(2) has of netlink
 * SHIM_RELEASE=R       uname(2) gives this release
 * SHIM_OLD=1           sock_diag(7) is that of Linux 5.4: it ignores the state of bound sockets, takes a
 *                      protocol above 255 for bytecode that it refuses, and reports no cgroup
 * SHIM_CLOCK=S         CLOCK_REALTIME jumps by S seconds, forth and back, at every call
 * SHIM_CLOCK_FILE=FILE CLOCK_REALTIME is set forward by as many seconds as FILE has, an int64_t
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* glibc's own names: dlsym() would allocate. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
/* What a fortified program calls. */
ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room);
ssize_t __recvfrom_chk(int fd, void *buffer, size_t size, size_t room, int flags,
		       struct sockaddr *restrict from, socklen_t *restrict from_len);
ssize_t __readlinkat_chk(int dir, const char *restrict path, char *restrict buffer, size_t size,
			 size_t room);

static unsigned long allocations;
/* glibc 2.36 itself crashes where an allocation fails in here (nss_database.c): nothing to learn. */
static __thread int is_in_nss;

static unsigned long setting(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : 0;
}

static int fails(void)
{
	unsigned long failing = setting("SHIM_FAIL"), number;

	if (is_in_nss)
		return 0;
	number = __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED);
	if (!failing || number < failing || (number > failing && !setting("SHIM_FAIL_ON")))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

int getpwuid_r(uid_t uid, struct passwd *entry, char *room, size_t size, struct passwd **found)
{
	int (*real)(uid_t, struct passwd *, char *, size_t, struct passwd **);
	int err;

	is_in_nss = 1;
	*(void **)&real = dlsym(RTLD_NEXT, "getpwuid_r");
	err = real(uid, entry, room, size, found);
	is_in_nss = 0;
	return err;
}

ssize_t read(int fd, void *buffer, size_t size)
{
	unsigned long most = setting("SHIM_READ");

	return syscall(SYS_read, fd, buffer, most && most < size ? most : size);
}

ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room)
{
	if (size > room)
		abort();
	return read(fd, buffer, size);
}

/* In the answers of sock_diag(7). */
static void change_inodes(char *buffer, size_t size)
{
	const size_t head = sizeof(struct nlmsghdr);

	for (size_t at = 0; at + head <= size;) {
		struct nlmsghdr *nlh = (void *)(buffer + at);
		struct inet_diag_msg *msg = NLMSG_DATA(nlh);

		if (nlh->nlmsg_len < head)
			return;
		at += NLMSG_ALIGN(nlh->nlmsg_len);
		if (nlh->nlmsg_len >= NLMSG_LENGTH(sizeof(*msg)) && at <= size &&
		    msg->idiag_inode == setting("SHIM_INODE"))
			msg->idiag_inode = (uint32_t)setting("SHIM_INODE_AS");
	}
}

/* Attribute types that only later kernels know (linux/inet_diag.h). */
#define OF_PROTOCOL 3
#define OF_CGROUP 21
#define OF_NOBODY 63

/* A request as a kernel reads it that knows neither the state nor the attribute. */
static void make_old(char *request, size_t size)
{
	const size_t head = NLMSG_LENGTH(sizeof(struct inet_diag_req_v2));
	struct nlmsghdr *nlh = (void *)request;
	struct inet_diag_req_v2 *req = NLMSG_DATA(nlh);
	struct nlattr *attr = (void *)(request + head);

	if (size < head || nlh->nlmsg_type == TCPDIAG_GETSOCK) {
		struct inet_diag_req *both = NLMSG_DATA(nlh);

		if (size >= NLMSG_LENGTH(sizeof(*both)))
			both->idiag_states &= 0xfff;
		return;
	}
	req->idiag_states &= 0xfff;
	if (size >= head + sizeof(*attr) && attr->nla_type == OF_PROTOCOL)
		attr->nla_type = INET_DIAG_REQ_BYTECODE;
}

/* The cgroup is no attribute that anybody knows. */
static void hide_cgroups(char *buffer, size_t size)
{
	const size_t head = NLMSG_LENGTH(sizeof(struct inet_diag_msg));

	for (size_t at = 0; at + sizeof(struct nlmsghdr) <= size;) {
		struct nlmsghdr *nlh = (void *)(buffer + at);
		size_t end = at + nlh->nlmsg_len;

		if (nlh->nlmsg_len < sizeof(*nlh) || end > size)
			return;
		for (size_t i = at + head;
		     nlh->nlmsg_type == SOCK_DIAG_BY_FAMILY && i + 4 <= end;) {
			struct nlattr *attr = (void *)(buffer + i);

			if (attr->nla_type == OF_CGROUP)
				attr->nla_type = OF_NOBODY;
			if (attr->nla_len < 4)
				return;
			i += NLA_ALIGN(attr->nla_len);
		}
		at += NLMSG_ALIGN(nlh->nlmsg_len);
	}
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to,
	       socklen_t to_len)
{
	char copy[4096];

	if (to && to->sa_family == AF_NETLINK && size <= sizeof(copy) && setting("SHIM_OLD")) {
		memcpy(copy, data, size);
		make_old(copy, size);
		data = copy;
	}
	return syscall(SYS_sendto, fd, data, size, flags, to, to_len);
}

int uname(struct utsname *out)
{
	const char *release = getenv("SHIM_RELEASE");
	long done = syscall(SYS_uname, out);

	if (!done && release)
		snprintf(out->release, sizeof(out->release), "%s", release);
	return (int)done;
}

ssize_t recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *restrict from,
		 socklen_t *restrict from_len)
{
	unsigned long most = setting("SHIM_DATAGRAM");
	ssize_t n = syscall(SYS_recvfrom, fd, buffer, size, flags, from, from_len);

	if (n > 0 && setting("SHIM_OLD"))
		hide_cgroups(buffer, (size_t)n < size ? (size_t)n : size);
	if (n > 0 && setting("SHIM_INODE"))
		change_inodes(buffer, (size_t)n < size ? (size_t)n : size);
	return most && n > (ssize_t)most ? (ssize_t)most : n;
}

ssize_t __recvfrom_chk(int fd, void *buffer, size_t size, size_t room, int flags,
		       struct sockaddr *restrict from, socklen_t *restrict from_len)
{
	if (size > room)
		abort();
	return recvfrom(fd, buffer, size, flags, from, from_len);
}

ssize_t readlinkat(int dir, const char *restrict path, char *restrict buffer, size_t size)
{
	ssize_t n = syscall(SYS_readlinkat, dir, path, buffer, size);
	unsigned long inode;
	char link[32];

	if (n <= 0 || (size_t)n >= sizeof(link) || !setting("SHIM_INODE"))
		return n;
	memcpy(link, buffer, (size_t)n);
	link[n] = '\0';
	if (sscanf(link, "socket:[%lu]", &inode) != 1 || inode != setting("SHIM_INODE"))
		return n;
	n = snprintf(link, sizeof(link), "socket:[%lu]", setting("SHIM_INODE_AS"));
	n = n < (ssize_t)size ? n : (ssize_t)size;
	memcpy(buffer, link, (size_t)n);
	return n;
}

ssize_t __readlinkat_chk(int dir, const char *restrict path, char *restrict buffer, size_t size,
			 size_t room)
{
	if (size > room)
		abort();
	return readlinkat(dir, path, buffer, size);
}

int fstat(int fd, struct stat *st)
{
	int result = fstatat(fd, "", st, AT_EMPTY_PATH);

	if (!result && S_ISSOCK(st->st_mode) && setting("SHIM_INODE") &&
	    st->st_ino == setting("SHIM_INODE"))
		st->st_ino = setting("SHIM_INODE_AS");
	return result;
}

/* By how much the clock was set, which may change at any time. */
static int64_t seconds_set(void)
{
	const char *path = getenv("SHIM_CLOCK_FILE");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	int64_t seconds = 0;

	if (fd < 0)
		return 0;
	if (syscall(SYS_pread64, fd, &seconds, sizeof(seconds), 0L) != sizeof(seconds))
		seconds = 0;
	close(fd);
	return seconds;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	static unsigned long calls;
	unsigned long jump = setting("SHIM_CLOCK");
	long done = syscall(SYS_clock_gettime, clock, now);

	if (done || clock != CLOCK_REALTIME)
		return (int)done;
	if (__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED) % 2)
		now->tv_sec += (time_t)jump;
	now->tv_sec += (time_t)seconds_set();
	return 0;
}

__attribute__((destructor)) static void tell_count(void)
{
	const char *path = getenv("SHIM_COUNT");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	dprintf(fd, "%lu\n", allocations);
	close(fd);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets that have one inode number, told apart. */
#include <config.h>

#include "resolve/namesakes.h"

#include <linux/kcmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "resolve/holdings.h"

void namesakes_fini(struct namesakes *s)
{
	free(s->list);
	*s = (struct namesakes){ 0 };
}

static int32_t pid_of(const struct holdings *h, const struct owner *owner)
{
	return h->holders[owner->process].process.pid;
}

/* Are these surely not one open file?  Of threads and rings that cannot be told. */
static bool differ(const struct holdings *h, const struct owner *a, const struct owner *b)
{
	if (a->via != OWNER_VIA_FD || b->via != OWNER_VIA_FD)
		return false;
	return syscall(SYS_kcmp, pid_of(h, a), pid_of(h, b), KCMP_FILE, a->fd, b->fd) > 0;
}

static uint64_t cookie_at(int fd, uint32_t inode)
{
	struct stat st;
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	/* The process may have put something else there since. */
	if (fstat(fd, &st) || (uint32_t)st.st_ino != inode ||
	    getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len))
		return 0;
	return cookie;
}

/* The cookie of a socket that another process holds (Linux 5.6); 0 where we may not. */
static uint64_t cookie_of(const struct holdings *h, const struct owner *owner)
{
	uint64_t cookie = 0;
	int pidfd, fd;

	if (owner->via != OWNER_VIA_FD)
		return 0;
	pidfd = (int)syscall(SYS_pidfd_open, pid_of(h, owner), 0);
	if (pidfd < 0)
		return 0;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, owner->fd, 0);
	if (fd >= 0) {
		cookie = cookie_at(fd, owner->inode);
		close(fd);
	}
	close(pidfd);
	return cookie;
}

static struct owner *owners_at(struct holdings *h, const struct namesake *namesake)
{
	return &h->list[namesake->first];
}

/* Puts an owner that stands behind them all with those of one socket. */
static void join(struct namesakes *s, struct holdings *h, size_t socket, size_t from)
{
	struct namesake *namesake = &s->list[socket];
	size_t to = namesake->first + namesake->n;
	struct owner owner = h->list[from];

	memmove(&h->list[to + 1], &h->list[to], (from - to) * sizeof(owner));
	h->list[to] = owner;
	namesake->n++;
	for (size_t i = socket + 1; i < s->n; i++)
		s->list[i].first++;
}

static void add(struct namesakes *s, const struct holdings *h, size_t first)
{
	s->list = mem_grow(s->list, s->n, &s->cap, sizeof(*s->list));
	s->list[s->n++] = (struct namesake){
		.first = first,
		.n = 1,
		.inode = h->list[first].inode,
	};
}

/* The same for the owners of one inode, two or more. */
static void part(struct namesakes *s, struct holdings *h, size_t first, size_t n)
{
	size_t first_socket = s->n;

	add(s, h, first);
	for (size_t i = first + 1; i < first + n; i++) {
		size_t socket = first_socket;

		while (socket < s->n && differ(h, owners_at(h, &s->list[socket]), &h->list[i]))
			socket++;
		if (socket < s->n)
			join(s, h, socket, i);
		else
			add(s, h, i);
	}
	/* The usual case: workers that share one socket. */
	if (s->n == first_socket + 1)
		s->n = first_socket;
	for (size_t socket = first_socket; socket < s->n; socket++)
		s->list[socket].cookie = cookie_of(h, owners_at(h, &s->list[socket]));
}

void namesakes_find(struct namesakes *s, struct holdings *h)
{
	size_t n;

	s->n = 0;
	for (size_t first = 0; first < h->n; first += n) {
		n = 1;
		while (first + n < h->n && h->list[first + n].inode == h->list[first].inode)
			n++;
		if (n > 1)
			part(s, h, first, n);
	}
}

struct owner_span namesakes_choose(const struct namesakes *s, const struct holdings *h,
				   uint32_t inode, uint64_t cookie)
{
	const struct namesake *chosen = NULL;
	bool has_any = false;

	for (size_t i = 0; cookie && i < s->n; i++) {
		const struct namesake *namesake = &s->list[i];

		if (namesake->inode != inode)
			continue;
		has_any = true;
		if (namesake->cookie == cookie || (!namesake->cookie && !chosen))
			chosen = namesake;
	}
	if (chosen)
		return (struct owner_span){ h->list + chosen->first, chosen->n };
	return has_any ? (struct owner_span){ 0 } : holdings_of(h, inode);
}

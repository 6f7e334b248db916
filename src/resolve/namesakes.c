/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets that have one inode number, told apart. */
#include <config.h>

#include "resolve/namesakes.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "resolve/holdings.h"
#include "resolve/proc_text.h"

/* A descriptor under the inode that is looked at. */
struct candidate {
	struct owner owner;
	int32_t pid;
	uint64_t cookie; /* of its socket; 0 where it is not known */
};

/* All of one inode: in the order of the owners, those of one process together. */
struct candidates {
	struct candidate *list;
	size_t n;
	size_t cap;
	int proc_root;
};

void namesakes_fini(struct namesakes *s)
{
	free(s->suspects);
	free(s->list);
	free(s->owners);
	*s = (struct namesakes){ 0 };
}

void namesakes_clear(struct namesakes *s)
{
	s->n_suspects = 0;
	s->n = 0;
	s->n_owners = 0;
}

void namesakes_suspect(struct namesakes *s, uint32_t inode)
{
	s->suspects = mem_grow(s->suspects, s->n_suspects, &s->suspects_cap, sizeof(*s->suspects));
	s->suspects[s->n_suspects++] = inode;
}

static void add_candidate(struct candidates *c, const struct holdings *h, const struct owner *owner)
{
	c->list = mem_grow(c->list, c->n, &c->cap, sizeof(*c->list));
	c->list[c->n++] = (struct candidate){
		.owner = *owner,
		.pid = h->holders[owner->process].process.pid,
	};
}

static void list_candidates(struct candidates *c, const struct holdings *h, uint32_t inode)
{
	struct owner_span span = holdings_of(h, inode);

	c->n = 0;
	for (size_t i = 0; i < span.n; i++) {
		struct owner_span repeats = holdings_repeats_of(h, &span.list[i]);

		add_candidate(c, h, &span.list[i]);
		for (size_t j = 0; j < repeats.n; j++)
			add_candidate(c, h, &repeats.list[j]);
	}
}

/* 0: both are one open file; positive: they are not; or -errno. */
static int compare_files(const struct candidate *a, const struct candidate *b)
{
	long result = syscall(SYS_kcmp, a->pid, b->pid, KCMP_FILE, a->owner.fd, b->owner.fd);

	return result < 0 ? -errno : (int)result;
}

/* Does the descriptor still lead to the inode?  It may be another file's by now. */
static bool is_there(const struct candidates *c, const struct candidate *candidate)
{
	char path[48], link[32];
	uint64_t inode;
	ssize_t n;

	if (c->proc_root < 0)
		return true;
	snprintf(path, sizeof(path), "%d/fd/%d", candidate->pid, candidate->owner.fd);
	n = readlinkat(c->proc_root, path, link, sizeof(link));
	return n > 0 && proc_link_inode(link, (size_t)n, &inode) &&
	       (uint32_t)inode == candidate->owner.inode;
}

/* Are there two that surely hold different sockets? */
static bool has_namesakes(const struct candidates *c)
{
	const struct candidate *first = NULL;

	for (size_t i = 0; i < c->n; i++) {
		const struct candidate *candidate = &c->list[i];
		int result;

		if (candidate->owner.via != OWNER_VIA_FD)
			continue;
		result = first ? compare_files(first, candidate) : 0;
		if (result > 0 && is_there(c, first) && is_there(c, candidate))
			return true;
		/* The first one has gone, or its descriptor has. */
		if (!first || (result && !is_there(c, first)))
			first = candidate;
	}
	return false;
}

static uint64_t cookie_at(int fd, uint32_t inode)
{
	struct stat st;
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	/* In this order: what is no socket by now may be on a file system that does not answer. */
	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) || fstat(fd, &st) ||
	    (uint32_t)st.st_ino != inode)
		return 0;
	return cookie;
}

/* The cookie of a socket that another process holds; 0 where we may not. */
static uint64_t read_cookie(const struct candidate *candidate)
{
	uint64_t cookie = 0;
	int pidfd, fd;

	if (candidate->owner.via != OWNER_VIA_FD)
		return 0;
	pidfd = (int)syscall(SYS_pidfd_open, candidate->pid, 0);
	if (pidfd < 0)
		return 0;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, candidate->owner.fd, 0);
	if (fd >= 0) {
		cookie = cookie_at(fd, candidate->owner.inode);
		close(fd);
	}
	close(pidfd);
	return cookie;
}

/* Adds the socket of a cookie: who holds it, and who may. */
static void add_namesake(struct namesakes *s, const struct candidates *c, uint64_t cookie)
{
	size_t first = s->n_owners;

	for (size_t i = 0; i < c->n; i++) {
		const struct candidate *candidate = &c->list[i];

		if (candidate->cookie && candidate->cookie != cookie)
			continue;
		/* Each process once. */
		if (s->n_owners > first &&
		    s->owners[s->n_owners - 1].process == candidate->owner.process)
			continue;
		s->owners = mem_grow(s->owners, s->n_owners, &s->owners_cap, sizeof(*s->owners));
		s->owners[s->n_owners++] = candidate->owner;
	}
	s->list = mem_grow(s->list, s->n, &s->cap, sizeof(*s->list));
	s->list[s->n++] = (struct namesake){
		.cookie = cookie,
		.first = first,
		.n = s->n_owners - first,
		.inode = c->list[0].owner.inode,
	};
}

static void add_namesakes(struct namesakes *s, struct candidates *c)
{
	size_t first = s->n;

	for (size_t i = 0; i < c->n; i++)
		c->list[i].cookie = read_cookie(&c->list[i]);
	for (size_t i = 0; i < c->n; i++) {
		size_t j = first;

		while (j < s->n && s->list[j].cookie != c->list[i].cookie)
			j++;
		if (j == s->n && c->list[i].cookie)
			add_namesake(s, c, c->list[i].cookie);
	}
}

static int compare_inodes(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int compare_namesakes(const void *a, const void *b)
{
	const struct namesake *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return (x->cookie > y->cookie) - (x->cookie < y->cookie);
}

void namesakes_find(struct namesakes *s, const struct holdings *h, int proc_root)
{
	struct candidates candidates = { .proc_root = proc_root };

	if (s->n_suspects)
		qsort(s->suspects, s->n_suspects, sizeof(*s->suspects), compare_inodes);
	for (size_t i = 0; i < s->n_suspects; i++) {
		if (i && s->suspects[i] == s->suspects[i - 1])
			continue;
		list_candidates(&candidates, h, s->suspects[i]);
		if (has_namesakes(&candidates))
			add_namesakes(s, &candidates);
	}
	free(candidates.list);
	if (s->n)
		qsort(s->list, s->n, sizeof(*s->list), compare_namesakes);
}

const struct namesake *namesakes_get(const struct namesakes *s, uint32_t inode, uint64_t cookie)
{
	const struct namesake key = { .inode = inode, .cookie = cookie };

	return s->n ? bsearch(&key, s->list, s->n, sizeof(key), compare_namesakes) : NULL;
}

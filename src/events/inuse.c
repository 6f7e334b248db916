/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/net/sockstat and sockstat6 (net/ipv4/proc.c, net/ipv6/proc.c). */
#include <config.h>

#include "events/inuse.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"

#define FILES 2

struct inuse {
	int fds[FILES]; /* -1: cannot be read */
	uint64_t before; /* what the counts were */
};

struct inuse *inuse_new(int proc_root)
{
	static const char *const paths[FILES] = { "self/net/sockstat", "self/net/sockstat6" };
	struct inuse *u = mem_calloc(1, sizeof(*u));

	for (size_t i = 0; i < FILES; i++)
		u->fds[i] = openat(proc_root, paths[i], O_RDONLY | O_CLOEXEC);
	return u;
}

void inuse_free(struct inuse *u)
{
	for (size_t i = 0; u && i < FILES; i++)
		if (u->fds[i] >= 0)
			close(u->fds[i]);
	free(u);
}

/*
 * Adds the start of each line, "TCP: inuse 27", to the hash.  What follows are counts of the whole
 * host, and memory.
 */
static uint64_t add_counts(uint64_t hash, const char *text)
{
	for (const char *line = text; *line; line = strchrnul(line, '\n'), line += *line != '\0') {
		size_t len = strcspn(line, "\n");
		const char *rest = memmem(line, len, " inuse ", 7);

		if (rest)
			len = (size_t)(rest - line) + 7 + strspn(rest + 7, "0123456789");
		hash = map_hash(hash, line, len);
	}
	return hash;
}

bool inuse_has_changed(struct inuse *u)
{
	uint64_t before = u->before;

	u->before = 0;
	for (size_t i = 0; i < FILES; i++) {
		char text[1024];
		ssize_t n = u->fds[i] < 0 ? -1 : pread(u->fds[i], text, sizeof(text) - 1, 0);

		/* A kernel without IPv6 has only the first one. */
		if (n < 0 && !i)
			return true;
		text[n > 0 ? n : 0] = '\0';
		u->before = add_counts(u->before, text);
	}
	return u->before != before;
}

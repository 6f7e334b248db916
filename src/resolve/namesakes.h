/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets that have one inode number, told apart.  The kernel counts inodes of sockets with 32 bits
 * and starts over without a look at what is still there (get_next_ino(), fs/inode.c): on a host
 * that opens ten thousand a second after five days.  From then on a new socket, of whatever family,
 * may have the number of one that has been there since, and /proc/PID/fd shows nothing else of
 * either.
 */
#ifndef PORTSTAT_RESOLVE_NAMESAKES_H
#define PORTSTAT_RESOLVE_NAMESAKES_H

#include <stddef.h>
#include <stdint.h>

#include "resolve/owners.h"

struct holdings;

/* One of the sockets with this inode, and who holds it. */
struct namesake {
	uint64_t cookie; /* of the socket; 0 where its holders do not let it be read */
	size_t first;	 /* the place of its owners in the holdings' list */
	size_t n;
	uint32_t inode;
};

/* Zero-initialised is empty and ready. */
struct namesakes {
	struct namesake *list;
	size_t n;
	size_t cap;
};

void namesakes_fini(struct namesakes *s);

/*
 * Finds the inodes whose owners hold different sockets, and puts the owners of each together:
 * kcmp(2) tells whether two descriptors are one open file, as all descriptors of a socket are. What
 * was found before is forgotten.  The holdings are settled, with pids that are those of the
 * caller's pid namespace. Who alone is known to hold a number is taken for its socket's holder; so
 * are all whom kcmp(2) does not compare.
 */
void namesakes_find(struct namesakes *s, struct holdings *h);

/*
 * Those of an inode's owners that hold the socket of this cookie, or may: all where it is 0,
 * unknown. Borrowed until the holdings change.
 */
struct owner_span namesakes_choose(const struct namesakes *s, const struct holdings *h,
				   uint32_t inode, uint64_t cookie);

#endif

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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolve/owners.h"

struct holdings;

/* One of the sockets with this inode, and who holds it. */
struct namesake {
	uint64_t cookie;
	size_t first; /* the place of its owners in the list of all */
	size_t n;
	uint32_t inode;
};

/* Zero-initialised is empty and ready. */
struct namesakes {
	uint32_t *suspects; /* inodes with several descriptors: most often of one socket */
	size_t n_suspects;
	size_t suspects_cap;
	struct namesake *list; /* by inode and cookie */
	size_t n;
	size_t cap;
	struct owner *owners;
	size_t n_owners;
	size_t owners_cap;
};

void namesakes_fini(struct namesakes *s);

/* Forgets what was found, and the suspects. */
void namesakes_clear(struct namesakes *s);

/* Forgets the suspects. */
static inline void namesakes_begin(struct namesakes *s)
{
	s->n_suspects = 0;
}

void namesakes_suspect(struct namesakes *s, uint32_t inode);

static inline bool namesakes_have_suspects(const struct namesakes *s)
{
	return s->n_suspects;
}

/*
 * Finds out which of the suspects are several sockets.  kcmp(2) tells whether two descriptors are
 * one open file, as all descriptors of a socket are; only where they are not is a socket taken out
 * of a process (pidfd_getfd(2), Linux 5.6) and asked for its cookie.  The holdings are settled,
 * with pids that are those of the caller's pid namespace; proc_root is -1 where there is no /proc.
 *
 * An owner is left out for a socket only where it is known to hold another one.  So all stay where
 * that cannot be told: without the privilege to trace (ptrace(2)) those who hold it, for threads
 * and rings, and for the TCP rows of an MPTCP socket, whose cookies are not the one that its
 * process sees.  Who alone is known to hold a number counts as an owner.
 */
void namesakes_find(struct namesakes *s, const struct holdings *h, int proc_root);

/* The namesake of this inode and cookie; NULL where there is none: all owners are this one's. */
const struct namesake *namesakes_get(const struct namesakes *s, uint32_t inode, uint64_t cookie);

#endif

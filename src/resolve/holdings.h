/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the ways of finding owners give: processes, and the descriptors of sockets that they hold.
 */
#ifndef PORTSTAT_RESOLVE_HOLDINGS_H
#define PORTSTAT_RESOLVE_HOLDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolve/owners.h"

/* A name that the kernel gives to a process is shorter (TASK_COMM_LEN; with a workqueue's, 64). */
#define HOLDER_NAME_MAX 64U

struct holder {
	struct process process; /* name and cmdline are set when all have been found */
	char name[HOLDER_NAME_MAX];
};

struct holding {
	uint32_t inode;
	uint32_t holder; /* index */
	int32_t fd;
	uint8_t via; /* enum owner_via */
};

/* An io_uring that a process or one of its threads has open. */
struct ring {
	int32_t pid;
	int32_t tid; /* the pid, where it is in the process's own table */
	int32_t fd;
};

/* A process that /proc lists. */
struct listed {
	int32_t pid;
	bool is_denied;
};

/*
 * Zero-initialised is empty and ready.  The holdings of one inode stand in the order of their
 * holders' pids.
 */
struct holdings {
	struct holder *list;
	size_t n;
	size_t cap;
	struct holding *holdings;
	size_t n_holdings;
	size_t holdings_cap;
	struct ring *rings;
	size_t n_rings;
	size_t rings_cap;
	struct listed *listed;
	size_t n_listed;
	size_t listed_cap;
	size_t denied; /* processes that could not be read */
};

void holdings_fini(struct holdings *h);

/* Empties it and keeps its memory. */
void holdings_clear(struct holdings *h);

/* Adds one to each array; returns what is to be filled in, valid until the next addition. */
struct holder *holdings_add_holder(struct holdings *h);
void holdings_add(struct holdings *h, const struct holding *holding);
void holdings_add_ring(struct holdings *h, const struct ring *ring);
void holdings_add_listed(struct holdings *h, int32_t pid);

/* Puts the listed ones in the order of their pids, which holdings_note_error() takes for granted.
 */
void holdings_sort_listed(struct holdings *h);

/*
 * Notes that reading a process ended in an error (-errno; 0 is none): but for one that says that it
 * went away, the process is counted as denied, once where it is listed.
 */
void holdings_note_error(struct holdings *h, int32_t pid, int err);

/* The index of the holder with this pid, UINT32_MAX where there is none. */
uint32_t holdings_find(const struct holdings *h, int32_t pid);

#endif

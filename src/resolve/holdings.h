/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the ways of finding owners give: processes, and the sockets that they hold. */
#ifndef PORTSTAT_RESOLVE_HOLDINGS_H
#define PORTSTAT_RESOLVE_HOLDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolve/owners.h"
#include "resolve/task_file.h"

struct map;

struct holder {
	struct process process; /* its texts are set when all have been found */
	char name[sizeof(((struct task_file_task *)0)->name)];
	/* Where each starts, if it has one (resolve/holder_texts.h). */
	size_t cmdline;
	size_t cgroup;
	size_t container;
	bool has_texts; /* was looked at */
};

/* An io_uring that a process or one of its threads has open. */
struct ring {
	int32_t pid;
	int32_t tid; /* the pid, where it is in the process's own table */
	int32_t fd;
};

/* Zero-initialised is empty and ready. */
struct holdings {
	struct holder *holders;
	size_t n_holders;
	size_t holders_cap;
	struct owner *list;
	size_t n;
	size_t cap;
	struct owner *repeats; /* further descriptors of owners in the list, sorted */
	size_t n_repeats;
	size_t repeats_cap;
	struct ring *rings;
	size_t n_rings;
	size_t rings_cap;
	int32_t last_pid; /* the highest of any holder */
	/* Once it is settled: where those stand in the list whose inodes end in these bits. */
	uint32_t *places;
	size_t places_cap;
	unsigned int place_bits;
	bool is_settled;
};

void holdings_fini(struct holdings *h);

/* Empties it and keeps its memory. */
void holdings_clear(struct holdings *h);

/* Makes room for n owners in all. */
void holdings_reserve(struct holdings *h, size_t n);

/* Which tables of a stream are to be read. */
enum holdings_tables {
	HOLDINGS_OF_PROCESSES, /* those of first threads, which are their processes' */
	HOLDINGS_OF_THREADS, /* those that other threads have for themselves */
};

/*
 * Reads a stream (task_file.h) of n bytes: adds the owners of the inodes that are keys of wanted, or
 * of all where it is NULL, and the rings.  A holder that is known already is known by its pid and
 * start time; one that has the pid alone is passed over.  -EINVAL where the stream is none.
 */
int holdings_read(struct holdings *h, const char *stream, size_t n, enum holdings_tables tables,
		  enum owner_via via, const struct map *wanted);

/*
 * Goes through the tasks of a stream: *pos is 0 at first and moves on.  False at the end, or where
 * the stream is none.
 */
bool holdings_next_task(const char *stream, size_t n, size_t *pos, struct task_file_task *task);

/* Puts the owners from first on into the order of their pids; of one process by descriptor. */
void holdings_sort(struct holdings *h, size_t first);

/*
 * Puts the owners of one inode together, each process once, in the order in which they are now.  To
 * be called when some were added, before the next one.
 */
void holdings_settle(struct holdings *h);

/* When settled: the owners of an inode.  Borrowed until something is added. */
struct owner_span holdings_of(const struct holdings *h, uint32_t inode);

/* When settled: the further descriptors that an owner in the list has of its inode, in order. */
struct owner_span holdings_repeats_of(const struct holdings *h, const struct owner *owner);

#endif

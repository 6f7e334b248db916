/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds owners by a walk over the descriptors below /proc, in as many threads as there are cores.
 */
#ifndef PORTSTAT_RESOLVE_OWNERS_WALK_H
#define PORTSTAT_RESOLVE_OWNERS_WALK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolve/fd_table.h"

struct owner_index;
struct map;

#define WALK_WORKERS_MAX 8U

/* A process listed by /proc, and what this round has read of it. */
struct walk_process {
	const struct buf *stream; /* stream of the worker that read it; NULL: not read */
	size_t start;
	size_t len;
	int32_t pid;
	int failure; /* -errno if it could not be read for a reason other than privilege, else 0 */
	bool is_denied; /* it could not be read, for whatever reason */
	bool is_skipped; /* it is not read */
};

/* What a round reads. */
enum walk_place {
	WALK_PROCESSES, /* descriptor tables of processes; finds rings, too */
	WALK_THREADS, /* tables of threads that do not share their process's */
};

/* Zero-initialised is ready, once proc_root is set. */
struct walk {
	int proc_root; /* borrowed */
	bool is_own_namespace; /* kcmp(2) takes the pids of this /proc: for WALK_THREADS */
	struct walk_process *list; /* sorted by pid */
	size_t n;
	size_t cap;
	struct fd_reader workers[WALK_WORKERS_MAX];
	/* The current round: */
	enum walk_place place;
	size_t end; /* the round ends before this process */
	atomic_size_t next; /* the first process that no worker has taken */
	atomic_uint n_workers; /* in use; may exceed WALK_WORKERS_MAX */
	const struct map *wanted; /* inodes; borrowed; NULL: every socket's */
};

void walk_fini(struct walk *w);

/*
 * Lists the processes anew; each will be read.  Nothing in /proc shows that the descriptors of a
 * process have not changed since the last round: the timestamps of /proc/PID/fd are those of its
 * first lookup, and its size (since Linux 6.2) is unchanged if one is closed and another opened.
 * Returns 0 or -errno.
 */
int walk_list(struct walk *w);

/* Excludes a process from the coming rounds, if it is listed. */
void walk_skip(struct walk *w, int32_t pid);

/* Starts a round over the first n listed processes; discards what the last one read. */
void walk_open(struct walk *w, enum walk_place place, size_t n, const struct map *wanted);

/* Reads processes until the round is complete.  Several threads may call it at once. */
void walk_work(struct walk *w);

/* The same, with additional threads if that is worthwhile; joins them before it returns. */
void walk_finish(struct walk *w);

/* How many processes, from the start of the list, may have been read by now. */
size_t walk_progress(const struct walk *w);

/* Makes the workers stop soon. */
void walk_cancel(struct walk *w);

/* Adds what the round has read, as index_read() does.  No thread may be working any more. */
void walk_collect(const struct walk *w, struct owner_index *out);

/* Reads the fixed files of the rings in out, and adds the owners of those that are wanted. */
void walk_rings(struct walk *w, const struct map *wanted, struct owner_index *out);

/* How many processes could not be read in any round since walk_list(). */
size_t walk_denied(const struct walk *w);

/* The first read error other than EACCES or EPERM, as -errno; 0 if there was none. */
int walk_failure(const struct walk *w);

#endif

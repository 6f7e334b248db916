/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owners found by walking over the descriptors below /proc, by as many threads as there are cores.
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

/* A process that /proc lists, and what was read of it in this round. */
struct walk_process {
	const struct buf *stream; /* of the worker that read it; NULL: not read */
	size_t start;
	size_t len;
	int32_t pid;
	int failure; /* -errno where it could not be read for another reason than privilege */
	bool is_denied; /* could not be read */
	bool is_skipped; /* need not be read */
};

/* What is looked for in a round. */
enum walk_place {
	WALK_PROCESSES, /* the tables of processes; rings come along */
	WALK_THREADS, /* those that threads have for themselves */
};

/* Zero-initialised but for proc_root is ready. */
struct walk {
	int proc_root; /* borrowed */
	bool is_own_namespace; /* kcmp(2) takes the pids of this /proc: for WALK_THREADS */
	struct walk_process *list; /* by pid */
	size_t n;
	size_t cap;
	struct fd_reader workers[WALK_WORKERS_MAX];
	/* The round that goes on: */
	enum walk_place place;
	size_t end; /* processes before this one are read */
	atomic_size_t next; /* the first one that no worker has taken */
	atomic_uint taken; /* workers */
	const struct map *wanted; /* inodes; borrowed; NULL: every socket's */
};

void walk_fini(struct walk *w);

/*
 * Lists the processes anew, each to be read: nothing in /proc tells that the descriptors of one are still
 * those of the last round.  The times of /proc/PID/fd are those of its first look-up, and its size (Linux
 * 6.2) is the same after one was closed and another opened.  0 or -errno.
 */
int walk_list(struct walk *w);

/* Leaves a process out of the rounds to come, if it is listed. */
void walk_skip(struct walk *w, int32_t pid);

/* Opens a round over the first n of the listed processes; what the last one read is forgotten. */
void walk_open(struct walk *w, enum walk_place place, size_t n, const struct map *wanted);

/* Reads processes of the round until there are none.  Several threads may call it at once. */
void walk_work(struct walk *w);

/* The same, with as many threads more as are worth while; they have ended when it returns. */
void walk_finish(struct walk *w);

/* How many processes, the first ones, may have been read by now. */
size_t walk_progress(const struct walk *w);

/* Makes the workers stop soon. */
void walk_cancel(struct walk *w);

/* Adds what the round read, as index_read() does.  Nobody may be working any more. */
void walk_collect(const struct walk *w, struct owner_index *out);

/* Reads the fixed files of the rings in out, and adds those that are wanted. */
void walk_rings(struct walk *w, const struct map *wanted, struct owner_index *out);

/* How many processes could not be read, in any round since walk_list(). */
size_t walk_denied(const struct walk *w);

/* The first read error other than EACCES or EPERM, as -errno; 0 if there was none. */
int walk_failure(const struct walk *w);

#endif

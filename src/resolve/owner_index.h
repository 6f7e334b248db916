/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes that an owner scan found, and an index of them by the sockets that they hold. */
#ifndef PORTSTAT_RESOLVE_OWNER_INDEX_H
#define PORTSTAT_RESOLVE_OWNER_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolve/owners.h"
#include "resolve/task_file.h"

struct map;

struct index_process {
	struct process process; /* its texts are set when the scan ends */
	char name[sizeof(((struct task_file_task *)0)->name)];
	/* Where each text starts, if it has one (resolve/process_texts.h). */
	size_t cmdline;
	size_t cgroup;
	bool has_texts; /* they were read */
};

/* An io_uring that a process or one of its threads has open. */
struct ring {
	int32_t pid;
	int32_t tid; /* the pid, where it is in the process's own table */
	int32_t fd;
};

/* Zero-initialised is empty and ready. */
struct owner_index {
	struct index_process *processes;
	size_t n_processes;
	size_t processes_cap;
	struct owner *list;
	size_t n;
	size_t cap;
	struct ring *rings;
	size_t n_rings;
	size_t rings_cap;
	int32_t last_pid; /* the highest of any process */
	/* Once it is finished: where in the list the inodes start that end in these bits. */
	uint32_t *places;
	size_t places_cap;
	unsigned int place_bits;
	bool is_finished;
};

void index_fini(struct owner_index *h);

/* Empties it and keeps its memory. */
void index_clear(struct owner_index *h);

/* Makes room for n owners in all. */
void index_reserve(struct owner_index *h, size_t n);

/* Which tables of a stream are to be read. */
enum index_tables {
	INDEX_OF_PROCESSES, /* those of first threads, which are their processes' */
	INDEX_OF_THREADS, /* those that other threads have for themselves */
};

/*
 * Reads a stream (task_file.h) of n bytes: adds the owners of the inodes that are keys of wanted, or
 * of all where it is NULL, and the rings.  A process is recognised by its pid and start time; another
 * one with the same pid is ignored.  -EINVAL for a malformed stream.
 */
int index_read(struct owner_index *h, const char *stream, size_t n, enum index_tables tables,
	       enum owner_via via, const struct map *wanted);

/*
 * Goes through the tasks of a stream: *pos is 0 at first and moves on.  False at the end, or where
 * the stream is none.
 */
bool index_next_task(const char *stream, size_t n, size_t *pos, struct task_file_task *task);

/* Puts the owners from first on into the order of their pids; of one process by descriptor. */
void index_sort(struct owner_index *h, size_t first);

/*
 * Sorts the owners by socket, and those of one socket as they were added, each process once.  To be
 * called after owners were added, before index_of().
 */
void index_finish(struct owner_index *h);

/*
 * When finished: the owners of the socket with this cookie.  Where no owner is known by this cookie,
 * or it is 0 (unknown), those who hold the inode number without a cookie being known (for an unknown
 * cookie: all who hold the number).  Borrowed until something is added.
 */
struct owner_span index_of(const struct owner_index *h, uint32_t inode, uint64_t cookie);

/* Do these owners hold different sockets, which have one inode number? */
static inline bool index_is_ambiguous(struct owner_span owners)
{
	return owners.n && owners.list[0].socket != owners.list[owners.n - 1].socket;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processes that an owner scan found, and an index of them by the sockets that they hold:
 * index_read() what BPF or the walk over /proc wrote, index_finish(), then index_of() each socket.
 */
#ifndef PORTSTAT_RESOLVE_OWNER_INDEX_H
#define PORTSTAT_RESOLVE_OWNER_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolve/owners.h"
#include "resolve/task_file.h"

struct map;

struct index_process {
	struct process process; /* its texts are set at the end of the scan */
	char name[sizeof(((struct task_file_task *)0)->name)];
	/* Set where has_texts: positions in struct process_texts, or SIZE_MAX. */
	size_t cmdline;
	size_t cgroup;
	size_t cwd;
	size_t exe;
	size_t ancestors;
	bool has_texts; /* its texts were read, or could not be */
};

/* An io_uring that a process or one of its threads has open. */
struct ring {
	int32_t pid;
	int32_t tid; /* the thread whose table has it; the pid for the process's own table */
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
	int32_t last_pid; /* the highest pid so far */
	/* Set by index_finish(): the offset in list of each bucket, and of the end; by low bits. */
	uint32_t *buckets;
	size_t buckets_cap;
	unsigned int bucket_bits;
	size_t n_finished; /* so many owners the list had then; 0: it has not been called */
};

void index_fini(struct owner_index *index);

/* Empties it and keeps its memory. */
void index_clear(struct owner_index *index);

/* Allocates memory for n owners in total. */
void index_reserve(struct owner_index *index, size_t n);

/* Which descriptor tables of a stream index_read() reads. */
enum index_tables {
	INDEX_OF_PROCESSES, /* those of processes (thread group leaders) */
	INDEX_OF_THREADS, /* those that other threads do not share with their process */
};

/*
 * Reads a stream (task_file.h) of n bytes: adds the owners of the inodes that are keys of wanted
 * (NULL: of all inodes), and all rings.  A process is identified by its pid and start time; a second
 * process with the same pid is ignored.  Returns 0, or -EINVAL for a malformed stream.
 */
int index_read(struct owner_index *index, const char *stream, size_t n, enum index_tables tables,
	       enum owner_via via, const struct map *wanted);

/*
 * Iterates over the tasks of a stream: set *pos to 0 before the first call.  False at the end, or
 * where the stream is malformed.
 */
bool index_next_task(const char *stream, size_t n, size_t *pos, struct task_file_task *task);

/* Sorts the owners from index first on by pid, then by descriptor. */
void index_sort(struct owner_index *index, size_t first);

/*
 * Sorts the owners by socket.  Those of one socket keep the order in which they were added, each
 * process once.  Call it after index_read() and before index_of().
 */
void index_finish(struct owner_index *index);

/*
 * The owners of the socket with this inode number and cookie; none before index_finish().  If no
 * owner's socket is known by this cookie: the owners of the inode number whose sockets have no known
 * cookie.  For the cookie 0 (unknown): all owners of the inode number.  Borrowed until owners are
 * added or the index is cleared.
 */
struct owner_span index_of(const struct owner_index *index, uint32_t inode, uint64_t cookie);

/* Do these owners of one inode number hold different sockets? */
static inline bool index_is_ambiguous(struct owner_span owners)
{
	return owners.n && owners.list[0].socket != owners.list[owners.n - 1].socket;
}

#endif

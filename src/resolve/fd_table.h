/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads descriptor tables below /proc into a stream of their sockets and io_urings. */
#ifndef PORTSTAT_RESOLVE_FD_TABLE_H
#define PORTSTAT_RESOLVE_FD_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct map;
struct ring;

struct fd_reader {
	int proc_root; /* borrowed */
	bool is_own_namespace; /* kcmp(2) takes the pids of this /proc */
	const struct map *wanted; /* inodes to add; borrowed; NULL: every socket's */
	struct buf stream; /* in the format of task_file.h */
	char *room; /* PROC_DIR_ROOM bytes; NULL before the first read */
	size_t links; /* links read so far */
};

/* Zero-initialised is ready, once proc_root is set. */
void fd_reader_fini(struct fd_reader *r);

/*
 * Each of the functions below adds to the stream and returns 0, or -errno if something could not be
 * read; the rest has been added nevertheless.
 *
 * The descriptor table of a process: its sockets and rings.
 */
int fd_read_process(struct fd_reader *r, int32_t pid);

/* The tables of those threads that do not share the table of their process. */
int fd_read_threads(struct fd_reader *r, int32_t pid);

/*
 * The sockets among the registered ("fixed") files of a ring, as if they were in the table of its
 * process.
 */
int fd_read_ring(struct fd_reader *r, const struct ring *ring, struct buf *text);

#endif

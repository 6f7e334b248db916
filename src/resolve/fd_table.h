/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of descriptors below /proc, read into a stream of what sockets they hold. */
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
	const struct map *wanted; /* inodes; borrowed; NULL: every socket's */
	struct buf stream; /* see task_file.h */
	char *room; /* PROC_DIR_ROOM bytes, NULL at first */
	size_t links; /* that were read */
};

/* Zero-initialised but for proc_root is ready. */
void fd_reader_fini(struct fd_reader *r);

/*
 * Each adds to the stream and returns 0 or -errno; what could be read is there even then.
 * A process's own table: its sockets and rings.
 */
int fd_read_process(struct fd_reader *r, int32_t pid);

/* The tables that its other threads have for themselves. */
int fd_read_threads(struct fd_reader *r, int32_t pid);

/* The sockets among the fixed files of a ring, as if they stood in its process's own table. */
int fd_read_ring(struct fd_reader *r, const struct ring *ring, struct buf *text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads directories and files of /proc, relative to a descriptor, without an allocation per entry.
 */
#ifndef PORTSTAT_RESOLVE_PROC_DIR_H
#define PORTSTAT_RESOLVE_PROC_DIR_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

#define PROC_DIR_ROOM (32U << 10)

/* A directory that is being read.  Set fd and room; the rest starts as 0. */
struct proc_dir {
	int fd; /* borrowed */
	char *room; /* buffer of PROC_DIR_ROOM bytes, aligned as by malloc(3); borrowed */
	size_t len;
	size_t pos;
	int error; /* -errno if it ended early, else 0 */
};

/* The name of the next entry, borrowed until the next call; NULL at the end or after an error. */
const char *proc_dir_next(struct proc_dir *d);

/* Opens a directory relative to another one.  Returns a descriptor or -errno. */
int proc_dir_open(int at, const char *path);

/* Adds the contents of a file to out; stops soon after max bytes.  Returns 0 or -errno. */
int proc_file_read(int at, const char *path, size_t max, struct buf *out);

/*
 * Adds the target of a symbolic link to out.  Returns 0 or -errno; -ENAMETOOLONG from PATH_MAX bytes
 * on, as the kernel itself says of such targets in /proc.
 */
int proc_link_read(int at, const char *path, struct buf *out);

/* Does the error (-errno) mean that the process exited while it was being read? */
bool proc_is_gone(int err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders and files of /proc: opened by descriptor, read without an allocation for each entry. */
#ifndef PORTSTAT_RESOLVE_PROC_DIR_H
#define PORTSTAT_RESOLVE_PROC_DIR_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

#define PROC_DIR_ROOM (32U << 10)

/* A folder as it is read, one entry after the other. */
struct proc_dir {
	int fd; /* borrowed */
	char *room; /* PROC_DIR_ROOM bytes, aligned as malloc(3) does; borrowed */
	size_t len;
	size_t pos;
	int error; /* why it ended early: -errno, or 0 */
};

/* The name of the next entry, borrowed until the next call; NULL at the end. */
const char *proc_dir_next(struct proc_dir *d);

/* Opens a folder below another one.  A descriptor, or -errno. */
int proc_dir_open(int at, const char *path);

/* Adds what the file holds, up to max bytes or somewhat more.  0 or -errno. */
int proc_file_read(int at, const char *path, size_t max, struct buf *out);

/* Does the error (-errno) say that the process went away while it was being looked at? */
bool proc_is_gone(int err);

#endif

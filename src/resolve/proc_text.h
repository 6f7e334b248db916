/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc says of processes and descriptors, read out of bytes. */
#ifndef PORTSTAT_RESOLVE_PROC_TEXT_H
#define PORTSTAT_RESOLVE_PROC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proc_stat {
	const char *name; /* comm, any bytes; borrowed from the text */
	size_t name_len;
	uint64_t start_time; /* field 22: clock ticks after boot */
	char state; /* field 3, a letter: Z where the first thread has ended */
};

/* Reads /proc/PID/stat; the name ends at the last ')'.  -EINVAL where the text is not of that form.
 */
int proc_stat_parse(const char *text, size_t len, struct proc_stat *out);

/* Reads the target of a descriptor's link, "socket:[INODE]".  False for anything else. */
bool proc_link_inode(const char *text, size_t len, uint64_t *inode);

/* The target of the link of an io_uring's descriptor. */
bool proc_link_is_ring(const char *text, size_t len);

/*
 * Goes through the sockets among the fixed files of a ring, which stand below "UserFiles:" in
 * /proc/PID/fdinfo/FD (Linux 6.18 shows them as links are shown; kernels before it may not).
 * *pos is 0 at first and moves on; false when no socket is left.
 */
bool proc_ring_inode(const char *text, size_t len, size_t *pos, uint64_t *inode);

/*
 * The path in the text of /proc/PID/cgroup (cgroups(7)), borrowed: systemd's own where there is one
 * beside the controllers of version 1, else that of version 2, else that of a controller; the top
 * only where none tells more.  False where there is none.
 */
bool proc_cgroup_path(const char *text, size_t len, const char **path, size_t *path_len);

/* A directory entry's name as a number of 31 bits, the form of a pid or descriptor.  -1 for others.
 */
int32_t proc_entry_number(const char *name);

#endif

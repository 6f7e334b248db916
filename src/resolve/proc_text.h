/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses what /proc says about processes and descriptors. */
#ifndef PORTSTAT_RESOLVE_PROC_TEXT_H
#define PORTSTAT_RESOLVE_PROC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proc_stat {
	const char *name; /* comm: any bytes, borrowed from the text */
	size_t name_len;
	uint64_t start_time; /* field 22, in clock ticks after boot */
	int32_t parent; /* field 4: its pid; 0 for none, and if it has none in our pid namespace */
	int32_t session; /* field 6: the pid of its leader; 0 as for the parent */
	char state; /* field 3; Z: the first thread has exited */
};

/*
 * Parses /proc/PID/stat; the name ends at the last ')'.  Returns 0, or -EINVAL for any other text.
 */
int proc_stat_parse(const char *text, size_t len, struct proc_stat *out);

/*
 * Parses "btime" of /proc/stat: the Unix time of boot, in seconds.  Returns 0, or -EINVAL or -ERANGE
 * if there is none.
 */
int proc_boot_time_parse(const char *text, size_t len, uint64_t *seconds);

/* Parses the target of a descriptor's link, "socket:[INODE]".  False for any other text. */
bool proc_link_inode(const char *text, size_t len, uint64_t *inode);

/* Is this the link target of an io_uring's descriptor? */
bool proc_link_is_ring(const char *text, size_t len);

/*
 * Iterates over the sockets among the fixed files of a ring, which are listed after "UserFiles:" in
 * /proc/PID/fdinfo/FD (as link targets since Linux 6.18; older kernels may not list them so): set
 * *pos to 0 before the first call.  False at the end.
 */
bool proc_ring_inode(const char *text, size_t len, size_t *pos, uint64_t *inode);

/*
 * The path in the text of /proc/PID/cgroup (cgroups(7)), borrowed: that of systemd's own version 1
 * hierarchy if there is one, else of version 2, else of a version 1 controller; the root only if
 * none has another path.  False if there is no path.
 */
bool proc_cgroup_path(const char *text, size_t len, const char **path, size_t *path_len);

/*
 * Parses the name of a directory entry that is a pid or descriptor: 31 bits.  -1 for any other
 * name.
 */
int32_t proc_entry_number(const char *name);

#endif

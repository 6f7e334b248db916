/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which tasks hold which descriptors, as a stream: written by the BPF program and by the walk. */
#ifndef PORTSTAT_RESOLVE_TASK_FILE_H
#define PORTSTAT_RESOLVE_TASK_FILE_H

#include <linux/types.h>

/*
 * Inode and descriptor of a socket (inode is not 0), or inode 0 and the descriptor of an io_uring.
 * With the descriptor TASK_FILE_TASK it says that a task_file_task follows, and then what is in its
 * table.
 */
struct task_file_entry {
	__u32 inode;
	__u32 fd;
};

#define TASK_FILE_TASK 0xffffffffU

/* A thread with a table of descriptors of its own, and the process that it belongs to. */
struct task_file_task {
	__u64 start_time; /* of the process: clock ticks after boot, as field 22 of /proc/PID/stat
			   */
	__s32 pid; /* both as the reader's pid namespace counts */
	__s32 tid;
	__u32 uid; /* effective */
	__u32 name_len; /* at most: a NUL ends it before */
	char name[64];
};

/* A part of the stream, in memory that the BPF program and its reader share. */
#define TASK_FILE_PAGE_ENTRIES 8191U

struct task_file_page {
	__u32 n;
	__u32 unused;
	struct task_file_entry entries[TASK_FILE_PAGE_ENTRIES];
};

#endif

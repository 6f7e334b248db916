/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stream of the descriptors that tasks hold, written by the BPF program and by the walk over
 * /proc.
 */
#ifndef PORTSTAT_RESOLVE_TASK_FILE_H
#define PORTSTAT_RESOLVE_TASK_FILE_H

#include <linux/types.h>

/*
 * A descriptor of a socket (inode is not 0) or of an io_uring (inode is 0).  The descriptor
 * TASK_FILE_TASK means that a task_file_task follows, and then the entries of its table.
 * TASK_FILE_NETNS means that the next entry is a socket in another network namespace than the one
 * before: socket is its kernel address.  Only if namespaces were requested.
 */
struct task_file_entry {
	__u64 socket; /* identifies the socket, see below */
	__u32 inode; /* 32 bits: not unique, see owners_of() */
	__u32 fd;
};

#define TASK_FILE_TASK 0xffffffffU
#define TASK_FILE_NETNS 0xfffffffeU

/*
 * The values of socket.  The cookie (SO_COOKIE, also sent by sock_diag), if cookies were requested
 * and the socket has one: the kernel assigns it on first use.  Otherwise a number with the highest
 * bit set: the socket's kernel address, or TASK_FILE_NOT_TOLD from /proc, which does not identify
 * sockets.  MPTCP sockets always have their address, since each of their TCP rows has a cookie of
 * its own.
 */
#define TASK_FILE_NOT_TOLD (1ULL << 63)
#define TASK_FILE_IS_COOKIE(socket) ((socket) < TASK_FILE_NOT_TOLD)

/* A thread that has a descriptor table of its own, and its process. */
struct task_file_task {
	__u64 start_time; /* of the process, in clock ticks after boot (/proc/PID/stat) */
	__s32 pid; /* both in the reader's pid namespace; 0 outside it */
	__s32 tid;
	__u32 uid; /* effective uid */
	__u32 name_len; /* maximum; the name ends at a NUL before that */
	__u64 netns; /* kernel address of the process's network namespace; 0 from /proc */
	char name[64]; /* all of what /proc has */
};

/* A part of the stream, in memory shared by the BPF program and its reader. */
#define TASK_FILE_PAGE_ENTRIES 4095U

struct task_file_page {
	__u32 n;
	__u32 unused[3];
	struct task_file_entry entries[TASK_FILE_PAGE_ENTRIES];
};

#endif

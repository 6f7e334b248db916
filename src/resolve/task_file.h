/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which tasks hold which descriptors, as a stream: written by the BPF program and by the walk. */
#ifndef PORTSTAT_RESOLVE_TASK_FILE_H
#define PORTSTAT_RESOLVE_TASK_FILE_H

#include <linux/types.h>

/*
 * A descriptor of a socket (inode is not 0) or of an io_uring (inode is 0).  The descriptor
 * TASK_FILE_TASK says that a task_file_task follows, and then the entries of its table.
 */
struct task_file_entry {
	__u64 socket; /* which one it is, see below */
	__u32 inode; /* 32 bits: another socket may have the same number */
	__u32 fd;
};

#define TASK_FILE_TASK 0xffffffffU

/*
 * Which socket an entry is about.  Its cookie (SO_COOKIE), the number that sock_diag sends, where one
 * was asked for and the socket has one: the kernel makes it when somebody asks.  Else a number with
 * the highest bit set, as the address of a socket in the kernel has: another socket, another number.
 * MPTCP sockets always have their address, since each of their TCP rows has a cookie of its own.
 * /proc does not tell which one it is.
 */
#define TASK_FILE_NOT_TOLD (1ULL << 63)
#define TASK_FILE_IS_COOKIE(socket) ((socket) < TASK_FILE_NOT_TOLD)

/* A thread with a table of descriptors of its own, and the process that it belongs to. */
struct task_file_task {
	__u64 start_time; /* of the process, field 22 of /proc/PID/stat: clock ticks after boot */
	__s32 pid; /* both as the reader's pid namespace counts */
	__s32 tid;
	__u32 uid; /* effective */
	__u32 name_len; /* at most: a NUL ends it before */
	char name[72]; /* /proc has up to 64; so the struct is a multiple of an entry */
};

/* A part of the stream, in memory that the BPF program and its reader share. */
#define TASK_FILE_PAGE_ENTRIES 4095U

struct task_file_page {
	__u32 n;
	__u32 unused[3];
	struct task_file_entry entries[TASK_FILE_PAGE_ENTRIES];
};

#endif

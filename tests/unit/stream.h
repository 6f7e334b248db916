/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes streams of who holds what (resolve/task_file.h). */
#ifndef PORTSTAT_TESTS_UNIT_STREAM_H
#define PORTSTAT_TESTS_UNIT_STREAM_H

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "resolve/task_file.h"

static inline void add_task(struct buf *b, int pid, int tid, uint64_t start, const char *name)
{
	struct task_file_entry entry = { .fd = TASK_FILE_TASK };
	struct task_file_task task = {
		.start_time = start,
		.pid = pid,
		.tid = tid,
		.uid = 7,
		.name_len = (uint32_t)strlen(name),
	};

	memcpy(task.name, name, task.name_len);
	buf_add(b, (const char *)&entry, sizeof(entry));
	buf_add(b, (const char *)&task, sizeof(task));
}

/* A descriptor of the socket that is told by this number (resolve/task_file.h). */
static inline void add_socket(struct buf *b, uint64_t socket, uint32_t inode, uint32_t fd)
{
	struct task_file_entry entry = { .socket = socket, .inode = inode, .fd = fd };

	buf_add(b, (const char *)&entry, sizeof(entry));
}

/* A descriptor of a socket that only its inode tells, as in /proc. */
static inline void add_entry(struct buf *b, uint32_t inode, uint32_t fd)
{
	add_socket(b, TASK_FILE_NOT_TOLD, inode, fd);
}

#endif

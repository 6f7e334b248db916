/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who a process is: its name, start time, user and command line. */
#ifndef PORTSTAT_RESOLVE_PROC_PROCESS_H
#define PORTSTAT_RESOLVE_PROC_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct process;
struct task_file_task;

/*
 * Fills in start time, user and name of the process whose folder is folder as seen from at ("..",
 * where at is its fd).  Over a descriptor that was opened below it this is the same process, even
 * where its number has gone to another one since.  Returns 0 or -errno.
 */
int proc_process_read(int at, const char *folder, struct task_file_task *out);

/* Has the first thread of this process ended?  False also where that cannot be read. */
bool proc_process_has_ended(int at, const char *folder);

/*
 * Adds a file, up to max bytes, of the folder of a process that was read before; nothing where it is
 * gone, or another one by now.  0, or -errno where it could not be read.
 */
int proc_process_file(int proc_root, const struct process *process, const char *file, size_t max,
		      struct buf *out);

#endif

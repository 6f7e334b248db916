/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a process's name, start time and user, and its files in /proc. */
#ifndef PORTSTAT_RESOLVE_PROC_PROCESS_H
#define PORTSTAT_RESOLVE_PROC_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct proc_stat;
struct process;
struct task_file_task;

/* Enough for any /proc/PID/stat. */
#define PROC_STAT_MAX_BYTES 4096

/*
 * Reads and parses the file stat of a process's directory, folder relative to at, into text; *stat
 * points into it.  Returns 0 or -errno.
 */
int proc_process_stat(int at, const char *folder, char text[static PROC_STAT_MAX_BYTES],
		      struct proc_stat *stat);

/*
 * Reads the start time, user and name of the process whose directory is folder, relative to at
 * (".." if at is its fd directory).  A descriptor opened below the directory keeps referring to the
 * same process, even if its pid is reused.  Returns 0 or -errno.
 */
int proc_process_read(int at, const char *folder, struct task_file_task *out);

/* Has the first thread of this process exited?  False if that cannot be read. */
bool proc_process_has_ended(int at, const char *folder);

/*
 * Adds a file of the process's directory to out, up to max bytes; nothing if the process has
 * exited, even if its pid is in use again.  Returns 0, or -errno if the file could not be read.
 */
int proc_process_file(int proc_root, const struct process *process, const char *file, size_t max,
		      struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a process's name, start time, user and parent, and opens its directory in /proc. */
#ifndef PORTSTAT_RESOLVE_PROC_PROCESS_H
#define PORTSTAT_RESOLVE_PROC_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct proc_stat;
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
 * Opens the directory of the process with this pid and start time; what is read below it is of this
 * process, even if its pid is reused.  Sets *parent to the pid of its parent, or 0.  Returns a
 * descriptor or -errno; if the process has exited, proc_is_gone().
 */
int proc_process_open(int proc_root, int32_t pid, uint64_t start_time, int32_t *parent);

#endif

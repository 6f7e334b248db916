/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a process's name, start time and user, and its files in /proc. */
#include <config.h>

#include "resolve/proc_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "resolve/owners.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_text.h"
#include "resolve/task_file.h"

int proc_process_stat(int at, const char *folder, char text[static PROC_STAT_MAX_BYTES],
		      struct proc_stat *stat)
{
	char path[32];
	ssize_t n;
	int fd, err;

	snprintf(path, sizeof(path), "%s/stat", folder);
	fd = openat(at, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, text, PROC_STAT_MAX_BYTES);
	err = n < 0 ? -errno : proc_stat_parse(text, (size_t)n, stat);
	close(fd);
	return err;
}

int proc_process_read(int at, const char *folder, struct task_file_task *out)
{
	char text[PROC_STAT_MAX_BYTES];
	struct proc_stat stat = { .name = "" };
	struct stat st;
	int err;

	/* /proc/PID itself is owned by the effective uid, even if the process is not dumpable. */
	if (fstatat(at, folder, &st, 0))
		return -errno;
	out->uid = st.st_uid;
	/*
	 * After fstatat(), which reports root for a process that has exited: this proves that it
	 * had not.
	 */
	err = proc_process_stat(at, folder, text, &stat);
	if (err)
		return err;
	out->start_time = stat.start_time;
	out->name_len = stat.name_len < sizeof(out->name) ? (uint32_t)stat.name_len
							  : (uint32_t)sizeof(out->name);
	memcpy(out->name, stat.name, out->name_len);
	return 0;
}

bool proc_process_has_ended(int at, const char *folder)
{
	char text[PROC_STAT_MAX_BYTES];
	struct proc_stat stat = { 0 };

	return !proc_process_stat(at, folder, text, &stat) && stat.state == 'Z';
}

int proc_process_file(int proc_root, const struct process *process, const char *file, size_t max,
		      struct buf *out)
{
	struct task_file_task now = { 0 };
	size_t start = out->len;
	char path[16];
	int dir, err;

	snprintf(path, sizeof(path), "%d", process->pid);
	dir = proc_dir_open(proc_root, path);
	if (dir < 0)
		return proc_is_gone(dir) ? 0 : dir;
	err = proc_process_read(dir, ".", &now);
	if (!err && now.start_time == process->start_time)
		err = proc_file_read(dir, file, max, out);
	close(dir);
	if (err)
		out->len = start;
	else if (out->len - start > max)
		out->len = start + max;
	return proc_is_gone(err) ? 0 : err;
}

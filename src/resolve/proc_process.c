/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a process's name, start time, user and parent, and opens its directory in /proc. */
#include <config.h>

#include "resolve/proc_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

int proc_process_open(int proc_root, int32_t pid, uint64_t start_time, int32_t *parent)
{
	char path[16], text[PROC_STAT_MAX_BYTES];
	struct proc_stat stat = { .name = "" };
	int dir, err;

	snprintf(path, sizeof(path), "%d", pid);
	dir = proc_dir_open(proc_root, path);
	if (dir < 0)
		return dir;
	err = proc_process_stat(dir, ".", text, &stat);
	if (!err && stat.start_time != start_time)
		err = -ESRCH;
	*parent = stat.parent;
	if (!err)
		return dir;
	close(dir);
	return err;
}

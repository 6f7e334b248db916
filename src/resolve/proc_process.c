/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who a process is: its name, start time, user and command line. */
#include <config.h>

#include "resolve/proc_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "resolve/holdings.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_text.h"

static int read_stat(int at, const char *process, struct holder *out)
{
	char path[32], text[4096];
	struct proc_stat stat;
	ssize_t n;
	int fd, err;

	snprintf(path, sizeof(path), "%s/stat", process);
	fd = openat(at, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text));
	err = n < 0 ? -errno : proc_stat_parse(text, (size_t)n, &stat);
	close(fd);
	if (err)
		return err;
	out->process.start_time = stat.start_time;
	out->process.name_len =
		stat.name_len < HOLDER_NAME_MAX ? (uint32_t)stat.name_len : HOLDER_NAME_MAX;
	memcpy(out->name, stat.name, out->process.name_len);
	return 0;
}

int proc_process_read(int at, const char *process, int32_t pid, struct holder *out)
{
	struct stat st;

	*out = (struct holder){ .process.pid = pid };
	/* The owner of /proc/PID itself is the effective uid, whatever the process's dumpable flag.
	 */
	if (fstatat(at, process, &st, 0))
		return -errno;
	out->process.uid = st.st_uid;
	/* Behind fstatat(), which says root for a process that is gone: only now is it known to
	 * live. */
	return read_stat(at, process, out);
}

void proc_process_cmdline(int proc_root, const struct holder *holder, size_t max, struct buf *out)
{
	struct holder now;
	size_t start = out->len;
	char path[16];
	int dir, err;

	snprintf(path, sizeof(path), "%d", holder->process.pid);
	dir = proc_dir_open(proc_root, path);
	if (dir < 0)
		return;
	err = proc_process_read(dir, ".", holder->process.pid, &now);
	if (!err && now.process.start_time == holder->process.start_time)
		err = proc_file_read(dir, "cmdline", max, out);
	close(dir);
	if (err || out->len - start > max)
		out->len = err ? start : start + max;
	/* A process that rewrote its arguments may have left the last NUL out. */
	if (out->len > start && out->data[out->len - 1])
		buf_char(out, '\0');
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of all processes, whether or not they hold sockets. */
#include <config.h>

#include "resolve/process_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_text.h"

/* TASK_COMM_LEN (include/linux/sched.h); here a newline replaces the NUL. */
#define COMM_MAX 16

static void add_name(int proc_root, int32_t pid, struct buf *out)
{
	size_t start = out->len;
	char path[32];

	snprintf(path, sizeof(path), "%d/comm", pid);
	if (proc_file_read(proc_root, path, COMM_MAX, out))
		out->len = start;
	if (out->len > start && out->data[out->len - 1] == '\n')
		out->len--;
	if (out->len > start)
		buf_char(out, '\0');
}

void process_names(int proc_root, struct buf *out)
{
	struct proc_dir dir = { .fd = proc_dir_open(proc_root, "."), .room = NULL };
	const char *name;

	if (dir.fd < 0)
		return;
	dir.room = mem_alloc(PROC_DIR_ROOM);
	while ((name = proc_dir_next(&dir))) {
		int32_t pid = proc_entry_number(name);

		if (pid > 0)
			add_name(proc_root, pid, out);
	}
	free(dir.room);
	close(dir.fd);
}

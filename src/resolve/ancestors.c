/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ancestors of a process: its parent, the parent of that, and so on up to process 1. */
#include <config.h>

#include "resolve/ancestors.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_process.h"
#include "resolve/proc_text.h"

/* Reads a process; *parent is the pid of its parent, or 0. */
static int read_one(int proc_root, int32_t pid, struct ancestor *out, int32_t *parent)
{
	char folder[16], text[PROC_STAT_MAX_BYTES];
	struct proc_stat stat = { .name = "" };
	int err;

	snprintf(folder, sizeof(folder), "%d", pid);
	err = proc_process_stat(proc_root, folder, text, &stat);
	if (err)
		return err;
	out->start_time = stat.start_time;
	out->pid = pid;
	out->name_len = stat.name_len < sizeof(out->name) ? (uint32_t)stat.name_len
							  : (uint32_t)sizeof(out->name);
	memcpy(out->name, stat.name, out->name_len);
	*parent = stat.parent;
	return 0;
}

static bool is_listed(const struct ancestor *list, size_t n, int32_t pid)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].pid == pid)
			return true;
	return false;
}

static void reverse(struct ancestor *list, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct ancestor one = list[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = one;
	}
}

int ancestors_read(int proc_root, int32_t pid, uint64_t start_time,
		   struct ancestor list[static ANCESTORS_MAX], size_t *n)
{
	struct ancestor child = { 0 };
	int32_t next = 0;
	int err = read_one(proc_root, pid, &child, &next);

	*n = 0;
	if (!err && child.start_time != start_time)
		err = -ESRCH;
	if (err)
		return proc_is_gone(err) ? -ESRCH : err;
	/* Processes exit and pids come again while we read: so each is listed once. */
	while (next && next != pid && *n < ANCESTORS_MAX && !is_listed(list, *n, next)) {
		struct ancestor *parent = &list[*n];

		if (read_one(proc_root, next, parent, &next))
			break;
		/* No parent is younger than its child: this one has the pid of one that exited. */
		if (parent->start_time > child.start_time)
			break;
		child = *parent;
		++*n;
	}
	reverse(list, *n);
	return 0;
}

void ancestors_text(const struct ancestor *list, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? " > " : "");
		buf_add(out, list[i].name, list[i].name_len);
		buf_printf(out, "[%d]", list[i].pid);
	}
}

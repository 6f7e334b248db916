/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owners found by walking over the descriptors below /proc. */
#include <config.h>

#include "resolve/owners_walk.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"
#include "resolve/holdings.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_process.h"
#include "resolve/proc_text.h"

int walk_settle(struct walk *w, const struct walk_table *t, size_t first)
{
	struct holdings *out = w->out;
	struct holder found;
	uint32_t index = UINT32_MAX;
	int err;

	if (out->n_holdings == first)
		return 0;
	err = proc_process_read(t->dir, t->process, t->pid, &found);
	if (!err && t->via != OWNER_VIA_FD)
		index = holdings_find(out, t->pid);
	if (!err && index != UINT32_MAX &&
	    out->list[index].process.start_time != found.process.start_time)
		err = -ESRCH;
	if (err) {
		out->n_holdings = first;
		return err;
	}
	if (index == UINT32_MAX) {
		index = (uint32_t)out->n;
		*holdings_add_holder(out) = found;
	}
	for (size_t i = first; i < out->n_holdings; i++)
		out->holdings[i].holder = index;
	return 0;
}

/* Adds what one link says. */
static void read_link(struct walk *w, const struct walk_table *t, int32_t fd, const char *link,
		      size_t len)
{
	uint64_t inode;

	if (proc_link_is_ring(link, len)) {
		holdings_add_ring(w->out, &(struct ring){ t->pid, t->tid, fd });
		return;
	}
	/* The link has 64 bits where sock_diag has 32. */
	if (!proc_link_inode(link, len, &inode) || map_get(w->wanted, (uint32_t)inode) == MAP_NONE)
		return;
	holdings_add(w->out, &(struct holding){
				     .inode = (uint32_t)inode,
				     .fd = fd,
				     .via = (uint8_t)t->via,
			     });
}

/* Reads one table.  0 or -errno, also where a part of it could be read. */
static int read_table(struct walk *w, const struct walk_table *t)
{
	struct proc_dir dir = { .fd = t->dir, .room = w->room };
	size_t first = w->out->n_holdings;
	const char *name;
	int err = 0, settled;

	while ((name = proc_dir_next(&dir))) {
		int32_t fd = proc_entry_number(name);
		char link[32];
		ssize_t n;

		if (fd < 0)
			continue;
		n = readlinkat(t->dir, name, link, sizeof(link));
		if (n >= 0)
			read_link(w, t, fd, link, (size_t)n);
		else if (!proc_is_gone(-errno))
			err = -errno;
	}
	settled = walk_settle(w, t, first);
	if (dir.error)
		err = dir.error;
	return err ? err : settled;
}

/* Lists the processes by pid: procfs keeps that order, a recorded tree does not. */
static int list_processes(struct walk *w)
{
	struct proc_dir dir = { .room = w->room };
	const char *name;
	bool is_sorted = true;
	int32_t last = 0;

	dir.fd = proc_dir_open(w->proc_root, ".");
	if (dir.fd < 0)
		return dir.fd;
	while ((name = proc_dir_next(&dir))) {
		int32_t pid = proc_entry_number(name);

		if (pid <= 0)
			continue;
		is_sorted = is_sorted && pid > last;
		last = pid;
		holdings_add_listed(w->out, pid);
	}
	close(dir.fd);
	if (!is_sorted)
		holdings_sort_listed(w->out);
	return dir.error;
}

int walk_processes(struct walk *w)
{
	int err = list_processes(w);

	if (err)
		return err;
	for (size_t i = 0; i < w->out->n_listed; i++) {
		struct listed *process = &w->out->listed[i];
		struct walk_table t = {
			.process = "..",
			.pid = process->pid,
			.tid = process->pid,
			.via = OWNER_VIA_FD,
		};
		char path[32];

		snprintf(path, sizeof(path), "%d/fd", process->pid);
		t.dir = proc_dir_open(w->proc_root, path);
		if (t.dir < 0) {
			holdings_note_error(w->out, process->pid, t.dir);
			continue;
		}
		holdings_note_error(w->out, process->pid, read_table(w, &t));
		close(t.dir);
	}
	return 0;
}

/* Do both threads use one table of descriptors?  False also where that cannot be told. */
static bool is_shared(const struct walk *w, int32_t tid, int32_t other)
{
	return w->is_own_namespace && !syscall(SYS_kcmp, tid, other, KCMP_FILES, 0, 0);
}

/* The threads of a process but the first, into *tids, which grows to *cap.  Returns how many. */
static size_t list_threads(struct walk *w, int task, int32_t pid, int32_t **tids, size_t *cap)
{
	struct proc_dir dir = { .fd = task, .room = w->room };
	const char *name;
	size_t n = 0;

	while ((name = proc_dir_next(&dir))) {
		int32_t tid = proc_entry_number(name);

		if (tid <= 0 || tid == pid)
			continue;
		*tids = mem_grow(*tids, n, cap, sizeof(**tids));
		(*tids)[n++] = tid;
	}
	return n;
}

/* Reads the tables of threads that use neither the process's nor that of the thread read before. */
static int read_threads(struct walk *w, int task, int32_t pid, const int32_t *tids, size_t n)
{
	int32_t last = pid;
	int err = 0;

	for (size_t i = 0; i < n; i++) {
		struct walk_table t = {
			.process = "../../..",
			.pid = pid,
			.tid = tids[i],
			.via = OWNER_VIA_THREAD,
		};
		char path[32];
		int failed;

		if (is_shared(w, t.tid, pid) || (last != pid && is_shared(w, t.tid, last)))
			continue;
		snprintf(path, sizeof(path), "%d/fd", t.tid);
		t.dir = proc_dir_open(task, path);
		failed = t.dir < 0 ? t.dir : read_table(w, &t);
		if (t.dir >= 0)
			close(t.dir);
		if (failed && !proc_is_gone(failed))
			err = failed;
		last = t.tid;
	}
	return err;
}

void walk_threads(struct walk *w)
{
	int32_t *tids = NULL;
	size_t cap = 0;

	for (size_t i = 0; i < w->out->n_listed; i++) {
		struct listed *process = &w->out->listed[i];
		char path[32];
		size_t n;
		int task;

		if (process->is_denied)
			continue;
		snprintf(path, sizeof(path), "%d/task", process->pid);
		task = proc_dir_open(w->proc_root, path);
		if (task < 0) {
			holdings_note_error(w->out, process->pid, task);
			continue;
		}
		n = list_threads(w, task, process->pid, &tids, &cap);
		holdings_note_error(w->out, process->pid,
				    read_threads(w, task, process->pid, tids, n));
		close(task);
	}
	free(tids);
}

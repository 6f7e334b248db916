/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads descriptor tables below /proc into a stream of their sockets and io_urings. */
#include <config.h>

#include "resolve/fd_table.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"
#include "resolve/owner_index.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_process.h"
#include "resolve/proc_text.h"
#include "resolve/task_file.h"

/* A ring has at most a million fixed files (IORING_MAX_FIXED_FILES), one per line of its fdinfo. */
#define FDINFO_MAX_BYTES (64U << 20)

/* Precedes the entries of a table in the stream. */
struct heading {
	struct task_file_entry entry;
	struct task_file_task task;
};

/* A directory of descriptors, and the thread that it belongs to. */
struct table {
	int dir;
	const char *process; /* the directory of the process, relative to dir */
	int32_t pid;
	int32_t tid;
};

void fd_reader_fini(struct fd_reader *r)
{
	buf_fini(&r->stream);
	free(r->room);
	r->room = NULL;
}

/* Reserves space for the heading of a table; returns its offset. */
static size_t begin_table(struct fd_reader *r)
{
	size_t start = r->stream.len;

	buf_reserve(&r->stream, sizeof(struct heading));
	r->stream.len += sizeof(struct heading);
	return start;
}

/* Fills in the heading.  Removes a table that has no entries or whose process has exited. */
static int end_table(struct fd_reader *r, const struct table *t, size_t start)
{
	struct heading heading = {
		.entry.fd = TASK_FILE_TASK,
		.task = { .pid = t->pid, .tid = t->tid },
	};
	int err = 0;

	if (r->stream.len > start + sizeof(heading)) {
		/*
		 * Read last: if the process still exists after its table was read, the table was
		 * that process's.
		 */
		err = proc_process_read(t->dir, t->process, &heading.task);
		if (!err) {
			memcpy(r->stream.data + start, &heading, sizeof(heading));
			return 0;
		}
	}
	r->stream.len = start;
	return err;
}

static void add_entry(struct fd_reader *r, uint32_t inode, int32_t fd)
{
	struct task_file_entry entry = {
		.socket = TASK_FILE_NOT_TOLD,
		.inode = inode,
		.fd = (uint32_t)fd,
	};

	memcpy(buf_reserve(&r->stream, sizeof(entry)), &entry, sizeof(entry));
	r->stream.len += sizeof(entry);
}

/* The inode in a link has 64 bits, that of sock_diag 32. */
static void add_inode(struct fd_reader *r, uint64_t inode, int32_t fd)
{
	uint32_t low = (uint32_t)inode;

	if (low && (!r->wanted || map_get(r->wanted, low) != MAP_NONE))
		add_entry(r, low, fd);
}

static int read_table(struct fd_reader *r, const struct table *t)
{
	struct proc_dir dir = { .fd = t->dir, .room = r->room };
	size_t start = begin_table(r);
	const char *name;
	int err = 0, ended;

	while ((name = proc_dir_next(&dir))) {
		int32_t fd = proc_entry_number(name);
		char link[32];
		uint64_t inode;
		ssize_t n;

		if (fd < 0)
			continue;
		r->links++;
		n = readlinkat(t->dir, name, link, sizeof(link));
		if (n < 0 && !proc_is_gone(-errno))
			err = -errno;
		if (n <= 0)
			continue;
		if (proc_link_inode(link, (size_t)n, &inode))
			add_inode(r, inode, fd);
		else if (proc_link_is_ring(link, (size_t)n))
			add_entry(r, 0, fd);
	}
	ended = end_table(r, t, start);
	if (dir.error)
		err = dir.error;
	return err ? err : ended;
}

/* Allocated by the thread that reads, on first use. */
static void make_room(struct fd_reader *r)
{
	if (!r->room)
		r->room = mem_alloc(PROC_DIR_ROOM);
}

/*
 * Has the first thread of one of our own processes exited?  Its fd directory is then owned by root
 * and empty, while other threads may still run.
 */
static bool has_ended(const struct fd_reader *r, int32_t pid)
{
	char path[16];
	struct stat st;

	snprintf(path, sizeof(path), "%d", pid);
	return !fstatat(r->proc_root, path, &st, 0) && st.st_uid == geteuid() &&
	       proc_process_has_ended(r->proc_root, path);
}

int fd_read_process(struct fd_reader *r, int32_t pid)
{
	struct table t = { .process = "..", .pid = pid, .tid = pid };
	char path[32];
	int err;

	make_room(r);
	snprintf(path, sizeof(path), "%d/fd", pid);
	t.dir = proc_dir_open(r->proc_root, path);
	if (t.dir == -EACCES && has_ended(r, pid))
		return 0;
	if (t.dir < 0)
		return t.dir;
	err = read_table(r, &t);
	close(t.dir);
	return err;
}

/* Do both threads share one descriptor table (CLONE_FILES)?  False if that cannot be determined. */
static bool is_shared(const struct fd_reader *r, int32_t tid, int32_t other)
{
	return r->is_own_namespace && !syscall(SYS_kcmp, tid, other, KCMP_FILES, 0, 0);
}

/* The threads of a process except the first, in an array of *n that the caller frees. */
static int list_threads(struct fd_reader *r, int task, int32_t pid, int32_t **tids, size_t *n)
{
	struct proc_dir dir = { .fd = task, .room = r->room };
	const char *name;
	size_t cap = 0;

	*tids = NULL;
	*n = 0;
	while ((name = proc_dir_next(&dir))) {
		int32_t tid = proc_entry_number(name);

		if (tid <= 0 || tid == pid)
			continue;
		*tids = mem_grow(*tids, *n, &cap, sizeof(**tids));
		(*tids)[(*n)++] = tid;
	}
	return dir.error;
}

static int read_thread(struct fd_reader *r, int task, int32_t pid, int32_t tid)
{
	struct table t = { .process = "../../..", .pid = pid, .tid = tid };
	char path[32];
	int err;

	snprintf(path, sizeof(path), "%d/fd", tid);
	t.dir = proc_dir_open(task, path);
	if (t.dir < 0)
		return t.dir;
	err = read_table(r, &t);
	close(t.dir);
	return err;
}

int fd_read_threads(struct fd_reader *r, int32_t pid)
{
	int32_t *tids, last = pid;
	char path[32];
	int task, err;
	size_t n;

	make_room(r);
	snprintf(path, sizeof(path), "%d/task", pid);
	task = proc_dir_open(r->proc_root, path);
	if (task < 0)
		return task;
	err = list_threads(r, task, pid, &tids, &n);
	for (size_t i = 0; i < n; i++) {
		int failed;

		/* If the first thread has exited, the other threads may share one table. */
		if (is_shared(r, tids[i], pid) || (last != pid && is_shared(r, tids[i], last)))
			continue;
		failed = read_thread(r, task, pid, tids[i]);
		if (failed && !proc_is_gone(failed))
			err = failed;
		last = tids[i];
	}
	free(tids);
	close(task);
	return err;
}

int fd_read_ring(struct fd_reader *r, const struct ring *ring, struct buf *text)
{
	bool is_thread = ring->tid != ring->pid;
	struct table t = {
		.process = is_thread ? "../../.." : "..",
		.pid = ring->pid,
		.tid = ring->pid,
	};
	size_t start, pos = 0;
	uint64_t inode;
	char path[48];
	int err;

	if (is_thread)
		snprintf(path, sizeof(path), "%d/task/%d/fdinfo", ring->pid, ring->tid);
	else
		snprintf(path, sizeof(path), "%d/fdinfo", ring->pid);
	t.dir = proc_dir_open(r->proc_root, path);
	if (t.dir < 0)
		return t.dir;
	start = begin_table(r);
	buf_clear(text);
	snprintf(path, sizeof(path), "%d", ring->fd);
	err = proc_file_read(t.dir, path, FDINFO_MAX_BYTES, text);
	while (!err && proc_ring_inode(text->data, text->len, &pos, &inode))
		add_inode(r, inode, ring->fd);
	if (err)
		r->stream.len = start;
	else
		err = end_table(r, &t, start);
	close(t.dir);
	return err;
}

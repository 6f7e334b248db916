/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes of cgroups that may hold sockets, as far as every user may know. */
#include <config.h>

#include "resolve/cgroup_members.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/number.h"
#include "resolve/cgroups.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_mount.h"
#include "resolve/proc_process.h"
#include "resolve/proc_text.h"

/* A process takes some 10 us to judge: in all not more than a search for owners may take. */
#define READ_MAX 2048U

#define CMDLINE_MAX_BYTES 4096U

/* Of /proc/PID/task: two of its own, and one for each thread. */
#define LINKS_WITH_ONE_THREAD 3

void cgroup_members_fini(struct cgroup_members *m)
{
	free(m->list);
	buf_fini(&m->texts);
	*m = (struct cgroup_members){ .proc_root = m->proc_root };
}

void cgroup_members_clear(struct cgroup_members *m)
{
	m->n = m->n_read = 0;
	buf_clear(&m->texts);
}

static void get_ready(struct cgroup_members *m)
{
	struct stat st;

	if (m->is_ready)
		return;
	m->is_ready = true;
	m->is_other_namespace =
		proc_is_procfs(m->proc_root) && !proc_is_own_namespace(m->proc_root);
	m->counts_descriptors = !fstatat(m->proc_root, "self/fd", &st, 0) && st.st_size;
}

/*
 * Has a process that seems to have no descriptors none indeed?  If its first thread has exited, /proc
 * does not show those of the others.
 */
static bool has_one_thread(const struct cgroup_members *m, const char *folder)
{
	struct stat st;
	char path[32];

	snprintf(path, sizeof(path), "%s/task", folder);
	return !fstatat(m->proc_root, path, &st, 0) && st.st_nlink <= LINKS_WITH_ONE_THREAD;
}

/* May this user read what the process holds, as the search for owners does? */
static bool is_readable(const struct cgroup_members *m, const char *fd_folder)
{
	char room[PROC_DIR_ROOM] __attribute__((aligned(16))), target[8];
	struct proc_dir fds = { .fd = proc_dir_open(m->proc_root, fd_folder), .room = room };
	const char *name;
	bool is_readable = false;

	if (fds.fd < 0)
		return false;
	while ((name = proc_dir_next(&fds)) && *name == '.')
		;
	if (name)
		is_readable = readlinkat(fds.fd, name, target, sizeof(target)) >= 0;
	close(fds.fd);
	return is_readable;
}

/* What a process is to sockets of its cgroup. */
enum verdict {
	MAY_HOLD,
	CANNOT_HOLD,
	IS_GONE,
	IS_UNKNOWN,
};

static enum verdict failure_verdict(int err)
{
	return proc_is_gone(err) ? IS_GONE : IS_UNKNOWN;
}

/* By what costs least: names are read of those alone that are shown. */
static enum verdict judge(const struct cgroup_members *m, struct cgroup_member *out)
{
	char folder[16], path[32];
	struct stat st;
	bool seems_empty;

	snprintf(folder, sizeof(folder), "%d", out->pid);
	if (fstatat(m->proc_root, folder, &st, 0))
		return failure_verdict(-errno);
	out->uid = st.st_uid;
	snprintf(path, sizeof(path), "%s/fd", folder);
	/* For a process that has exited the call above may have told root: it fails here. */
	if (fstatat(m->proc_root, path, &st, 0))
		return failure_verdict(-errno);
	seems_empty =
		m->counts_descriptors ? !st.st_size : proc_process_has_ended(m->proc_root, folder);
	if ((seems_empty && has_one_thread(m, folder)) || is_readable(m, path))
		return CANNOT_HOLD;
	snprintf(path, sizeof(path), "%s/net/tcp", folder);
	if (!fstatat(m->proc_root, path, &st, 0))
		out->netns = st.st_ino;
	return MAY_HOLD;
}

/* A process with a pid but without a directory: hidden by the option hidepid, or gone? */
static bool is_hidden(const struct cgroup_members *m, int32_t pid)
{
	return proc_is_procfs(m->proc_root) && (!kill(pid, 0) || errno == EPERM);
}

static enum verdict read_process(struct cgroup_members *m, int32_t pid)
{
	struct cgroup_member member = { .pid = pid };
	enum verdict verdict;

	if (pid <= 0 || m->n_read++ >= READ_MAX)
		return IS_UNKNOWN;
	verdict = judge(m, &member);
	if (verdict == IS_GONE && is_hidden(m, pid))
		return IS_UNKNOWN;
	if (verdict != MAY_HOLD)
		return verdict;
	m->list = mem_grow(m->list, m->n, &m->cap, sizeof(*m->list));
	m->list[m->n++] = member;
	return MAY_HOLD;
}

static int by_pid(const void *a, const void *b)
{
	const struct cgroup_member *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* A process that moved while we read may be listed twice (cgroup-v2.rst, cgroup.procs). */
static size_t sort_members(struct cgroup_member *list, size_t n)
{
	size_t kept = 0;

	qsort(list, n, sizeof(*list), by_pid);
	for (size_t i = 0; i < n; i++)
		if (!kept || list[kept - 1].pid != list[i].pid)
			list[kept++] = list[i];
	return kept;
}

/* The pid in a line; -1 for any other text. */
static int32_t line_pid(const char *line, size_t len)
{
	uint64_t pid;

	return number_parse(line, len, INT32_MAX, &pid) ? -1 : (int32_t)pid;
}

size_t cgroup_members_read(struct cgroup_members *m, const struct cgroups *cgroups, uint64_t id,
			   const struct cgroup *cgroup)
{
	struct buf pids = { 0 };
	size_t first = m->n;
	bool is_known;

	get_ready(m);
	is_known = !m->is_other_namespace && !cgroups_procs(cgroups, id, cgroup, &pids);
	for (size_t at = 0; is_known && at < pids.len;) {
		const char *newline = memchr(pids.data + at, '\n', pids.len - at);
		size_t len = newline ? (size_t)(newline - pids.data) - at : pids.len - at;

		is_known = newline && read_process(m, line_pid(pids.data + at, len)) != IS_UNKNOWN;
		at += len + 1;
	}
	buf_fini(&pids);
	if (!is_known)
		m->n = first;
	if (m->n > first)
		m->n = first + sort_members(m->list + first, m->n - first);
	return m->n - first;
}

bool cgroup_member_name(struct cgroup_members *m, struct cgroup_member *member)
{
	char folder[16], text[PROC_STAT_MAX_BYTES];
	struct proc_stat stat = { .name = "" };

	if (member->has_name)
		return true;
	snprintf(folder, sizeof(folder), "%d", member->pid);
	if (proc_process_stat(m->proc_root, folder, text, &stat))
		return false;
	member->has_name = true;
	member->parent = stat.parent;
	member->name = m->texts.len;
	member->name_len = stat.name_len;
	buf_add(&m->texts, stat.name, stat.name_len);
	return true;
}

void cgroup_member_cmdline(const struct cgroup_members *m, const struct cgroup_member *member,
			   struct buf *out)
{
	char path[32];

	snprintf(path, sizeof(path), "%d/cmdline", member->pid);
	buf_clear(out);
	if (proc_file_read(m->proc_root, path, CMDLINE_MAX_BYTES, out))
		out->len = 0;
	if (out->len < CMDLINE_MAX_BYTES)
		return;
	/* The last argument may have been cut, and what is left of a number is another one. */
	out->len = CMDLINE_MAX_BYTES;
	while (out->len && out->data[out->len - 1])
		out->len--;
}

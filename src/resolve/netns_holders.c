/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network namespaces that no process lives in, but that have sockets which a process holds. */
#include <config.h>

#include "resolve/netns_holders.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"
#include "resolve/task_file.h"

#ifndef PIDFD_THREAD
#	define PIDFD_THREAD O_EXCL /* linux/pidfd.h, since Linux 6.9 */
#endif

void netns_holders_fini(struct netns_holders *h)
{
	free(h->list);
	*h = (struct netns_holders){ 0 };
}

/* A position in a stream, with the last task and the last namespace of a socket before it. */
struct reading {
	const char *stream;
	size_t n;
	size_t pos;
	struct task_file_task task;
	uint64_t netns; /* that of the next entry; 0: as that of the one before */
};

/* Reads the next entry.  False at the end, or where the stream is malformed. */
static bool next_entry(struct reading *r, struct task_file_entry *entry)
{
	if (r->n - r->pos < sizeof(*entry))
		return false;
	memcpy(entry, r->stream + r->pos, sizeof(*entry));
	r->pos += sizeof(*entry);
	if (entry->fd != TASK_FILE_TASK)
		return true;
	if (r->n - r->pos < sizeof(r->task))
		return false;
	memcpy(&r->task, r->stream + r->pos, sizeof(r->task));
	r->pos += sizeof(r->task);
	r->netns = 0;
	return true;
}

/* The namespaces that processes live in; those of threads are not looked for elsewhere. */
static void read_inhabited(const char *stream, size_t n, struct map *inhabited)
{
	struct reading r = { .stream = stream, .n = n };
	struct task_file_entry entry;

	while (next_entry(&r, &entry))
		if (entry.fd == TASK_FILE_TASK && r.task.netns && r.task.tid == r.task.pid)
			map_add(inhabited, r.task.netns, 0, NULL);
}

void netns_holders_read(struct netns_holders *h, const char *stream, size_t n)
{
	struct reading r = { .stream = stream, .n = n };
	struct task_file_entry entry;
	struct map known = { 0 };

	h->n = 0;
	read_inhabited(stream, n, &known);
	while (next_entry(&r, &entry)) {
		uint64_t netns = r.netns;

		r.netns = entry.fd == TASK_FILE_NETNS ? entry.socket : 0;
		if (!netns || r.task.pid <= 0 || map_get(&known, netns) != MAP_NONE)
			continue;
		map_add(&known, netns, 0, NULL);
		h->list = mem_grow(h->list, h->n, &h->cap, sizeof(*h->list));
		h->list[h->n++] = (struct netns_holder){
			.netns = netns,
			.pid = r.task.pid,
			.tid = r.task.tid,
			.fd = (int32_t)entry.fd,
		};
	}
	map_fini(&known);
}

int netns_holder_open(const struct netns_holder *holder)
{
	unsigned int flags = holder->tid == holder->pid ? 0 : PIDFD_THREAD;
	int task = (int)syscall(SYS_pidfd_open, (pid_t)holder->tid, flags), fd, netns;

	if (task < 0)
		return -errno;
	fd = (int)syscall(SYS_pidfd_getfd, task, holder->fd, 0);
	netns = fd < 0 ? -errno : ioctl(fd, SIOCGSKNS);
	if (fd >= 0 && netns < 0)
		netns = -errno;
	if (fd >= 0)
		close(fd);
	close(task);
	return netns;
}

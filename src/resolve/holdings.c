/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the ways of finding owners give: processes, and the sockets that they hold. */
#include <config.h>

#include "resolve/holdings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

/* A holder that has not been looked for, or that is not to be added. */
#define NO_HOLDER UINT32_MAX
#define OTHER_PROCESS (UINT32_MAX - 1)

void holdings_fini(struct holdings *h)
{
	free(h->holders);
	free(h->list);
	free(h->rings);
	*h = (struct holdings){ 0 };
}

void holdings_clear(struct holdings *h)
{
	h->n_holders = 0;
	h->n = 0;
	h->n_rings = 0;
	h->last_pid = 0;
}

void holdings_reserve(struct holdings *h, size_t n)
{
	if (n <= h->cap)
		return;
	h->list = mem_resize(h->list, n, sizeof(*h->list));
	h->cap = n;
}

/* The index of the task's process, which is added where it is not there. */
static uint32_t find_holder(struct holdings *h, const struct task_file_task *task)
{
	struct holder *holder;
	size_t name_max = task->name_len < sizeof(task->name) ? task->name_len : sizeof(task->name);

	/* The usual case is a new one behind all others. */
	if (task->pid <= h->last_pid) {
		for (size_t i = 0; i < h->n_holders; i++) {
			const struct process *p = &h->holders[i].process;

			if (p->pid == task->pid)
				return p->start_time == task->start_time ? (uint32_t)i
									 : OTHER_PROCESS;
		}
	}
	h->holders = mem_grow(h->holders, h->n_holders, &h->holders_cap, sizeof(*h->holders));
	holder = &h->holders[h->n_holders];
	*holder = (struct holder){
		.process = {
			.start_time = task->start_time,
			/* The kernel's buffer may be longer than the name in it. */
			.name_len = (uint32_t)strnlen(task->name, name_max),
			.pid = task->pid,
			.uid = task->uid,
		},
	};
	memcpy(holder->name, task->name, holder->process.name_len);
	if (task->pid > h->last_pid)
		h->last_pid = task->pid;
	return (uint32_t)h->n_holders++;
}

static void add_ring(struct holdings *h, const struct task_file_task *task, uint32_t fd)
{
	h->rings = mem_grow(h->rings, h->n_rings, &h->rings_cap, sizeof(*h->rings));
	h->rings[h->n_rings++] = (struct ring){
		.pid = task->pid,
		.tid = task->tid,
		.fd = (int32_t)fd,
	};
}

static void add_holding(struct holdings *h, const struct holding *holding)
{
	h->list = mem_grow(h->list, h->n, &h->cap, sizeof(*h->list));
	h->list[h->n++] = *holding;
}

int holdings_read(struct holdings *h, const char *stream, size_t n, enum holdings_of tables,
		  enum owner_via via, const struct map *wanted, struct map *all)
{
	struct task_file_task task = { 0 };
	uint32_t holder = NO_HOLDER;
	bool is_asked_for = false;

	for (size_t pos = 0; pos < n;) {
		struct task_file_entry entry;
		uint32_t slot;

		if (n - pos < sizeof(entry))
			return -EINVAL;
		memcpy(&entry, stream + pos, sizeof(entry));
		pos += sizeof(entry);
		if (entry.fd == TASK_FILE_TASK) {
			if (n - pos < sizeof(task))
				return -EINVAL;
			memcpy(&task, stream + pos, sizeof(task));
			pos += sizeof(task);
			holder = NO_HOLDER;
			/* A process outside of the reader's pid namespace has no number there. */
			is_asked_for = task.pid > 0 &&
				       (task.tid == task.pid) == (tables == HOLDINGS_OF_PROCESSES);
			continue;
		}
		if (!is_asked_for)
			continue;
		if (!entry.inode) {
			add_ring(h, &task, entry.fd);
			continue;
		}
		slot = wanted ? map_get(wanted, entry.inode)
			      : *map_add(all, entry.inode, (uint32_t)all->n, NULL);
		if (slot == MAP_NONE)
			continue;
		if (holder == NO_HOLDER)
			holder = find_holder(h, &task);
		if (holder != OTHER_PROCESS)
			add_holding(h, &(struct holding){
					       .slot = slot,
					       .holder = holder,
					       .fd = (int32_t)entry.fd,
					       .via = (uint8_t)via,
				       });
	}
	return 0;
}

bool holdings_next_task(const char *stream, size_t n, size_t *pos, struct task_file_task *task)
{
	while (n - *pos >= sizeof(struct task_file_entry)) {
		struct task_file_entry entry;

		memcpy(&entry, stream + *pos, sizeof(entry));
		*pos += sizeof(entry);
		if (entry.fd != TASK_FILE_TASK)
			continue;
		if (n - *pos < sizeof(*task))
			return false;
		memcpy(task, stream + *pos, sizeof(*task));
		*pos += sizeof(*task);
		return true;
	}
	return false;
}

static int compare_pids(const void *a, const void *b, void *data)
{
	const struct holding *x = a, *y = b;
	const struct holder *holders = data;
	int32_t p = holders[x->holder].process.pid, q = holders[y->holder].process.pid;

	if (p != q)
		return p < q ? -1 : 1;
	return (x->fd > y->fd) - (x->fd < y->fd);
}

void holdings_sort(struct holdings *h, size_t first)
{
	if (h->n > first)
		qsort_r(h->list + first, h->n - first, sizeof(*h->list), compare_pids, h->holders);
}

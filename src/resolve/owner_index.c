/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the streams of an owner scan: which process holds which socket. */
#include <config.h>

#include "resolve/owner_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

/* Instead of the index of a task's process: */
#define NO_PROCESS UINT32_MAX /* it has not been searched for yet */
#define OTHER_PROCESS (UINT32_MAX - 1) /* its pid belongs to another process: ignore the task */

/* More processes than a kernel can have (PID_MAX_LIMIT is 1 << 22). */
#define PROCESSES_MASK ((1U << 30) - 1)

void index_fini(struct owner_index *index)
{
	free(index->processes);
	free(index->list);
	free(index->rings);
	free(index->buckets);
	*index = (struct owner_index){ 0 };
}

void index_clear(struct owner_index *index)
{
	index->n_processes = 0;
	index->n = 0;
	index->n_rings = 0;
	index->n_finished = 0;
	index->last_pid = 0;
}

void index_reserve(struct owner_index *index, size_t n)
{
	if (n <= index->cap)
		return;
	index->list = mem_resize(index->list, n, sizeof(*index->list));
	index->cap = n;
}

/* The index of the task's process, which is added if it is new; or OTHER_PROCESS. */
static uint32_t find_process(struct owner_index *index, const struct task_file_task *task)
{
	struct index_process *added;
	size_t name_max = task->name_len < sizeof(task->name) ? task->name_len : sizeof(task->name);

	/* Tasks usually arrive in the order of their pids: then the process is new. */
	if (task->pid <= index->last_pid) {
		for (size_t i = 0; i < index->n_processes; i++) {
			const struct process *p = &index->processes[i].process;

			if (p->pid == task->pid)
				return p->start_time == task->start_time ? (uint32_t)i
									 : OTHER_PROCESS;
		}
	}
	index->processes = mem_grow(index->processes, index->n_processes, &index->processes_cap,
				    sizeof(*index->processes));
	added = &index->processes[index->n_processes];
	*added = (struct index_process){
		.process = {
			.start_time = task->start_time,
			/* name_len is the size of the kernel's buffer; the name may be shorter. */
			.name_len = (uint32_t)strnlen(task->name, name_max),
			.pid = task->pid,
			.uid = task->uid,
		},
	};
	memcpy(added->name, task->name, added->process.name_len);
	if (task->pid > index->last_pid)
		index->last_pid = task->pid;
	return (uint32_t)index->n_processes++;
}

static void add_ring(struct owner_index *index, const struct task_file_task *task, uint32_t fd)
{
	index->rings =
		mem_grow(index->rings, index->n_rings, &index->rings_cap, sizeof(*index->rings));
	index->rings[index->n_rings++] = (struct ring){
		.pid = task->pid,
		.tid = task->tid,
		.fd = (int32_t)fd,
	};
}

static void add_owner(struct owner_index *index, const struct owner *owner)
{
	index->list = mem_grow(index->list, index->n, &index->cap, sizeof(*index->list));
	index->list[index->n++] = *owner;
}

int index_read(struct owner_index *index, const char *stream, size_t n, enum index_tables tables,
	       enum owner_via via, const struct map *wanted)
{
	struct task_file_task task = { 0 };
	uint32_t process = NO_PROCESS;
	bool is_asked_for = false;

	for (size_t pos = 0; pos < n;) {
		struct task_file_entry entry;

		if (n - pos < sizeof(entry))
			return -EINVAL;
		memcpy(&entry, stream + pos, sizeof(entry));
		pos += sizeof(entry);
		if (entry.fd == TASK_FILE_TASK) {
			if (n - pos < sizeof(task))
				return -EINVAL;
			memcpy(&task, stream + pos, sizeof(task));
			pos += sizeof(task);
			process = NO_PROCESS;
			/* A process outside the reader's pid namespace has no pid in it. */
			is_asked_for = task.pid > 0 &&
				       (task.tid == task.pid) == (tables == INDEX_OF_PROCESSES);
			continue;
		}
		if (!is_asked_for || entry.fd == TASK_FILE_NETNS)
			continue;
		if (!entry.inode) {
			add_ring(index, &task, entry.fd);
			continue;
		}
		if (wanted && map_get(wanted, entry.inode) == MAP_NONE)
			continue;
		if (process == NO_PROCESS)
			process = find_process(index, &task);
		if (process != OTHER_PROCESS)
			add_owner(index, &(struct owner){
						 .socket = entry.socket,
						 .inode = entry.inode,
						 .process = process & PROCESSES_MASK,
						 .via = via & 3U,
						 .fd = (int32_t)entry.fd,
					 });
	}
	return 0;
}

bool index_next_task(const char *stream, size_t n, size_t *pos, struct task_file_task *task)
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
	const struct owner *x = a, *y = b;
	const struct index_process *processes = data;
	int32_t p = processes[x->process].process.pid, q = processes[y->process].process.pid;

	if (p != q)
		return p < q ? -1 : 1;
	return (x->fd > y->fd) - (x->fd < y->fd);
}

void index_sort(struct owner_index *index, size_t first)
{
	if (index->n > first)
		qsort_r(index->list + first, index->n - first, sizeof(*index->list), compare_pids,
			index->processes);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes that an owner scan found, and an index of them by the sockets that they hold. */
#include <config.h>

#include "resolve/owner_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

/* A process that has not been looked for, or that is to be ignored. */
#define NO_PROCESS UINT32_MAX
#define OTHER_PROCESS (UINT32_MAX - 1)

/* More processes than a kernel can have (PID_MAX_LIMIT is 1 << 22). */
#define PROCESSES_MASK ((1U << 30) - 1)

void index_fini(struct owner_index *h)
{
	free(h->processes);
	free(h->list);
	free(h->rings);
	free(h->places);
	*h = (struct owner_index){ 0 };
}

void index_clear(struct owner_index *h)
{
	h->n_processes = 0;
	h->n = 0;
	h->n_rings = 0;
	h->is_finished = false;
	h->last_pid = 0;
}

void index_reserve(struct owner_index *h, size_t n)
{
	if (n <= h->cap)
		return;
	h->list = mem_resize(h->list, n, sizeof(*h->list));
	h->cap = n;
}

/* The index of the task's process, which is added where it is not there. */
static uint32_t find_process(struct owner_index *h, const struct task_file_task *task)
{
	struct index_process *added;
	size_t name_max = task->name_len < sizeof(task->name) ? task->name_len : sizeof(task->name);

	/* The usual case is a new one behind all others. */
	if (task->pid <= h->last_pid) {
		for (size_t i = 0; i < h->n_processes; i++) {
			const struct process *p = &h->processes[i].process;

			if (p->pid == task->pid)
				return p->start_time == task->start_time ? (uint32_t)i
									 : OTHER_PROCESS;
		}
	}
	h->processes =
		mem_grow(h->processes, h->n_processes, &h->processes_cap, sizeof(*h->processes));
	added = &h->processes[h->n_processes];
	*added = (struct index_process){
		.process = {
			.start_time = task->start_time,
			/* The kernel's buffer may be longer than the name in it. */
			.name_len = (uint32_t)strnlen(task->name, name_max),
			.pid = task->pid,
			.uid = task->uid,
		},
	};
	memcpy(added->name, task->name, added->process.name_len);
	if (task->pid > h->last_pid)
		h->last_pid = task->pid;
	return (uint32_t)h->n_processes++;
}

static void add_ring(struct owner_index *h, const struct task_file_task *task, uint32_t fd)
{
	h->rings = mem_grow(h->rings, h->n_rings, &h->rings_cap, sizeof(*h->rings));
	h->rings[h->n_rings++] = (struct ring){
		.pid = task->pid,
		.tid = task->tid,
		.fd = (int32_t)fd,
	};
}

static void add_owner(struct owner_index *h, const struct owner *owner)
{
	h->list = mem_grow(h->list, h->n, &h->cap, sizeof(*h->list));
	h->list[h->n++] = *owner;
}

int index_read(struct owner_index *h, const char *stream, size_t n, enum index_tables tables,
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
			/* A process outside of the reader's pid namespace has no number there. */
			is_asked_for = task.pid > 0 &&
				       (task.tid == task.pid) == (tables == INDEX_OF_PROCESSES);
			continue;
		}
		if (!is_asked_for)
			continue;
		if (!entry.inode) {
			add_ring(h, &task, entry.fd);
			continue;
		}
		if (wanted && map_get(wanted, entry.inode) == MAP_NONE)
			continue;
		if (process == NO_PROCESS)
			process = find_process(h, &task);
		if (process != OTHER_PROCESS)
			add_owner(h, &(struct owner){
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

void index_sort(struct owner_index *h, size_t first)
{
	if (h->n > first)
		qsort_r(h->list + first, h->n - first, sizeof(*h->list), compare_pids,
			h->processes);
}

/*
 * Inodes are a counter: whatever it stood at when sockets were made, their low bits are spread
 * evenly.  So the low bits are the place, and the list is in the order of places.
 */
static uint32_t place_of(const struct owner_index *h, uint32_t inode)
{
	return inode & (((uint32_t)1 << h->place_bits) - 1);
}

/* The inode with its place in front. */
static uint32_t order_of(const struct owner_index *h, uint32_t inode)
{
	return h->place_bits ? inode >> h->place_bits | inode << (32 - h->place_bits) : inode;
}

#define DIGIT_BITS 11
#define DIGITS 3 /* of 32 bits */
#define DIGIT_VALUES (1U << DIGIT_BITS)

/* One pass of a radix sort, stable.  False where all have the same digit, so that none moved. */
static bool sort_by_digit(const struct owner_index *h, struct owner *to, unsigned int i)
{
	size_t starts[DIGIT_VALUES] = { 0 }, start = 0;
	unsigned int shift = i * DIGIT_BITS, digit = 0;

	for (size_t at = 0; at < h->n; at++) {
		digit = order_of(h, h->list[at].inode) >> shift & (DIGIT_VALUES - 1);
		starts[digit]++;
	}
	if (starts[digit] == h->n)
		return false;
	for (size_t value = 0; value < DIGIT_VALUES; value++) {
		size_t n_alike = starts[value];

		starts[value] = start;
		start += n_alike;
	}
	for (size_t at = 0; at < h->n; at++) {
		digit = order_of(h, h->list[at].inode) >> shift & (DIGIT_VALUES - 1);
		to[starts[digit]++] = h->list[at];
	}
	return true;
}

static void sort_by_place(struct owner_index *h)
{
	struct owner *to = mem_resize(NULL, h->n, sizeof(*to));

	for (unsigned int i = 0; i < DIGITS; i++) {
		struct owner *from = h->list;

		if (!sort_by_digit(h, to, i))
			continue;
		h->list = to;
		h->cap = h->n;
		to = from;
	}
	free(to);
}

/* Puts the sockets of one inode number in order.  There is most often one. */
static void sort_by_socket(struct owner_index *h)
{
	for (size_t i = 1; i < h->n; i++) {
		struct owner owner = h->list[i];
		size_t at = i;

		while (at && h->list[at - 1].inode == owner.inode &&
		       h->list[at - 1].socket > owner.socket) {
			h->list[at] = h->list[at - 1];
			at--;
		}
		if (at < i)
			h->list[at] = owner;
	}
}

/* Of a process's descriptors of one socket the lowest stays. */
static void drop_repeats(struct owner_index *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++) {
		struct owner owner = h->list[i], *last = n ? &h->list[n - 1] : NULL;

		if (!last || last->inode != owner.inode || last->socket != owner.socket ||
		    last->process != owner.process)
			h->list[n++] = owner;
		else if (owner.fd < last->fd)
			last->fd = owner.fd;
	}
	h->n = n;
}

/* Notes where each place starts. */
static void make_places(struct owner_index *h)
{
	size_t n = ((size_t)1 << h->place_bits) + 1, place = 0;

	if (n > h->places_cap) {
		h->places = mem_resize(h->places, n, sizeof(*h->places));
		h->places_cap = n;
	}
	for (size_t i = 0; i < h->n; i++)
		while (place <= place_of(h, h->list[i].inode))
			h->places[place++] = (uint32_t)i;
	while (place < n)
		h->places[place++] = (uint32_t)h->n;
}

void index_finish(struct owner_index *h)
{
	if (!h->n)
		return;
	/* As many places as owners, or a few more, so that one or two stand at each. */
	h->place_bits = 0;
	while ((size_t)1 << h->place_bits < h->n && h->place_bits < 31)
		h->place_bits++;
	sort_by_place(h);
	sort_by_socket(h);
	drop_repeats(h);
	make_places(h);
	h->is_finished = true;
}

/* The owners of the inode number, whichever sockets have it. */
static struct owner_span owners_of_inode(const struct owner_index *h, uint32_t inode)
{
	uint32_t order = order_of(h, inode);
	size_t first = h->places[place_of(h, inode)], end = h->places[place_of(h, inode) + 1];

	while (first < end && order_of(h, h->list[first].inode) < order)
		first++;
	while (end > first && h->list[end - 1].inode != inode)
		end--;
	return (struct owner_span){ h->list + first, end - first };
}

struct owner_span index_of(const struct owner_index *h, uint32_t inode, uint64_t cookie)
{
	struct owner_span all, found;

	if (!h->is_finished)
		return (struct owner_span){ 0 };
	all = owners_of_inode(h, inode);
	if (!cookie)
		return all;
	/* In the order of their sockets: cookies, and behind them what is no cookie. */
	found = (struct owner_span){ all.list, 0 };
	for (size_t i = 0; i < all.n && all.list[i].socket <= cookie; i++) {
		if (all.list[i].socket < cookie)
			found.list++;
		else
			found.n++;
	}
	if (found.n)
		return found;
	while (all.n && TASK_FILE_IS_COOKIE(all.list->socket)) {
		all.list++;
		all.n--;
	}
	return all;
}

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

/* More processes than a kernel can have (PID_MAX_LIMIT is 1 << 22). */
#define HOLDERS_MASK ((1U << 29) - 1)

void holdings_fini(struct holdings *h)
{
	free(h->holders);
	free(h->list);
	free(h->repeats);
	free(h->rings);
	free(h->places);
	*h = (struct holdings){ 0 };
}

void holdings_clear(struct holdings *h)
{
	h->n_holders = 0;
	h->n = 0;
	h->n_repeats = 0;
	h->n_rings = 0;
	h->is_settled = false;
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

static void add_owner(struct holdings *h, const struct owner *owner)
{
	h->list = mem_grow(h->list, h->n, &h->cap, sizeof(*h->list));
	h->list[h->n++] = *owner;
}

int holdings_read(struct holdings *h, const char *stream, size_t n, enum holdings_tables tables,
		  enum owner_via via, const struct map *wanted)
{
	struct task_file_task task = { 0 };
	uint32_t holder = NO_HOLDER;
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
		if (wanted && map_get(wanted, entry.inode) == MAP_NONE)
			continue;
		if (holder == NO_HOLDER)
			holder = find_holder(h, &task);
		if (holder != OTHER_PROCESS)
			add_owner(h, &(struct owner){
					     .inode = entry.inode,
					     .process = holder & HOLDERS_MASK,
					     .via = via & 3U,
					     .fd = (int32_t)entry.fd,
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
	const struct owner *x = a, *y = b;
	const struct holder *holders = data;
	int32_t p = holders[x->process].process.pid, q = holders[y->process].process.pid;

	if (p != q)
		return p < q ? -1 : 1;
	return (x->fd > y->fd) - (x->fd < y->fd);
}

void holdings_sort(struct holdings *h, size_t first)
{
	if (h->n > first)
		qsort_r(h->list + first, h->n - first, sizeof(*h->list), compare_pids, h->holders);
}

/*
 * Inodes are a counter: whatever it stood at when sockets were made, their low bits are spread
 * evenly.  So the low bits are the place, and the list is in the order of places.
 */
static uint32_t place_of(const struct holdings *h, uint32_t inode)
{
	return inode & (((uint32_t)1 << h->place_bits) - 1);
}

/* The inode with its place in front. */
static uint32_t order_of(const struct holdings *h, uint32_t inode)
{
	return h->place_bits ? inode >> h->place_bits | inode << (32 - h->place_bits) : inode;
}

#define DIGIT_BITS 11
#define DIGITS 3 /* of 32 bits */
#define DIGIT_VALUES (1U << DIGIT_BITS)

/* One pass of a radix sort, stable.  False where all have the same digit, so that none moved. */
static bool sort_by_digit(const struct holdings *h, struct owner *to, unsigned int i)
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

static void sort_by_place(struct holdings *h)
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

static void add_repeat(struct holdings *h, const struct owner *owner)
{
	h->repeats = mem_grow(h->repeats, h->n_repeats, &h->repeats_cap, sizeof(*h->repeats));
	h->repeats[h->n_repeats++] = *owner;
}

static int compare_holders(const struct owner *x, const struct owner *y)
{
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return (x->process > y->process) - (x->process < y->process);
}

static int compare_repeats(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;
	int order = compare_holders(x, y);

	return order ? order : (x->fd > y->fd) - (x->fd < y->fd);
}

/* Of a process that stands behind itself the lowest descriptor stays. */
static void drop_repeats(struct holdings *h)
{
	size_t n = 0, n_repeats = h->n_repeats;

	for (size_t i = 0; i < h->n; i++) {
		struct owner owner = h->list[i], *last = n ? &h->list[n - 1] : NULL;

		if (!last || last->inode != owner.inode || last->process != owner.process) {
			h->list[n++] = owner;
			continue;
		}
		if (owner.fd == last->fd)
			continue;
		last->is_repeated = 1;
		add_repeat(h, owner.fd < last->fd ? last : &owner);
		if (owner.fd < last->fd)
			last->fd = owner.fd;
	}
	h->n = n;
	if (h->n_repeats > n_repeats)
		qsort(h->repeats, h->n_repeats, sizeof(*h->repeats), compare_repeats);
}

/* Notes where each place starts. */
static void make_places(struct holdings *h)
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

void holdings_settle(struct holdings *h)
{
	if (!h->n)
		return;
	/* As many places as owners, or a few more, so that one or two stand at each. */
	h->place_bits = 0;
	while ((size_t)1 << h->place_bits < h->n && h->place_bits < 31)
		h->place_bits++;
	sort_by_place(h);
	drop_repeats(h);
	make_places(h);
	h->is_settled = true;
}

struct owner_span holdings_of(const struct holdings *h, uint32_t inode)
{
	uint32_t order = order_of(h, inode);
	size_t first, end;

	if (!h->is_settled)
		return (struct owner_span){ 0 };
	first = h->places[place_of(h, inode)];
	end = h->places[place_of(h, inode) + 1];
	while (first < end && order_of(h, h->list[first].inode) < order)
		first++;
	while (end > first && h->list[end - 1].inode != inode)
		end--;
	return (struct owner_span){ h->list + first, end - first };
}

struct owner_span holdings_repeats_of(const struct holdings *h, const struct owner *owner)
{
	size_t low = 0, high = h->n_repeats, n = 0;

	if (!owner->is_repeated)
		return (struct owner_span){ 0 };
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_holders(&h->repeats[mid], owner) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	while (low + n < h->n_repeats && !compare_holders(&h->repeats[low + n], owner))
		n++;
	return (struct owner_span){ h->repeats + low, n };
}

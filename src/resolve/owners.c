/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes hold which sockets: what the ways of finding them gave, ordered by socket. */
#include <config.h>

#include "resolve/owners.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/thread.h"
#include "resolve/holdings.h"
#include "resolve/owners_bpf.h"
#include "resolve/owners_walk.h"
#include "resolve/proc_place.h"
#include "resolve/proc_process.h"

#define CMDLINE_MAX_BYTES (64U << 10)

/* Where the owners of one inode stand in the list. */
struct slot {
	uint32_t start;
	uint32_t n;
	uint32_t last; /* the holder that was counted last */
};

struct owners {
	int proc_root;
	enum owners_method method;
	struct owners_bpf *bpf; /* NULL: not loaded */
	int bpf_error;		/* why it cannot be: not tried again */
	struct buf stream;	/* what BPF said */
	struct walk walk;
	struct holdings found;
	struct map slot_of; /* inode to its number, an index in slots */
	struct slot *slots;
	size_t slots_cap;
	size_t n_owned; /* slots that have an owner */
	struct owner *list;
	size_t list_cap;
	struct buf cmdlines;
	size_t denied;
	int failure;
	bool may_hide; /* there may be holders that were not seen; also before a scan */
	bool is_bpf;   /* the way that was gone */
	/* What owners_start() set going: */
	bool is_started;
	pthread_t thread;
	pthread_mutex_t lock; /* guards the two below */
	pthread_cond_t began;
	bool has_begun; /* the way is decided, and for the walk the processes are listed */
	int begin_error;
};

const char *owner_via_name(enum owner_via via)
{
	switch (via) {
	case OWNER_VIA_FD:
		return "fd";
	case OWNER_VIA_THREAD:
		return "thread";
	case OWNER_VIA_IO_URING:
		return "io_uring";
	}
	return NULL;
}

struct owners *owners_new(int proc_root, enum owners_method method)
{
	struct owners *o = mem_calloc(1, sizeof(*o));

	o->proc_root = proc_root;
	o->walk.proc_root = proc_root;
	o->method = method;
	o->may_hide = true;
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->began, NULL);
	return o;
}

/* Waits until what was started has decided how to go on.  0 or -errno. */
static int await_begin(struct owners *o)
{
	int err;

	pthread_mutex_lock(&o->lock);
	while (!o->has_begun)
		pthread_cond_wait(&o->began, &o->lock);
	err = o->begin_error;
	pthread_mutex_unlock(&o->lock);
	return err;
}

/* Gives up what was started. */
static void abandon(struct owners *o)
{
	if (!o->is_started)
		return;
	await_begin(o);
	walk_cancel(&o->walk);
	pthread_join(o->thread, NULL);
	o->is_started = false;
}

void owners_free(struct owners *o)
{
	if (!o)
		return;
	abandon(o);
	pthread_cond_destroy(&o->began);
	pthread_mutex_destroy(&o->lock);
	owners_bpf_free(o->bpf);
	buf_fini(&o->stream);
	walk_fini(&o->walk);
	holdings_fini(&o->found);
	map_fini(&o->slot_of);
	free(o->slots);
	free(o->list);
	buf_fini(&o->cmdlines);
	free(o);
}

/* Reads all with BPF.  0 or -errno: then the walk has to do. */
static int read_bpf(struct owners *o)
{
	if (!o->bpf && !o->bpf_error) {
		/* The program counts processes as its caller's pid namespace does. */
		bool is_ours = o->proc_root < 0 || proc_is_own_namespace(o->proc_root);

		o->bpf_error = is_ours ? owners_bpf_load(&o->bpf) : -EOPNOTSUPP;
	}
	if (o->bpf_error)
		return o->bpf_error;
	buf_clear(&o->stream);
	return owners_bpf_read(o->bpf, &o->stream);
}

/* Decides for a way and begins it.  BPF is done when it returns, the walk is to be done. */
static int begin(struct owners *o)
{
	int err = -EOPNOTSUPP;

	if (o->method != OWNERS_PROC)
		err = read_bpf(o);
	o->is_bpf = !err;
	if (!err || o->method == OWNERS_BPF)
		return err;
	err = walk_list(&o->walk);
	if (!err)
		walk_open(&o->walk, WALK_PROCESSES, o->walk.n, NULL);
	return err;
}

static void *run(void *data)
{
	struct owners *o = data;
	int err = begin(o);

	pthread_mutex_lock(&o->lock);
	o->begin_error = err;
	o->has_begun = true;
	pthread_cond_signal(&o->began);
	pthread_mutex_unlock(&o->lock);
	if (!err && !o->is_bpf)
		walk_work(&o->walk);
	return NULL;
}

void owners_start(struct owners *o)
{
	if (o->is_started || o->method == OWNERS_NONE)
		return;
	o->has_begun = false;
	o->is_started = !thread_start(&o->thread, run, o);
}

/* Counts each inode's owners, a process once however many descriptors it has. */
static void count_owners(struct owners *o, size_t first)
{
	for (size_t i = first; i < o->found.n; i++) {
		const struct holding *holding = &o->found.list[i];
		struct slot *slot = &o->slots[holding->slot];

		o->n_owned += !slot->n;
		slot->n += slot->last != holding->holder;
		slot->last = holding->holder;
	}
}

/* Puts the owners in their places, and the lowest descriptor beside each. */
static void place_owners(struct owners *o)
{
	uint32_t start = 0;

	for (size_t i = 0; i < o->slot_of.n; i++) {
		o->slots[i].start = start;
		start += o->slots[i].n;
		o->slots[i].n = 0;
	}
	if (start > o->list_cap) {
		o->list = mem_resize(o->list, start, sizeof(*o->list));
		o->list_cap = start;
	}
	for (size_t i = 0; i < o->found.n; i++) {
		const struct holding *holding = &o->found.list[i];
		struct slot *slot = &o->slots[holding->slot];
		struct owner *last = slot->n ? &o->list[slot->start + slot->n - 1] : NULL;

		if (last && last->process == holding->holder) {
			if (holding->fd < last->fd)
				last->fd = holding->fd;
			continue;
		}
		o->list[slot->start + slot->n++] = (struct owner){
			.process = holding->holder,
			.fd = holding->fd,
			.via = holding->via,
		};
	}
}

/* Names and command lines stand where they stay only now that nothing is added any more. */
static void finish_processes(struct owners *o, bool with_cmdline)
{
	buf_clear(&o->cmdlines);
	for (size_t i = 0; i < o->found.n_holders; i++) {
		struct holder *holder = &o->found.holders[i];
		size_t start = o->cmdlines.len;

		holder->process.name = holder->name;
		if (with_cmdline)
			proc_process_cmdline(o->proc_root, &holder->process, CMDLINE_MAX_BYTES,
					     &o->cmdlines);
		holder->process.cmdline_len = (uint32_t)(o->cmdlines.len - start);
	}
	for (size_t i = 0, start = 0; i < o->found.n_holders; i++) {
		struct process *process = &o->found.holders[i].process;

		process->cmdline = process->cmdline_len ? o->cmdlines.data + start : NULL;
		start += process->cmdline_len;
	}
}

/* The inodes that have no owner yet, into missing.  False where there are none. */
static bool find_missing(const struct owners *o, struct map *missing)
{
	map_clear(missing);
	if (o->n_owned == o->slot_of.n)
		return false;
	for (size_t i = 0; i < o->slot_of.cap; i++) {
		const struct map_slot *slot = &o->slot_of.slots[i];

		if (slot->value != MAP_NONE && !o->slots[slot->value].n)
			map_add(missing, slot->key, slot->value, NULL);
	}
	return missing->n;
}

static void collect_bpf(struct owners *o, enum holdings_of tables, enum owner_via via,
			const struct map *wanted)
{
	size_t first = o->found.n;

	if (o->stream.len)
		holdings_read(&o->found, o->stream.data, o->stream.len, tables, via, wanted);
	/* A thread's number says nothing of its process's. */
	if (tables == HOLDINGS_OF_THREADS)
		holdings_sort(&o->found, first);
	count_owners(o, first);
}

static void collect_walk(struct owners *o, const struct map *wanted)
{
	size_t first = o->found.n;

	walk_collect(&o->walk, wanted, &o->found);
	count_owners(o, first);
}

/* Walks over those whom /proc lists and the kernel did not show, should there be any. */
static int walk_unseen(struct owners *o, const struct map *missing)
{
	struct task_file_task task;
	size_t pos = 0;
	int err;

	if (o->proc_root < 0)
		return 0;
	err = walk_list(&o->walk);
	if (err)
		return err;
	while (holdings_next_task(o->stream.data, o->stream.len, &pos, &task))
		walk_skip(&o->walk, task.pid);
	walk_open(&o->walk, WALK_PROCESSES, o->walk.n, missing);
	walk_finish(&o->walk);
	collect_walk(o, missing);
	return 0;
}

static int find_by_bpf(struct owners *o, struct map *missing, bool is_early)
{
	int err = 0;

	o->walk.n = 0;
	collect_bpf(o, HOLDINGS_OF_PROCESSES, OWNER_VIA_FD, &o->slot_of);
	/* What was opened since it was read. */
	if (is_early && find_missing(o, missing) && !read_bpf(o))
		collect_bpf(o, HOLDINGS_OF_PROCESSES, OWNER_VIA_FD, missing);
	if (find_missing(o, missing))
		err = walk_unseen(o, missing);
	if (find_missing(o, missing))
		collect_bpf(o, HOLDINGS_OF_THREADS, OWNER_VIA_THREAD, missing);
	return err;
}

static void find_by_walk(struct owners *o, struct map *missing)
{
	size_t early = walk_want(&o->walk, &o->slot_of);

	walk_finish(&o->walk);
	if (o->is_started)
		pthread_join(o->thread, NULL);
	else
		early = 0;
	collect_walk(o, &o->slot_of);
	/* What those opened since who were read before the caller knew its sockets. */
	if (early && find_missing(o, missing)) {
		walk_open(&o->walk, WALK_PROCESSES, early, missing);
		walk_finish(&o->walk);
		collect_walk(o, missing);
	}
	if (!find_missing(o, missing))
		return;
	o->walk.is_own_namespace = proc_is_own_namespace(o->proc_root);
	walk_open(&o->walk, WALK_THREADS, o->walk.n, missing);
	walk_finish(&o->walk);
	collect_walk(o, missing);
}

/* Finds the owners of what slot_of names.  0 or -errno. */
static int find_owners(struct owners *o)
{
	bool was_started = o->is_started;
	struct map missing = { 0 };
	int err = was_started ? await_begin(o) : begin(o);

	if (!err && !o->is_bpf)
		find_by_walk(o, &missing);
	else if (was_started)
		pthread_join(o->thread, NULL);
	o->is_started = false;
	if (err)
		return err;
	if (o->is_bpf)
		err = find_by_bpf(o, &missing, was_started);
	if (o->found.n_rings && find_missing(o, &missing)) {
		size_t first = o->found.n;

		walk_rings(&o->walk, &missing, &o->found);
		count_owners(o, first);
	}
	o->denied = walk_denied(&o->walk);
	o->failure = walk_failure(&o->walk);
	/* Only where one has no owner does it matter whether all could be seen. */
	o->may_hide =
		find_missing(o, &missing) && (o->proc_root < 0 || proc_may_hide(o->proc_root));
	map_fini(&missing);
	return err;
}

int owners_scan(struct owners *o, struct map *inodes, bool with_cmdline)
{
	struct map before = o->slot_of;
	int err = 0;

	o->slot_of = *inodes;
	map_clear(&before);
	*inodes = before;
	holdings_clear(&o->found);
	if (o->slot_of.n > o->slots_cap) {
		o->slots = mem_resize(o->slots, o->slot_of.n, sizeof(*o->slots));
		o->slots_cap = o->slot_of.n;
	}
	for (size_t i = 0; i < o->slot_of.n; i++)
		o->slots[i] = (struct slot){ .last = UINT32_MAX };
	o->n_owned = 0;
	o->denied = 0;
	o->failure = 0;
	o->may_hide = o->method == OWNERS_NONE;
	if (o->slot_of.n && o->method != OWNERS_NONE)
		err = find_owners(o);
	else
		abandon(o);
	if (err)
		o->may_hide = true;
	place_owners(o);
	finish_processes(o, with_cmdline);
	return err;
}

struct owner_span owners_of(const struct owners *o, uint32_t number)
{
	if (number >= o->slot_of.n)
		return (struct owner_span){ 0 };
	return (struct owner_span){ o->list + o->slots[number].start, o->slots[number].n };
}

const struct process *owners_process(const struct owners *o, uint32_t index)
{
	return &o->found.holders[index].process;
}

size_t owners_denied(const struct owners *o)
{
	return o->denied;
}

int owners_failure(const struct owners *o)
{
	return o->failure;
}

bool owners_is_complete(const struct owners *o)
{
	return !o->denied && !o->may_hide;
}

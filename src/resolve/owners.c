/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes hold which sockets: what the ways of finding them gave, ordered by socket. */
#include <config.h>

#include "resolve/owners.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "resolve/holdings.h"
#include "resolve/owners_walk.h"
#include "resolve/proc_dir.h"
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
	struct holdings found;
	struct map by_inode; /* to an index in slots */
	struct slot *slots;
	size_t slots_n;
	size_t slots_cap;
	struct owner *list;
	size_t list_cap;
	struct buf cmdlines;
	char *room;    /* PROC_DIR_ROOM bytes */
	bool may_hide; /* there may be holders that were not seen; also before a scan */
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
	o->method = method;
	o->may_hide = true;
	return o;
}

void owners_free(struct owners *o)
{
	if (!o)
		return;
	holdings_fini(&o->found);
	map_fini(&o->by_inode);
	free(o->slots);
	free(o->list);
	buf_fini(&o->cmdlines);
	free(o->room);
	free(o);
}

/* Counts each inode's owners, a process once however many descriptors it has. */
static void count_owners(struct owners *o, size_t first)
{
	for (size_t i = first; i < o->found.n_holdings; i++) {
		const struct holding *holding = &o->found.holdings[i];
		bool is_new;
		uint32_t index =
			*map_add(&o->by_inode, holding->inode, (uint32_t)o->slots_n, &is_new);

		if (is_new) {
			o->slots = mem_grow(o->slots, o->slots_n, &o->slots_cap, sizeof(*o->slots));
			o->slots[o->slots_n++] = (struct slot){ .last = UINT32_MAX };
		}
		if (o->slots[index].last != holding->holder)
			o->slots[index].n++;
		o->slots[index].last = holding->holder;
	}
}

/* Puts the owners in their places, and the lowest descriptor beside each. */
static void place_owners(struct owners *o)
{
	uint32_t start = 0;

	for (size_t i = 0; i < o->slots_n; i++) {
		o->slots[i].start = start;
		start += o->slots[i].n;
		o->slots[i].n = 0;
	}
	if (start > o->list_cap) {
		o->list = mem_resize(o->list, start, sizeof(*o->list));
		o->list_cap = start;
	}
	for (size_t i = 0; i < o->found.n_holdings; i++) {
		const struct holding *holding = &o->found.holdings[i];
		struct slot *slot = &o->slots[map_get(&o->by_inode, holding->inode)];
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
	for (size_t i = 0; i < o->found.n; i++) {
		struct holder *holder = &o->found.list[i];
		size_t start = o->cmdlines.len;

		holder->process.name = holder->name;
		if (with_cmdline)
			proc_process_cmdline(o->proc_root, holder, CMDLINE_MAX_BYTES, &o->cmdlines);
		holder->process.cmdline_len = (uint32_t)(o->cmdlines.len - start);
	}
	for (size_t i = 0, start = 0; i < o->found.n; i++) {
		struct process *process = &o->found.list[i].process;

		process->cmdline = process->cmdline_len ? o->cmdlines.data + start : NULL;
		start += process->cmdline_len;
	}
}

/* The wanted inodes that have no owner yet, into missing.  Returns how many. */
static size_t find_missing(const struct owners *o, const struct map *wanted, struct map *missing)
{
	map_clear(missing);
	if (wanted->n == o->by_inode.n)
		return 0;
	for (size_t i = 0; i < wanted->cap; i++) {
		const struct map_slot *slot = &wanted->slots[i];

		if (slot->value != MAP_NONE && map_get(&o->by_inode, slot->key) == MAP_NONE)
			map_add(missing, slot->key, 0, NULL);
	}
	return missing->n;
}

/* Looks in the less common places for what no process's own table holds. */
static void scan_rest(struct owners *o, struct walk *w, const struct map *wanted)
{
	void (*const places[])(struct walk *) = { walk_threads, walk_rings };
	struct map missing = { 0 };

	w->wanted = &missing;
	w->is_own_namespace = proc_is_own_namespace(o->proc_root);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		size_t first = o->found.n_holdings;

		if (!find_missing(o, wanted, &missing))
			break;
		places[i](w);
		count_owners(o, first);
	}
	/* Only where one has no owner does it matter whether all could be seen. */
	o->may_hide = find_missing(o, wanted, &missing) && proc_may_hide(o->proc_root);
	map_fini(&missing);
}

static int scan_proc(struct owners *o, const struct map *wanted)
{
	struct walk w = {
		.proc_root = o->proc_root,
		.wanted = wanted,
		.out = &o->found,
	};
	int err;

	if (!o->room)
		o->room = mem_alloc(PROC_DIR_ROOM);
	w.room = o->room;
	err = walk_processes(&w);
	if (err)
		return err;
	count_owners(o, 0);
	o->may_hide = false;
	if (wanted->n > o->by_inode.n)
		scan_rest(o, &w, wanted);
	return 0;
}

int owners_scan(struct owners *o, const struct map *inodes, bool with_cmdline)
{
	int err = 0;

	holdings_clear(&o->found);
	map_clear(&o->by_inode);
	o->slots_n = 0;
	o->may_hide = true;
	switch (o->method) {
	case OWNERS_NONE:
		break;
	case OWNERS_BPF:
		err = -EOPNOTSUPP;
		break;
	case OWNERS_AUTO:
	case OWNERS_PROC:
		if (inodes->n)
			err = scan_proc(o, inodes);
		else
			o->may_hide = false;
		break;
	}
	place_owners(o);
	finish_processes(o, with_cmdline);
	return err;
}

struct owner_span owners_of(const struct owners *o, uint32_t inode)
{
	uint32_t index = map_get(&o->by_inode, inode);

	if (index == MAP_NONE)
		return (struct owner_span){ 0 };
	return (struct owner_span){ o->list + o->slots[index].start, o->slots[index].n };
}

const struct process *owners_process(const struct owners *o, uint32_t index)
{
	return &o->found.list[index].process;
}

size_t owners_denied(const struct owners *o)
{
	return o->found.denied;
}

bool owners_is_complete(const struct owners *o)
{
	return !o->found.denied && !o->may_hide;
}

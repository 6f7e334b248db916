/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills a snapshot that is told: a host, then its sockets, each by the values of its columns. */
#include <config.h>

#include "query/telling.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/mem.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"

void telling_init(struct telling *t, struct snapshot *snap)
{
	*t = (struct telling){ .snap = snap };
	/* Without random bytes a document could make this slow, but no more than that. */
	if (getrandom(&t->seed, sizeof(t->seed), GRND_NONBLOCK) < 0)
		t->seed = (uintptr_t)t;
	snap->told = mem_calloc(1, sizeof(*snap->told));
	buf_fill(&snap->told->texts, 0, TOLD_TEXTS_START);
}

void telling_begin(struct telling *t, uint32_t host)
{
	struct telling_block *blocks = t->blocks;

	t->sk = (struct sock){ .state = SOCK_STATE_CLOSE };
	t->row = (struct told_row){
		.cells = (uint32_t)t->snap->told->n_cells,
		.owners = (uint32_t)t->snap->told->n_owners,
	};
	t->owner_at = 0;
	t->host = host;
	t->netns = t->netns_name = 0;
	t->is_unlistable = t->has_port = t->has_recv_q = t->has_send_q = false;
	for (size_t i = 0; i < SOCK_EXTRA_COUNT; i++)
		blocks[i].len = 0;
}

static uint32_t add_text(struct telling *t, const char *bytes, size_t len)
{
	struct told *told = t->snap->told;
	uint64_t hash = map_hash(t->seed ^ len, bytes, len);
	uint32_t size = (uint32_t)len, other, place;
	bool is_new;

	if (told->texts.len + len + sizeof(size) + 1 > UINT32_MAX)
		return 0;
	place = *map_add(&told->by_hash, hash, (uint32_t)told->texts.len, &is_new);
	if (!is_new) {
		memcpy(&other, told->texts.data + place, sizeof(other));
		if (other == size && !memcmp(told->texts.data + place + sizeof(size), bytes, len))
			return place;
		place = (uint32_t)told->texts.len;
	}
	buf_add(&told->texts, (const char *)&size, sizeof(size));
	buf_add(&told->texts, bytes, len);
	buf_char(&told->texts, '\0');
	return place;
}

uint32_t telling_text(struct telling *t, const char *bytes, size_t len)
{
	uint32_t place = t->same ? *t->same : 0;

	if (!place)
		place = add_text(t, bytes, len);
	if (t->same)
		*t->same = place;
	return place;
}

void telling_cell(struct telling *t, enum told_key key, size_t i, enum value_kind kind,
		  uint32_t value)
{
	struct told *told = t->snap->told;

	told->cells = mem_grow(told->cells, told->n_cells, &told->cells_cap, sizeof(*told->cells));
	told->cells[told->n_cells++] = (struct told_cell){
		.key = (uint8_t)key,
		.kind = (uint8_t)kind,
		.element = (uint16_t)i,
		.value = value,
	};
}

static void put_number(char *at, size_t size, uint64_t number)
{
	uint8_t u8 = (uint8_t)number;
	uint16_t u16 = (uint16_t)number;
	uint32_t u32 = (uint32_t)number;

	switch (size) {
	case 1:
		memcpy(at, &u8, sizeof(u8));
		return;
	case 2:
		memcpy(at, &u16, sizeof(u16));
		return;
	case 4:
		memcpy(at, &u32, sizeof(u32));
		return;
	}
	memcpy(at, &number, sizeof(number));
}

void telling_put(struct telling *t, const struct column_field *field, uint64_t number)
{
	struct telling_block *block = &t->blocks[field->extra];
	size_t end = (size_t)field->offset + field->size;

	if (!block->len)
		*block = (struct telling_block){ 0 };
	put_number(block->bytes + field->offset, field->size, number);
	block->fields[field->offset / 64] |= 1ULL << field->offset % 64;
	if (block->len < end)
		block->len = end;
}

/* ---- owners ---- */

static bool is_same_process(const struct told *told, const struct told_process *a,
			    const struct told_process *b)
{
	size_t n = a->process.n_ancestors;

	if (n != b->process.n_ancestors ||
	    (n && memcmp(told->ancestors + a->ancestors, told->ancestors + b->ancestors,
			 n * sizeof(*told->ancestors)) != 0))
		return false;
	return a->name == b->name && a->cmdline == b->cmdline && a->cwd == b->cwd &&
	       a->exe == b->exe && a->user == b->user && a->process.uid == b->process.uid &&
	       a->process.parent == b->process.parent && a->process.started == b->process.started;
}

/* The index of the process among all; in one document it is usually told of again and again. */
static uint32_t add_process(struct telling *t)
{
	struct told *told = t->snap->told;
	uint64_t key = t->seed ^ ((uint64_t)t->host << 32 | (uint32_t)t->process.process.pid);
	bool is_new;
	uint32_t at = *map_add(&t->by_pid, key, (uint32_t)told->n_processes, &is_new);

	if (!is_new && is_same_process(told, &told->processes[at], &t->process)) {
		told->n_ancestors -= t->process.process.n_ancestors;
		return at;
	}
	told->processes = mem_grow(told->processes, told->n_processes, &told->processes_cap,
				   sizeof(*told->processes));
	told->processes[told->n_processes] = t->process;
	return (uint32_t)told->n_processes++;
}

void telling_end_owner(struct telling *t)
{
	const struct snapshot_host *host = &t->snap->hosts[t->host];
	const char *name = host->name ? host->name : "";
	struct told *told = t->snap->told;

	if (!t->owner_at)
		return;
	/* With the pid this identifies a process among those of all hosts and moments. */
	t->process.process.start_time =
		map_hash(t->process.process.started, name, strnlen(name, HOST_NAME_MAX));
	t->process.process.hides_links = !t->process.cwd && !t->process.exe && host->has_links;
	t->owner.process = add_process(t) & 0x3fffffff;
	told->owners =
		mem_grow(told->owners, told->n_owners, &told->owners_cap, sizeof(*told->owners));
	told->owners[told->n_owners++] = t->owner;
	t->owner_at = 0;
}

struct told_process *telling_owner(struct telling *t, size_t i)
{
	if (t->owner_at == i + 1)
		return &t->process;
	telling_end_owner(t);
	t->owner = (struct owner){ .fd = -1 };
	t->process = (struct told_process){ 0 };
	t->owner_at = i + 1;
	return &t->process;
}

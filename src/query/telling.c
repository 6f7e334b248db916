/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills a snapshot that is told: a host, then its sockets, each by the values of its columns. */
#include <config.h>

#include "query/telling.h"

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
	t->is_unlistable = t->has_recv_q = t->has_send_q = false;
	for (size_t i = 0; i < SOCK_EXTRA_COUNT; i++)
		blocks[i].len = 0;
}

uint32_t telling_text(struct telling *t, const char *bytes, size_t len)
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

void telling_cell(struct telling *t, const struct column *c, size_t i, enum value_kind kind,
		  uint32_t value)
{
	struct told *told = t->snap->told;

	told->cells = mem_grow(told->cells, told->n_cells, &told->cells_cap, sizeof(*told->cells));
	told->cells[told->n_cells++] = (struct told_cell){
		.column = (uint8_t)(c - columns),
		.kind = (uint8_t)kind,
		.element = (uint16_t)i,
		.value = value,
	};
}

void telling_set(struct telling *t, const struct column *c, size_t i, const struct value *value)
{
	if (value->kind == VALUE_NULL || !c->set)
		return;
	if (i > UINT16_MAX || !c->set(c, t, i, value))
		t->n_bad++;
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

static void add_owner(struct telling *t)
{
	const struct snapshot_host *host = &t->snap->hosts[t->host];
	const char *name = host->head.host ? host->head.host : "";
	struct told *told = t->snap->told;

	if (!t->owner_at)
		return;
	/* With the pid this identifies a process among those of all hosts and moments. */
	t->process.process.start_time = map_hash(t->process.process.started, name, strlen(name));
	t->process.process.hides_links = !t->process.cwd && !t->process.exe &&
					 snapshot_host_has(host, column_find("owners.exe", 10));
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
	add_owner(t);
	t->owner = (struct owner){ .fd = -1 };
	t->process = (struct told_process){ 0 };
	t->owner_at = i + 1;
	return &t->process;
}

/* ---- the socket ---- */

static bool is_netns(const struct snapshot_netns *ns, const struct telling *t, const char *name)
{
	if (ns->host != t->host || ns->inode != t->netns || !ns->name != !name)
		return false;
	return !name || !strcmp(ns->name, name);
}

/* Finds the namespace of the socket among those of the snapshot, or adds it.  False: too many. */
static bool find_netns(struct telling *t)
{
	struct snapshot *snap = t->snap;
	const char *name = t->netns_name ? snap->told->texts.data + t->netns_name + 4 : NULL;
	uint64_t key = t->seed ^ ((uint64_t)t->host << 48) ^ (t->netns << 24) ^ t->netns_name;
	bool is_new;
	uint32_t at = *map_add(&t->by_netns, key, (uint32_t)snap->n_namespaces, &is_new);

	if (!is_new && !is_netns(&snap->namespaces[at], t, name))
		return false;
	if (is_new) {
		if (snap->n_namespaces > UINT16_MAX)
			return false;
		snap->namespaces = mem_resize(snap->namespaces, snap->n_namespaces + 1,
					      sizeof(*snap->namespaces));
		snap->namespaces[snap->n_namespaces++] = (struct snapshot_netns){
			.host = t->host,
			.inode = t->netns,
			.name = name ? mem_strdup(name) : NULL,
		};
	}
	t->sk.netns = (uint16_t)at;
	return true;
}

/* A number in the middle of a block that was not told reads as unknown. */
static void mark_holes(struct telling *t, unsigned int extra)
{
	const struct telling_block *block = &t->blocks[extra];

	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];

		if (c->set == set_field && c->field.extra == extra && !c->field.unset &&
		    (size_t)c->field.offset + c->field.size <= block->len &&
		    !(block->fields >> i % 64 & 1))
			telling_cell(t, c, 0, VALUE_NULL, 0);
	}
}

static void attach_blocks(struct telling *t)
{
	for (unsigned int i = 0; i < SOCK_EXTRA_COUNT; i++) {
		const struct telling_block *block = &t->blocks[i];

		if (!block->len)
			continue;
		sock_table_attach(&t->snap->table, (enum sock_extra)i, block->bytes, block->len);
		if (i != SOCK_EXTRA_CONGESTION)
			mark_holes(t, i);
	}
}

/* What follows from the absence of values: which source, and which facts it had. */
static void finish_facts(struct telling *t)
{
	const struct snapshot_host *host = &t->snap->hosts[t->host];
	struct sock *sk = &t->sk;
	bool has_cookies = snapshot_host_has(host, column_find("cookie", 6));

	/* The kernel reports a cookie of every socket; only /proc/net lacks them. */
	if (has_cookies && !sock_has(sk, SOCK_HAS_COOKIE) && !sock_is_forward(sk))
		sk->known |= SOCK_FROM_PROCFS;
	else
		sk->known |= SOCK_HAS_IFACE;
	if (snapshot_host_has(host, column_find("timer.kind", 10)))
		sk->known |= SOCK_HAS_TIMER;
	if (t->has_recv_q && (t->has_send_q || sock_has(sk, SOCK_FROM_PROCFS)))
		sk->known |= SOCK_HAS_QUEUES;
	if (t->row.note == NOTE_NOT_ACCEPTED)
		sk->known |= SOCK_NOT_ACCEPTED;
}

void telling_end(struct telling *t)
{
	struct snapshot *snap = t->snap;
	struct told *told = snap->told;
	size_t at = snap->table.n;

	add_owner(t);
	if (t->is_unlistable || !find_netns(t)) {
		told->n_cells = t->row.cells;
		told->n_owners = t->row.owners;
		t->n_unlistable++;
		return;
	}
	if (!t->row.note && told->n_owners == t->row.owners && !sock_is_forward(&t->sk))
		t->row.note = NOTE_NOT_ASKED;
	finish_facts(t);
	sock_table_append(&snap->table, &t->sk);
	attach_blocks(t);
	told->rows = mem_grow(told->rows, at + 1, &told->rows_cap, sizeof(*told->rows));
	told->rows[at] = t->row;
}

void telling_fini(struct telling *t)
{
	struct told *told = t->snap->told;
	size_t n = t->snap->table.n;

	told->rows = mem_resize(told->rows, n + 1, sizeof(*told->rows));
	told->rows_cap = n + 1;
	told->rows[n] = (struct told_row){
		.cells = (uint32_t)told->n_cells,
		.owners = (uint32_t)told->n_owners,
	};
	map_fini(&t->by_pid);
	map_fini(&t->by_netns);
	map_fini(&told->by_hash);
}

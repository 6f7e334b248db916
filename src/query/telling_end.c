/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets the values of a socket that is told, and adds it to its snapshot. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/telling.h"

void telling_set(struct telling *t, const struct column *c, size_t i, const struct value *value)
{
	if (value->kind == VALUE_NULL || !c->set)
		return;
	if (i > UINT16_MAX || !c->set(c, t, i, value))
		t->n_bad++;
}

void telling_set_again(struct telling *t, const struct column *c, size_t i,
		       const struct value *value, uint32_t *place)
{
	t->same = place;
	telling_set(t, c, i, value);
	t->same = NULL;
}

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

		if (c->set != set_field || c->field.extra != extra ||
		    (size_t)c->field.offset + c->field.size > block->len ||
		    (block->fields[c->field.offset / 64] >> c->field.offset % 64 & 1))
			continue;
		if (c->field.unset)
			telling_put(t, &c->field, c->field.unset);
		else
			telling_cell(t, TOLD_HOLE, i, VALUE_NULL, 0);
	}
}

static void attach_blocks(struct telling *t)
{
	for (unsigned int i = 0; i < SOCK_EXTRA_COUNT; i++) {
		const struct telling_block *block = &t->blocks[i];

		if (!block->len)
			continue;
		if (i != SOCK_EXTRA_CONGESTION)
			mark_holes(t, i);
		sock_table_attach(&t->snap->table, (enum sock_extra)i, block->bytes, block->len);
	}
}

/* What follows from the absence of values: which source, and which facts it had. */
static void finish_facts(struct telling *t)
{
	const struct snapshot_host *host = &t->snap->hosts[t->host];
	struct sock *sk = &t->sk;

	/* The kernel reports a cookie of every socket; only /proc/net lacks them. */
	if (host->has_cookies && !sock_has(sk, SOCK_HAS_COOKIE) && !sock_is_forward(sk))
		sk->known |= SOCK_FROM_PROCFS;
	else
		sk->known |= SOCK_HAS_IFACE;
	/* What has no port is raw, where the document does not have the protocol. */
	if (!host->has_protos && host->has_ports && !t->has_port)
		sk->proto = PROTO_RAW;
	if (host->has_timers)
		sk->known |= SOCK_HAS_TIMER;
	if (t->has_recv_q && (t->has_send_q || sock_has(sk, SOCK_FROM_PROCFS)))
		sk->known |= SOCK_HAS_QUEUES;
	if (t->row.note == NOTE_NOT_ACCEPTED)
		sk->known |= SOCK_NOT_ACCEPTED;
}

/* A rule for one address and port says these, for several the range. */
static void finish_forward(struct telling *t)
{
	const struct told *told = t->snap->told;
	uint32_t len;

	if (!sock_is_forward(&t->sk))
		return;
	t->sk.remote = t->sk.local;
	for (size_t i = t->row.cells; i < told->n_cells; i++) {
		const struct told_cell *cell = &told->cells[i];
		const char *text;

		if (cell->key != TOLD_LEAD_FROM || cell->element)
			continue;
		text = told_bytes(told, cell->value, &len);
		if (!telling_parse_range(text, len, &t->sk))
			t->n_bad++;
	}
}

void telling_end(struct telling *t)
{
	struct snapshot *snap = t->snap;
	struct told *told = snap->told;
	size_t at = snap->table.n;

	telling_end_owner(t);
	if (t->is_unlistable || !find_netns(t)) {
		told->n_cells = t->row.cells;
		told->n_owners = t->row.owners;
		t->n_unlistable++;
		return;
	}
	if (!t->row.note && told->n_owners == t->row.owners && !sock_is_forward(&t->sk))
		t->row.note = NOTE_NOT_ASKED;
	finish_forward(t);
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

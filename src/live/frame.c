/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame: the snapshot of one refresh with its history: changed rows, rates, closed rows. */
#include <config.h>

#include "live/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/snapshot_host.h"

#include "base/map.h"

void frame_fini(struct frame *f)
{
	snapshot_fini(&f->snap);
	free(f->ids);
	free(f->history);
	free(f->ghosts);
	free(f->known_owners);
	free(f->traces);
	free(f->packets);
	free(f->spent.list);
	map_fini(&f->spent.by_group);
	buf_fini(&f->ghost_text);
	free(f->opened);
	free(f->renamed);
	*f = (struct frame){ 0 };
}

bool frame_is_like(const struct frame *f, const struct frame *other)
{
	return f->scope.is_partial == other->scope.is_partial &&
	       f->scope.has_all_netns == other->scope.has_all_netns &&
	       (!f->scope.is_partial || f->scope.version == other->scope.version);
}

uint64_t frame_away_ms(const struct frame *f, const struct row *row)
{
	const struct snapshot_host *host = snapshot_host_of(&f->snap, row->sk);

	return host ? host->away_ms : 0;
}

/* Which hosts the frame before did not have; *is_any: one of them.  To be freed. */
static bool *find_new_hosts(const struct frame *f, const struct frame *before, bool *is_any)
{
	const struct snapshot *snap = &f->snap, *old = &before->snap;
	bool *are_new = mem_calloc(snap->n_hosts + 1, sizeof(*are_new));

	*is_any = false;
	for (size_t i = 0; i < snap->n_hosts; i++) {
		are_new[i] = true;
		for (size_t j = 0; j < old->n_hosts && snap->hosts[i].name; j++)
			if (old->hosts[j].name && !strcmp(snap->hosts[i].name, old->hosts[j].name))
				are_new[i] = false;
		*is_any |= are_new[i];
	}
	return are_new;
}

void frame_forget_new_hosts(struct frame *f, const struct frame *before)
{
	bool is_any, *are_new = find_new_hosts(f, before, &is_any);

	for (size_t i = 0; is_any && i < f->snap.n_rows; i++) {
		const struct sock *sk = f->snap.rows[i].sk;
		struct row_history *history = &f->history[sk - f->snap.table.socks];
		const struct snapshot_host *host = snapshot_host_of(&f->snap, sk);

		if (!host || !are_new[host - f->snap.hosts] || history->change != CHANGE_NEW)
			continue;
		history->change = CHANGE_NONE;
		history->was_there = true;
	}
	free(are_new);
}

void frame_look_for_netns(struct frame *f)
{
	const struct snapshot *snap = &f->snap;
	uint16_t *seen = mem_calloc(snap->n_hosts + 1, sizeof(*seen)); /* of each host, plus 1 */

	f->has_several_netns = false;
	for (size_t i = 0; i < snap->n_rows && snap->n_namespaces > 1; i++) {
		uint16_t netns = snap->rows[i].sk->netns;
		uint32_t host = netns < snap->n_namespaces ? snap->namespaces[netns].host : 0;

		if (seen[host] && seen[host] != (uint16_t)(netns + 1))
			f->has_several_netns = true;
		seen[host] = (uint16_t)(netns + 1);
	}
	free(seen);
}

uint64_t frame_hash(uint64_t seed, const void *data, size_t n)
{
	uint64_t hash = map_hash(seed, data, n);

	return hash ? hash : 1;
}

/* Hashes IPv4 and v4-mapped addresses alike: the two ends of a connection can use either form. */
static uint64_t hash_endpoint(uint64_t seed, const struct sock *sk, const struct endpoint *e)
{
	struct addr addr;
	uint64_t hash;

	addr_unmap((enum addr_family)sk->family, &e->addr, &addr);
	hash = frame_hash(seed, &addr, sizeof(addr));
	return frame_hash(hash, &e->port, sizeof(e->port));
}

uint64_t frame_hash_ends(const struct sock *sk, const struct endpoint *a, const struct endpoint *b)
{
	uint64_t hash = frame_hash(sk->netns, &sk->proto, sizeof(sk->proto));

	return hash_endpoint(hash_endpoint(hash, sk, a), sk, b);
}

uint64_t frame_sock_id(const struct sock *sk)
{
	uint32_t inode = sock_has(sk, SOCK_HAS_INODE) ? sk->inode : 0;

	if (sock_has(sk, SOCK_HAS_COOKIE) && sk->cookie)
		return sk->cookie;
	/* The kernel counts cookies from 1: the highest bit distinguishes a hash from a cookie. */
	return frame_hash(frame_hash_ends(sk, &sk->local, &sk->remote), &inode, sizeof(inode)) |
	       1ULL << 63;
}

bool frame_has(const struct frame *f, uint64_t id)
{
	for (size_t i = 0; i < f->snap.table.n; i++)
		if (f->ids[i] == id)
			return true;
	return false;
}

const struct ghost *frame_ghost(const struct frame *f, const struct row *row)
{
	uintptr_t at = (uintptr_t)row->sk, first = (uintptr_t)f->ghosts;

	if (!f->n_ghosts || at < first || at >= (uintptr_t)(f->ghosts + f->n_ghosts))
		return NULL;
	return &f->ghosts[(at - first) / sizeof(*f->ghosts)];
}

uint64_t frame_id(const struct frame *f, const struct row *row)
{
	const struct ghost *ghost = frame_ghost(f, row);

	return ghost ? ghost->id : f->ids[row->sk - f->snap.table.socks];
}

const struct row_history *frame_history(const struct frame *f, const struct row *row)
{
	const struct ghost *ghost = frame_ghost(f, row);

	return ghost ? &ghost->history : &f->history[row->sk - f->snap.table.socks];
}

bool frame_is_finishing(const struct sock *sk)
{
	switch ((enum sock_state)sk->state) {
	case SOCK_STATE_TIME_WAIT:
	case SOCK_STATE_FIN_WAIT_1:
	case SOCK_STATE_FIN_WAIT_2:
	case SOCK_STATE_CLOSING:
	case SOCK_STATE_LAST_ACK:
		return true;
	case SOCK_STATE_ESTABLISHED:
	case SOCK_STATE_SYN_SENT:
	case SOCK_STATE_SYN_RECV:
	case SOCK_STATE_CLOSE:
	case SOCK_STATE_CLOSE_WAIT:
	case SOCK_STATE_LISTEN:
	case SOCK_STATE_BOUND:
	case SOCK_STATE_FORWARD:
		break;
	}
	return false;
}

const struct known_owner *frame_last_owner(const struct frame *f, const struct row *row)
{
	const struct ghost *ghost = frame_ghost(f, row);
	uint32_t at;

	if (ghost)
		return &ghost->owner;
	if (!frame_is_finishing(row->sk))
		return NULL;
	at = frame_history(f, row)->known_owner;
	return at != MAP_NONE ? &f->known_owners[at] : NULL;
}

const char *frame_owner_text(const struct frame *f, const struct known_owner *owner, size_t *len)
{
	*len = owner->process_len;
	return f->ghost_text.data + owner->process_at;
}

static struct process process_of(const struct frame *f, const struct known_owner *owner)
{
	const char *text = f->ghost_text.data;

	return (struct process){
		.pid = owner->pid,
		.start_time = owner->start_time,
		.uid = owner->uid,
		.name = text + owner->process_at,
		.name_len = owner->name_len,
		.cgroup = owner->cgroup_len ? text + owner->cgroup_at : NULL,
		.cgroup_len = owner->cgroup_len,
	};
}

/* As if the owner that was seen still held it. */
static enum filter_result match_past(const struct frame *f, const struct filter *filter,
				     struct snapshot *snap, const struct row *row,
				     const struct known_owner *owner)
{
	struct sock sk = *row->sk;
	struct row before = *row;
	struct past_owner past;
	struct process process;
	enum filter_result result;

	/*
	 * The names of cgroups are those of this refresh: only the owner's is remembered.  What was told of a
	 * socket is found by its place.
	 */
	sk.known &= (uint16_t)~SOCK_HAS_CGROUP;
	if (!snap->told)
		before.sk = &sk;
	if (owner->pid) {
		process = process_of(f, owner);
		past_owner_set(&past, &process);
		snap->past = &past;
		before.held = ROW_HELD_BEFORE;
		before.owner_note = NOTE_NONE;
	}
	result = filter_match(filter, snap, &before);
	snap->past = NULL;
	return result;
}

enum filter_result frame_filter_match(const struct frame *f, const struct filter *filter,
				      struct snapshot *snap, const struct row *row)
{
	const struct known_owner *owner = filter ? frame_last_owner(f, row) : NULL;

	return owner ? match_past(f, filter, snap, row, owner) : filter_match(filter, snap, row);
}

void frame_add_rates(const struct frame *f, const struct row *row, struct rates *rates)
{
	const struct row_history *history = frame_history(f, row);

	rates_add(rates, history->trace == MAP_NONE ? NULL : &f->traces[history->trace],
		  history->n_rates);
}

static void date_change(struct row_history *history, uint64_t refresh_ms, uint64_t now_ms)
{
	if (history->change && history->changed_ms == refresh_ms)
		history->changed_ms = now_ms;
}

void frame_date_changes(struct frame *f, uint64_t now_ms)
{
	if (f->changed_ms != f->clock_ms)
		return;
	f->changed_ms = now_ms;
	for (size_t i = 0; i < f->snap.table.n; i++)
		date_change(&f->history[i], f->clock_ms, now_ms);
	for (size_t i = 0; i < f->n_ghosts; i++)
		date_change(&f->ghosts[i].history, f->clock_ms, now_ms);
}

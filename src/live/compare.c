/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changed from one look to the next: marks, rates, rows that closed. */
#include <config.h>

#include "live/compare.h"

#include "base/mem.h"
#include "live/frame.h"
#include "live/last_owner.h"
#include "query/columns.h"

static const struct column *column_of(const char *key)
{
	return column_find(key, strlen(key));
}

/* The columns that count what came and went. */
struct traffic_columns {
	const struct column *received;
	const struct column *sent;
	const struct column *acked;
};

static uint64_t number_of(const struct column *c, const struct snapshot *snap,
			  const struct row *row)
{
	struct value value;

	column_value(c, snap, row, 0, &value);
	return value.kind == VALUE_NUMBER ? value.number : RATE_UNKNOWN;
}

static void read_traffic(struct row_note *note, const struct snapshot *snap,
			 const struct traffic_columns *traffic)
{
	note->rx_bytes = note->tx_bytes = note->rx = note->tx = RATE_UNKNOWN;
	if (!(snap->resolved & NEED_TCP_INFO) || !note->row.sk->extra)
		return;
	note->rx_bytes = number_of(traffic->received, snap, &note->row);
	note->tx_bytes = number_of(traffic->sent, snap, &note->row);
	if (note->tx_bytes == RATE_UNKNOWN) /* before Linux 4.19 */
		note->tx_bytes = number_of(traffic->acked, snap, &note->row);
}

static uint64_t rate(uint64_t now, uint64_t before, uint64_t elapsed_ms)
{
	if (now == RATE_UNKNOWN || before == RATE_UNKNOWN || now < before || !elapsed_ms)
		return RATE_UNKNOWN;
	return (now - before) / elapsed_ms * 1000 + (now - before) % elapsed_ms * 1000 / elapsed_ms;
}

/* The row is the same socket as the one that has this note in the frame before. */
static void carry_on(struct frame *f, struct row_note *note, const struct frame *frame_before,
		     const struct row_note *before)
{
	uint64_t elapsed_ms = f->clock_ms - frame_before->clock_ms;

	note->first_ms = before->first_ms;
	note->rx = rate(note->rx_bytes, before->rx_bytes, elapsed_ms);
	note->tx = rate(note->tx_bytes, before->tx_bytes, elapsed_ms);
	last_owner_keep(f, note, frame_before, before);
	if (before->mark == MARK_CLOSED)
		return;
	if (note->row.sk->state != before->row.sk->state) {
		note->mark = MARK_CHANGED;
		note->marked_ms = f->clock_ms;
	} else if (before->mark && f->clock_ms - before->marked_ms < FRAME_LINGER_MS) {
		note->mark = before->mark;
		note->marked_ms = before->marked_ms;
	}
}

/* Ghosts that come back were never gone: a dump beside churn can skip a socket that stays. */
static const struct ghost *find_ghost(const struct frame *before, const struct map *ghosts,
				      uint64_t id)
{
	uint32_t at = map_get(ghosts, id);

	return at == MAP_NONE ? NULL : &before->ghosts[at];
}

static void note_rows(struct frame *f, const struct frame *before, const struct map *ghosts)
{
	bool is_same_query = before && before->version == f->version;
	const struct traffic_columns traffic = {
		.received = column_of("tcp.bytes_received"),
		.sent = column_of("tcp.bytes_sent"),
		.acked = column_of("tcp.bytes_acked"),
	};

	for (size_t i = 0; i < f->snap.n_rows; i++) {
		const struct row *row = &f->snap.rows[i];
		uint32_t at = (uint32_t)(row->sk - f->snap.table.socks), old;
		struct row_note *note = &f->notes[at];
		const struct ghost *ghost;

		note->id = frame_sock_id(row->sk);
		note->row = *row;
		note->first_ms = f->clock_ms;
		note->other_end = MAP_NONE;
		note->last = MAP_NONE;
		read_traffic(note, &f->snap, &traffic);
		map_add(&f->by_id, note->id, at, NULL);
		if (!before)
			continue;
		old = map_get(&before->by_id, note->id);
		ghost = find_ghost(before, ghosts, note->id);
		if (old != MAP_NONE) {
			carry_on(f, note, before, &before->notes[old]);
		} else if (ghost) {
			carry_on(f, note, before, &ghost->note);
		} else if (is_same_query) {
			note->mark = MARK_NEW;
			note->marked_ms = f->clock_ms;
		}
	}
}

static bool is_minisocket_state(uint8_t state)
{
	return state == SOCK_STATE_TIME_WAIT || state == SOCK_STATE_FIN_WAIT_2;
}

static bool has_same_ends(const struct sock *a, const struct sock *b)
{
	return a->proto == b->proto && a->netns == b->netns && a->local.port == b->local.port &&
	       a->remote.port == b->remote.port &&
	       !memcmp(&a->local.addr, &b->local.addr, sizeof(a->local.addr)) &&
	       !memcmp(&a->remote.addr, &b->remote.addr, sizeof(a->remote.addr));
}

/* The new minisocket in which this connection lives on, under another cookie. */
static struct row_note *find_successor(struct frame *f, const struct map *minis,
				       const struct sock *sk)
{
	uint32_t at = map_get(minis, frame_hash_ends(sk, &sk->local, &sk->remote));

	if (at == MAP_NONE || !has_same_ends(f->notes[at].row.sk, sk) || f->notes[at].was)
		return NULL;
	return &f->notes[at];
}

static struct ghost *add_ghost(struct frame *f, const struct sock *sk, const struct row_note *note,
			       const struct last_owner *owner)
{
	struct ghost *ghost;

	f->ghosts = mem_grow(f->ghosts, f->n_ghosts, &f->ghosts_cap, sizeof(*f->ghosts));
	ghost = &f->ghosts[f->n_ghosts++];
	*ghost = (struct ghost){ .sk = *sk, .note = *note, .owner = *owner };
	ghost->sk.extra = 0; /* belongs to the table that is gone */
	ghost->note.rx = ghost->note.tx = RATE_UNKNOWN;
	ghost->note.other_end = MAP_NONE;
	ghost->note.last = MAP_NONE;
	ghost->note.row.inode = 0;
	return ghost;
}

static void bury(struct frame *f, const struct frame *before, const struct row_note *note)
{
	struct last_owner owner = note->last == MAP_NONE ?
					  last_owner_of(f, before, &note->row) :
					  last_owner_inherit(f, before, &before->lasts[note->last]);
	struct ghost *ghost = add_ghost(f, note->row.sk, note, &owner);

	ghost->note.mark = MARK_CLOSED;
	ghost->note.marked_ms = f->clock_ms;
}

/* Rows of the frame before that are gone, whether into a minisocket or for good. */
static void find_closed(struct frame *f, const struct frame *before, const struct map *minis)
{
	for (size_t i = 0; i < before->snap.table.n; i++) {
		const struct row_note *note = &before->notes[i];
		struct row_note *successor;

		if (!note->id || map_get(&f->by_id, note->id) != MAP_NONE)
			continue;
		successor = find_successor(f, minis, note->row.sk);
		if (successor) {
			carry_on(f, successor, before, note);
			successor->was = note->id;
		} else if (before->version == f->version) {
			bury(f, before, note);
		}
	}
}

/* Those that the frame before had closed already, as long as they linger. */
static void keep_ghosts(struct frame *f, const struct frame *before)
{
	for (size_t i = 0; i < before->n_ghosts; i++) {
		const struct ghost *old = &before->ghosts[i];
		struct last_owner owner;

		if (f->clock_ms - old->note.marked_ms >= FRAME_LINGER_MS ||
		    map_get(&f->by_id, old->note.id) != MAP_NONE)
			continue;
		owner = last_owner_inherit(f, before, &old->owner);
		add_ghost(f, &old->sk, &old->note, &owner);
	}
}

/* Connections whose both ends are this host's. */
static bool is_at_home(const struct sock *sk)
{
	return sock_has(sk, SOCK_HAS_PEER) &&
	       (addr_is_loopback((enum addr_family)sk->family, &sk->remote.addr) ||
		!memcmp(&sk->local.addr, &sk->remote.addr, sizeof(sk->local.addr)));
}

static void join_ends(struct frame *f)
{
	struct map ends = { 0 };

	for (size_t i = 0; i < f->snap.table.n; i++) {
		const struct sock *sk = &f->snap.table.socks[i];

		if (f->notes[i].id && is_at_home(sk))
			map_add(&ends, frame_hash_ends(sk, &sk->local, &sk->remote), (uint32_t)i,
				NULL);
	}
	for (size_t i = 0; ends.n && i < f->snap.table.n; i++) {
		const struct sock *sk = &f->snap.table.socks[i], *other;
		uint32_t at;

		if (!f->notes[i].id || !is_at_home(sk))
			continue;
		at = map_get(&ends, frame_hash_ends(sk, &sk->remote, &sk->local));
		if (at == MAP_NONE || at == i)
			continue;
		other = &f->snap.table.socks[at];
		if (other->local.port == sk->remote.port && other->remote.port == sk->local.port)
			f->notes[i].other_end = at;
	}
	map_fini(&ends);
}

static void find_changes(struct frame *f, const struct frame *before)
{
	struct map minis = { 0 };

	for (size_t i = 0; i < f->snap.table.n; i++) {
		const struct sock *sk = &f->snap.table.socks[i];

		if (f->notes[i].id && is_minisocket_state(sk->state) &&
		    map_get(&before->by_id, f->notes[i].id) == MAP_NONE)
			map_add(&minis, frame_hash_ends(sk, &sk->local, &sk->remote), (uint32_t)i,
				NULL);
	}
	find_closed(f, before, &minis);
	if (before->version == f->version)
		keep_ghosts(f, before);
	map_fini(&minis);
}

void frame_compare(struct frame *f, const struct frame *before)
{
	struct map ghosts = { 0 };

	if (before && before->error)
		before = NULL;
	if (f->snap.table.n > f->notes_cap) {
		f->notes_cap = f->snap.table.n + f->snap.table.n / 8;
		f->notes = mem_resize(f->notes, f->notes_cap, sizeof(*f->notes));
	}
	if (f->snap.table.n)
		memset(f->notes, 0, f->snap.table.n * sizeof(*f->notes));
	map_clear(&f->by_id);
	map_reserve(&f->by_id, f->snap.n_rows);
	f->n_ghosts = 0;
	f->n_lasts = 0;
	buf_clear(&f->ghost_text);
	for (size_t i = 0; before && i < before->n_ghosts; i++)
		map_add(&ghosts, before->ghosts[i].note.id, (uint32_t)i, NULL);
	note_rows(f, before, &ghosts);
	if (before)
		find_changes(f, before);
	join_ends(f);
	map_fini(&ghosts);
	/* The array stands still from here on. */
	for (size_t i = 0; i < f->n_ghosts; i++)
		f->ghosts[i].note.row.sk = &f->ghosts[i].sk;
}

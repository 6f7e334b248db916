/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares two refreshes: changed rows, rates, and rows that closed. */
#include <config.h>

#include "live/compare.h"

#include "base/mem.h"
#include "live/frame.h"
#include "live/known_owner.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/snapshot_host.h"

static const struct column *column_of(const char *key)
{
	return column_find(key, strlen(key));
}

/* The columns with the number of bytes received and sent. */
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

static void read_traffic(struct row_history *history, const struct snapshot *snap,
			 const struct traffic_columns *traffic)
{
	history->rx_bytes = history->tx_bytes = history->rx = history->tx = RATE_UNKNOWN;
	if (!(snap->resolved & NEED_TCP_INFO) || !history->row.sk->extra)
		return;
	history->rx_bytes = number_of(traffic->received, snap, &history->row);
	history->tx_bytes = number_of(traffic->sent, snap, &history->row);
	if (history->tx_bytes == RATE_UNKNOWN) /* before Linux 4.19 */
		history->tx_bytes = number_of(traffic->acked, snap, &history->row);
}

static uint64_t rate(uint64_t now, uint64_t before, uint64_t elapsed_ms)
{
	if (now == RATE_UNKNOWN || before == RATE_UNKNOWN || now < before || !elapsed_ms)
		return RATE_UNKNOWN;
	return (now - before) / elapsed_ms * 1000 + (now - before) % elapsed_ms * 1000 / elapsed_ms;
}

/* A rate that was measured over several intervals counts as often. */
static unsigned int intervals(uint64_t elapsed_ms, uint64_t interval_ms)
{
	uint64_t n = interval_ms ? (elapsed_ms + interval_ms / 2) / interval_ms : 1;

	if (n > HISTORY_LENGTH)
		return HISTORY_LENGTH;
	return n ? (unsigned int)n : 1;
}

static uint8_t more_rates(uint8_t n, unsigned int more)
{
	return n + more < HISTORY_LENGTH ? (uint8_t)(n + more) : HISTORY_LENGTH;
}

/* Continues the trace of a row with its new rates, which count n times. */
static void carry_trace(struct frame *f, struct row_history *history,
			const struct frame *frame_before, const struct row_history *before,
			unsigned int n)
{
	uint64_t both = rate_sum(history->rx, history->tx);
	struct history *trace;

	if (both == RATE_UNKNOWN)
		n = 0;
	history->n_rates = more_rates(before->n_rates, n);
	if (before->trace == MAP_NONE && (!n || !both))
		return;
	f->traces = mem_grow(f->traces, f->n_traces, &f->traces_cap, sizeof(*f->traces));
	trace = &f->traces[f->n_traces];
	*trace = (struct history){ 0 };
	if (before->trace != MAP_NONE)
		*trace = frame_before->traces[before->trace];
	history_add(trace, both, n);
	history->trace = (uint32_t)f->n_traces++;
}

/* A refresh out of turn keeps the rates: over so short a time a busy row can look idle. */
static void carry_rates(struct frame *f, struct row_history *history,
			const struct frame *frame_before, const struct row_history *before,
			uint64_t interval_ms)
{
	uint64_t elapsed_ms = history->rated_ms - before->rated_ms;

	/* A host that went away has no rates. */
	if (frame_away_ms(f, &history->row)) {
		carry_trace(f, history, frame_before, before, 0);
		return;
	}
	if (elapsed_ms * 2 >= interval_ms) {
		history->rx = rate(history->rx_bytes, before->rx_bytes, elapsed_ms);
		history->tx = rate(history->tx_bytes, before->tx_bytes, elapsed_ms);
		packets_carry(f, history, frame_before, before, elapsed_ms);
		carry_trace(f, history, frame_before, before, intervals(elapsed_ms, interval_ms));
		return;
	}
	history->rated_ms = before->rated_ms;
	history->rx_bytes = before->rx_bytes;
	history->tx_bytes = before->tx_bytes;
	history->rx = before->rx;
	history->tx = before->tx;
	packets_carry(f, history, frame_before, before, 0);
	carry_trace(f, history, frame_before, before, 0);
}

/* Continues the history of the same socket in the frame before: age, rates, change of state. */
static void carry_on(struct frame *f, struct row_history *history, const struct frame *frame_before,
		     const struct row_history *before, uint64_t interval_ms)
{
	history->first_ms = before->first_ms;
	history->was_there = before->was_there;
	history->watch = before->watch;
	carry_rates(f, history, frame_before, before, interval_ms);
	known_owner_keep(f, history, frame_before, before);
	if (before->change == CHANGE_CLOSED)
		return;
	if (history->row.sk->state != before->row.sk->state) {
		history->change = CHANGE_STATE;
		history->changed_ms = f->clock_ms;
	} else if (before->change && f->clock_ms - before->changed_ms < FRAME_LINGER_MS) {
		history->change = before->change;
		history->changed_ms = before->changed_ms;
	}
}

/*
 * Finds a ghost whose socket is listed again: it was never closed, but a dump can skip an open
 * socket while others come and go.
 */
static const struct ghost *find_ghost(const struct frame *before, const struct map *ghosts,
				      uint64_t id)
{
	uint32_t at = map_get(ghosts, id);

	return at == MAP_NONE ? NULL : &before->ghosts[at];
}

/*
 * The clock of the rates: of what documents tell the time between their moments counts, not that
 * between two looks at them.
 */
static uint64_t rate_clock_ms(const struct frame *f, const struct sock *sk)
{
	const struct snapshot *snap = &f->snap;
	uint32_t host;

	if (sk->netns >= snap->n_namespaces)
		return f->clock_ms;
	host = snap->namespaces[sk->netns].host;
	return host < snap->n_hosts ? snap->hosts[host].time_ms : f->clock_ms;
}

static void fill_history(struct frame *f, const struct frame *before, const struct map *ghosts,
			 const struct comparison *by)
{
	bool is_like = before && frame_is_like(f, before);
	const struct traffic_columns traffic = {
		.received = column_of("tcp.bytes_received"),
		.sent = column_of("tcp.bytes_sent"),
		.acked = column_of("tcp.bytes_acked"),
	};

	for (size_t i = 0; i < f->snap.n_rows; i++) {
		const struct row *row = &f->snap.rows[i];
		uint32_t at = (uint32_t)(row->sk - f->snap.table.socks), old;
		struct row_history *history = &f->history[at];
		const struct ghost *ghost;

		history->id = frame_sock_id(row->sk);
		history->row = *row;
		history->first_ms = f->clock_ms;
		history->rated_ms = rate_clock_ms(f, row->sk);
		history->was_there = true;
		history->known_owner = history->trace = history->packets = MAP_NONE;
		read_traffic(history, &f->snap, &traffic);
		packets_count(f, history, &by->counter);
		map_add(&f->by_id, history->id, at, NULL);
		if (!before)
			continue;
		old = map_get(&before->by_id, history->id);
		ghost = find_ghost(before, ghosts, history->id);
		if (old != MAP_NONE) {
			carry_on(f, history, before, &before->history[old], by->interval_ms);
		} else if (ghost) {
			carry_on(f, history, before, &ghost->history, by->interval_ms);
		} else if (is_like) {
			history->change = CHANGE_NEW;
			history->changed_ms = f->clock_ms;
			history->was_there = false;
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

/* Finds the minisocket in which the kernel continues this connection, under another cookie. */
static struct row_history *find_successor(struct frame *f, const struct map *minis,
					  const struct sock *sk)
{
	uint32_t at = map_get(minis, frame_hash_ends(sk, &sk->local, &sk->remote));

	if (at == MAP_NONE || !has_same_ends(f->history[at].row.sk, sk) ||
	    f->history[at].previous_id)
		return NULL;
	return &f->history[at];
}

static struct ghost *new_ghost(struct frame *f, const struct sock *sk,
			       const struct row_history *history, const struct known_owner *owner)
{
	struct ghost *ghost;

	f->ghosts = mem_grow(f->ghosts, f->n_ghosts, &f->ghosts_cap, sizeof(*f->ghosts));
	ghost = &f->ghosts[f->n_ghosts++];
	*ghost = (struct ghost){ .sk = *sk, .history = *history, .owner = *owner };
	ghost->sk.extra = 0; /* is in the old snapshot's table */
	ghost->history.rx = ghost->history.tx = RATE_UNKNOWN;
	ghost->history.known_owner = ghost->history.trace = ghost->history.packets = MAP_NONE;
	ghost->history.n_rates = 0;
	ghost->history.row.held = ROW_HELD_NONE;
	ghost->history.row.candidates = 0;
	return ghost;
}

static void add_ghost(struct frame *f, const struct frame *before,
		      const struct row_history *history, const struct filter *filter)
{
	struct known_owner owner =
		history->known_owner == MAP_NONE
			? known_owner_of(f, before, &history->row)
			: known_owner_inherit(f, before,
					      &before->known_owners[history->known_owner]);
	struct ghost *ghost = new_ghost(f, history->row.sk, history, &owner);

	ghost->history.change = CHANGE_CLOSED;
	ghost->history.changed_ms = f->clock_ms;
	if (filter_match(filter, &before->snap, &history->row) == FILTER_YES)
		ghost->passed = f->scope.version;
}

/* Finds rows of the frame before that are gone: closed, or replaced by a minisocket. */
static void find_closed(struct frame *f, const struct frame *before, const struct map *minis,
			const struct comparison *by)
{
	bool is_like = frame_is_like(f, before);

	for (size_t i = 0; i < before->snap.table.n; i++) {
		const struct row_history *history = &before->history[i];
		struct row_history *successor;

		if (!history->id || map_get(&f->by_id, history->id) != MAP_NONE)
			continue;
		successor = find_successor(f, minis, history->row.sk);
		if (successor) {
			carry_on(f, successor, before, history, by->interval_ms);
			successor->previous_id = history->id;
		} else if (is_like) {
			add_ghost(f, before, history, by->filter);
		}
	}
}

/* Keeps the ghosts of the frame before that are still to be shown. */
static void keep_ghosts(struct frame *f, const struct frame *before)
{
	for (size_t i = 0; i < before->n_ghosts; i++) {
		const struct ghost *old = &before->ghosts[i];
		struct known_owner owner;

		if (f->clock_ms - old->history.changed_ms >= FRAME_LINGER_MS ||
		    map_get(&f->by_id, old->history.id) != MAP_NONE)
			continue;
		owner = known_owner_inherit(f, before, &old->owner);
		new_ghost(f, &old->sk, &old->history, &owner)->passed = old->passed;
	}
}

static void find_changes(struct frame *f, const struct frame *before, const struct comparison *by)
{
	struct map minis = { 0 };

	for (size_t i = 0; i < f->snap.table.n; i++) {
		const struct sock *sk = &f->snap.table.socks[i];

		if (f->history[i].id && is_minisocket_state(sk->state) &&
		    map_get(&before->by_id, f->history[i].id) == MAP_NONE)
			map_add(&minis, frame_hash_ends(sk, &sk->local, &sk->remote), (uint32_t)i,
				NULL);
	}
	find_closed(f, before, &minis, by);
	if (frame_is_like(f, before))
		keep_ghosts(f, before);
	map_fini(&minis);
}

/* The rows are looked at last: a connection that became a minisocket has its history by then. */
static void look_at_rows(struct frame *f, const struct comparison *by)
{
	totals_clear(&f->totals);
	for (size_t i = 0; i < f->snap.n_rows; i++) {
		const struct row *row = &f->snap.rows[i];
		struct row_history *history = &f->history[row->sk - f->snap.table.socks];
		const struct trouble_watch *before = &history->watch;

		/* Nothing is known of how a host goes on that went away. */
		if (!frame_away_ms(f, row) || !before->state)
			history->watch = trouble_look(&f->snap, row, before->state ? before : NULL,
						      f->clock_ms, by->expected);
		totals_add(&f->totals, &f->snap, row, frame_history(f, row));
	}
}

/* Continues the traces of the title.  A refresh out of turn adds nothing to them. */
static void trace_totals(struct frame *f, const struct frame *before, uint64_t interval_ms)
{
	uint64_t elapsed_ms = before ? f->clock_ms - before->rated_ms : 0;
	unsigned int n = intervals(elapsed_ms, interval_ms);

	f->rx_trace = before ? before->rx_trace : (struct history){ 0 };
	f->tx_trace = before ? before->tx_trace : (struct history){ 0 };
	f->n_rates = before ? before->n_rates : 0;
	f->rated_ms = f->clock_ms;
	if (before && elapsed_ms * 2 < interval_ms) {
		f->rated_ms = before->rated_ms;
	} else if (rate_sum(f->totals.rx, f->totals.tx) != RATE_UNKNOWN) {
		history_add(&f->rx_trace, f->totals.rx, n);
		history_add(&f->tx_trace, f->totals.tx, n);
		f->n_rates = more_rates(f->n_rates, n);
	}
}

void frame_compare(struct frame *f, const struct frame *before, const struct comparison *by)
{
	struct map ghosts = { 0 };

	if (before && before->error)
		before = NULL;
	if (f->snap.table.n > f->history_cap) {
		f->history_cap = f->snap.table.n + f->snap.table.n / 8;
		f->history = mem_resize(f->history, f->history_cap, sizeof(*f->history));
	}
	if (f->snap.table.n)
		memset(f->history, 0, f->snap.table.n * sizeof(*f->history));
	map_clear(&f->by_id);
	map_reserve(&f->by_id, f->snap.n_rows);
	f->n_ghosts = 0;
	f->interval_ms = by->interval_ms;
	f->n_known_owners = 0;
	f->n_traces = 0;
	f->n_packets = 0;
	buf_clear(&f->ghost_text);
	for (size_t i = 0; before && i < before->n_ghosts; i++)
		map_add(&ghosts, before->ghosts[i].history.id, (uint32_t)i, NULL);
	fill_history(f, before, &ghosts, by);
	if (before)
		find_changes(f, before, by);
	look_at_rows(f, by);
	trace_totals(f, before, by->interval_ms);
	frame_look_for_netns(f);
	if (before)
		frame_forget_new_hosts(f, before);
	map_fini(&ghosts);
	/* The array does not move any more. */
	for (size_t i = 0; i < f->n_ghosts; i++)
		f->ghosts[i].history.row.sk = &f->ghosts[i].sk;
}

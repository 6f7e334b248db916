/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares two refreshes: changed rows, rates, and rows that closed. */
#include <config.h>

#include "live/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "live/frame.h"
#include "live/known_owner.h"
#include "model/sock_traffic.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/snapshot_host.h"
#include "query/sort.h"

static const struct column *column_of(const char *key)
{
	return column_find(key, strlen(key));
}

/* Where documents tell the number of bytes received and sent. */
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
	const struct row *row = &history->row;
	struct sock_traffic read;

	history->rx_bytes = history->tx_bytes = history->rx = history->tx = RATE_UNKNOWN;
	if (!(snap->resolved & NEED_TRAFFIC) || !row->sk->extra)
		return;
	if (snap->told) {
		history->rx_bytes = number_of(traffic->received, snap, row);
		history->tx_bytes = number_of(traffic->sent, snap, row);
		if (history->tx_bytes == RATE_UNKNOWN)
			history->tx_bytes = number_of(traffic->acked, snap, row);
	} else if (sock_traffic_of(&read, &snap->table, row->sk)) {
		history->rx_bytes = read.received;
		history->tx_bytes = read.sent;
	}
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

	/* What is no longer known of a connection that is finishing is nothing. */
	if (both == RATE_UNKNOWN &&
	    (before->trace == MAP_NONE || !(f->snap.resolved & NEED_TRAFFIC)))
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

	/* A host that went away has no rates, and there are none back in time. */
	if (frame_away_ms(f, &history->row) || history->rated_ms < before->rated_ms) {
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

/* ---- which sockets are those of the frame before ---- */

/* What both frames have in common. */
struct common {
	uint32_t
		*before; /* for each socket of the frame its index in the one before, or MAP_NONE */
	bool *is_there; /* for each socket of the one before: the frame has it, too */
	bool *is_back; /* the same for its ghosts: a dump can skip a socket while others come and go */
};

/*
 * Both tables are in the default order: goes over them side by side.  Returns how many sockets were
 * not found so, as those that are new, or got a peer.
 */
static size_t pair_in_order(const struct frame *f, const struct frame *before,
			    const struct common *common)
{
	const struct sock *socks = f->snap.table.socks, *old = before->snap.table.socks;
	size_t i = 0, at = 0, n = 0;

	while (i < f->snap.table.n) {
		bool is_left = at < before->snap.table.n;
		uint64_t id = f->ids[i];
		int order = -1;

		if (is_left && id != before->ids[at])
			order = sort_compare(&f->snap, &socks[i], &old[at]);
		else if (is_left)
			order = 0;
		if (order <= 0) {
			bool is_same = !order && id && id == before->ids[at];

			common->before[i++] = is_same ? (uint32_t)at : MAP_NONE;
			if (is_same)
				common->is_there[at] = true;
			n += id && !is_same;
		}
		at += order >= 0;
	}
	return n;
}

static void pair_rest(const struct frame *f, const struct frame *before,
		      const struct common *common)
{
	struct map rest = { 0 };

	for (size_t i = 0; i < before->snap.table.n; i++)
		if (before->ids[i] && !common->is_there[i])
			map_add(&rest, before->ids[i], (uint32_t)i, NULL);
	for (size_t i = 0; i < f->snap.table.n; i++) {
		uint32_t at;

		if (!f->ids[i] || common->before[i] != MAP_NONE)
			continue;
		at = map_get(&rest, f->ids[i]);
		common->before[i] = at;
		if (at != MAP_NONE)
			common->is_there[at] = true;
	}
	map_fini(&rest);
}

static struct common common_find(const struct frame *f, const struct frame *before)
{
	struct common common = {
		.before = mem_resize(NULL, f->snap.table.n, sizeof(*common.before)),
		.is_there = mem_calloc(before->snap.table.n + 1, sizeof(*common.is_there)),
		.is_back = mem_calloc(before->n_ghosts + 1, sizeof(*common.is_back)),
	};

	if (pair_in_order(f, before, &common))
		pair_rest(f, before, &common);
	return common;
}

static void common_fini(struct common *common)
{
	free(common->before);
	free(common->is_there);
	free(common->is_back);
}

/* ---- the history of what is there ---- */

/*
 * Hosts count their cookies alike, and the index of a namespace changes with the hosts that answer: the
 * identity of what was told is also that of its place.
 */
static uint64_t told_id(const struct snapshot *snap, const struct sock *sk)
{
	const struct snapshot_host *host = snapshot_host_of(snap, sk);
	const struct snapshot_netns *ns = snapshot_netns_of(snap, sk);
	struct sock placeless = *sk;
	uint64_t place = ns ? ns->inode : 0, id;

	if (host && host->name)
		place = frame_hash(place, host->name, strlen(host->name));
	placeless.netns = 0;
	id = frame_sock_id(&placeless);
	return frame_hash(place, &id, sizeof(id)) | 1ULL << 63;
}

/* Each row has an identity; a socket without a row has none. */
static void identify_rows(struct frame *f)
{
	const struct sock *first = f->snap.table.socks;

	for (size_t i = 0; i < f->snap.n_rows; i++)
		f->history[f->snap.rows[i].sk - first].row = f->snap.rows[i];
	for (size_t i = 0; i < f->snap.table.n; i++)
		if (f->history[i].row.sk)
			f->ids[i] = f->snap.n_hosts ? told_id(&f->snap, &first[i])
						    : frame_sock_id(&first[i]);
}

static void fill_history(struct frame *f, const struct packet_counter *counter)
{
	const struct traffic_columns traffic = {
		.received = column_of("tcp.bytes_received"),
		.sent = column_of("tcp.bytes_sent"),
		.acked = column_of("tcp.bytes_acked"),
	};

	for (size_t i = 0; i < f->snap.table.n; i++) {
		struct row_history *history = &f->history[i];

		history->known_owner = history->trace = history->packets = MAP_NONE;
		if (!f->ids[i])
			continue;
		history->first_ms = f->clock_ms;
		history->rated_ms = rate_clock_ms(f, history->row.sk);
		history->was_there = true;
		read_traffic(history, &f->snap, &traffic);
		packets_count(f, history, counter);
	}
}

/* Ghosts that are listed again were never closed. */
static void find_common(struct frame *f, const struct frame *before, const struct common *common,
			uint64_t interval_ms)
{
	bool is_like = frame_is_like(f, before);
	struct map ghosts = { 0 };

	for (size_t i = 0; i < before->n_ghosts; i++)
		map_add(&ghosts, before->ghosts[i].id, (uint32_t)i, NULL);
	for (size_t i = 0; i < f->snap.table.n; i++) {
		struct row_history *history = &f->history[i];
		uint32_t ghost;

		if (!f->ids[i])
			continue;
		if (common->before[i] != MAP_NONE) {
			carry_on(f, history, before, &before->history[common->before[i]],
				 interval_ms);
			continue;
		}
		ghost = map_get(&ghosts, f->ids[i]);
		if (ghost != MAP_NONE) {
			carry_on(f, history, before, &before->ghosts[ghost].history, interval_ms);
			common->is_back[ghost] = true;
		} else if (is_like) {
			history->change = CHANGE_NEW;
			history->changed_ms = f->clock_ms;
			history->was_there = false;
		}
	}
	map_fini(&ghosts);
}

/* ---- what is gone ---- */

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
	    f->history[at].is_renamed)
		return NULL;
	return &f->history[at];
}

static void rename_row(struct frame *f, struct row_history *history, uint64_t before)
{
	history->is_renamed = true;
	f->renamed = mem_grow(f->renamed, f->n_renamed, &f->renamed_cap, sizeof(*f->renamed));
	f->renamed[f->n_renamed++] =
		(struct renamed){ .id = frame_id(f, &history->row), .previous_id = before };
}

static struct ghost *new_ghost(struct frame *f, uint64_t id, const struct sock *sk,
			       const struct row_history *history, const struct known_owner *owner)
{
	struct ghost *ghost;

	f->ghosts = mem_grow(f->ghosts, f->n_ghosts, &f->ghosts_cap, sizeof(*f->ghosts));
	ghost = &f->ghosts[f->n_ghosts++];
	*ghost = (struct ghost){ .id = id, .sk = *sk, .history = *history, .owner = *owner };
	ghost->sk.extra = 0; /* is in the old snapshot's table */
	ghost->history.rx = ghost->history.tx = RATE_UNKNOWN;
	ghost->history.known_owner = ghost->history.trace = ghost->history.packets = MAP_NONE;
	ghost->history.n_rates = 0;
	ghost->history.row.held = ROW_HELD_NONE;
	ghost->history.row.candidates = 0;
	return ghost;
}

static void add_ghost(struct frame *f, const struct frame *before,
		      struct spent_listeners *listeners, const struct row_history *history,
		      const struct filter *filter)
{
	struct known_owner owner =
		history->known_owner == MAP_NONE
			? known_owner_of(f, before, &history->row)
			: known_owner_inherit(f, before,
					      &before->known_owners[history->known_owner]);
	struct ghost *ghost =
		new_ghost(f, frame_id(before, &history->row), history->row.sk, history, &owner);

	spent_add(f, before, listeners, history, &owner);
	ghost->history.change = CHANGE_CLOSED;
	ghost->history.changed_ms = f->clock_ms;
	if (filter_match(filter, &before->snap, &history->row) == FILTER_YES)
		ghost->passed = f->scope.version;
}

/* Finds rows of the frame before that are gone: closed, or replaced by a minisocket. */
static void find_closed(struct frame *f, const struct frame *before, const struct map *minis,
			const struct common *common, const struct comparison *by)
{
	bool is_like = frame_is_like(f, before);
	struct spent_listeners listeners = { 0 };

	for (size_t i = 0; i < before->snap.table.n; i++) {
		const struct row_history *history = &before->history[i];
		struct row_history *successor;

		if (!before->ids[i] || common->is_there[i])
			continue;
		successor = find_successor(f, minis, history->row.sk);
		if (successor) {
			carry_on(f, successor, before, history, by->interval_ms);
			rename_row(f, successor, before->ids[i]);
		} else if (is_like) {
			add_ghost(f, before, &listeners, history, by->filter);
		}
	}
	spent_listeners_fini(&listeners);
}

/* Keeps the ghosts of the frame before that are still to be shown. */
static void keep_ghosts(struct frame *f, const struct frame *before, const struct common *common)
{
	for (size_t i = 0; i < before->n_ghosts; i++) {
		const struct ghost *old = &before->ghosts[i];
		struct known_owner owner;

		if (f->clock_ms - old->history.changed_ms >= FRAME_LINGER_MS || common->is_back[i])
			continue;
		owner = known_owner_inherit(f, before, &old->owner);
		new_ghost(f, old->id, &old->sk, &old->history, &owner)->passed = old->passed;
	}
}

static void find_changes(struct frame *f, const struct frame *before, const struct common *common,
			 const struct comparison *by)
{
	struct map minis = { 0 };

	for (size_t i = 0; i < f->snap.table.n; i++) {
		const struct sock *sk = &f->snap.table.socks[i];

		if (f->ids[i] && is_minisocket_state(sk->state) && common->before[i] == MAP_NONE)
			map_add(&minis, frame_hash_ends(sk, &sk->local, &sk->remote), (uint32_t)i,
				NULL);
	}
	find_closed(f, before, &minis, common, by);
	if (frame_is_like(f, before))
		keep_ghosts(f, before, common);
	map_fini(&minis);
}

/* The rows are looked at last: a connection that became a minisocket has its history by then. */
static void look_at_rows(struct frame *f, const struct comparison *by)
{
	totals_clear(&f->totals);
	f->changed_ms = 0;
	for (size_t i = 0; i < f->snap.table.n; i++) {
		struct row_history *history = &f->history[i];
		const struct trouble_watch *before = &history->watch;

		if (!f->ids[i])
			continue;
		/* Nothing is known of how a host goes on that went away. */
		if (!frame_away_ms(f, &history->row) || !before->state)
			history->watch =
				trouble_look(&f->snap, &history->row, before->state ? before : NULL,
					     f->clock_ms, by->expected);
		totals_add(&f->totals, &f->snap, &history->row, history);
		if (history->change && history->changed_ms > f->changed_ms)
			f->changed_ms = history->changed_ms;
		if (history->change == CHANGE_NEW && history->changed_ms == f->clock_ms) {
			f->opened = mem_grow(f->opened, f->n_opened, &f->opened_cap,
					     sizeof(*f->opened));
			f->opened[f->n_opened++] = (uint32_t)i;
		}
	}
	for (size_t i = 0; i < f->n_ghosts; i++)
		if (f->ghosts[i].history.changed_ms > f->changed_ms)
			f->changed_ms = f->ghosts[i].history.changed_ms;
}

/* Continues the traces of the title, and those of what closed.  A refresh out of turn adds nothing to them. */
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
		return;
	}
	spent_end(f, n);
	if (rate_sum(f->totals.rx, f->totals.tx) != RATE_UNKNOWN) {
		history_add(&f->rx_trace, f->totals.rx, n);
		history_add(&f->tx_trace, f->totals.tx, n);
		f->n_rates = more_rates(f->n_rates, n);
	}
}

static void clear(struct frame *f)
{
	size_t n = f->snap.table.n;

	if (n > f->history_cap) {
		f->history_cap = n + n / 8;
		f->ids = mem_resize(f->ids, f->history_cap, sizeof(*f->ids));
		f->history = mem_resize(f->history, f->history_cap, sizeof(*f->history));
	}
	if (n) {
		memset(f->ids, 0, n * sizeof(*f->ids));
		memset(f->history, 0, n * sizeof(*f->history));
	}
	f->n_ghosts = f->n_known_owners = f->n_traces = f->n_packets = f->n_renamed = 0;
	f->n_opened = 0;
	buf_clear(&f->ghost_text);
}

void frame_compare(struct frame *f, const struct frame *before, const struct comparison *by)
{
	if (before && before->error)
		before = NULL;
	clear(f);
	spent_begin(f, before);
	f->interval_ms = by->interval_ms;
	identify_rows(f);
	fill_history(f, &by->counter);
	if (before) {
		struct common common = common_find(f, before);

		find_common(f, before, &common, by->interval_ms);
		find_changes(f, before, &common, by);
		common_fini(&common);
	}
	look_at_rows(f, by);
	trace_totals(f, before, by->interval_ms);
	frame_look_for_netns(f);
	if (before)
		frame_forget_new_hosts(f, before);
	/* The array does not move any more. */
	for (size_t i = 0; i < f->n_ghosts; i++)
		f->ghosts[i].history.row.sk = &f->ghosts[i].sk;
}

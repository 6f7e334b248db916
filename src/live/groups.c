/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups rows by listener, by process, or by peer. */
#include <config.h>

#include "live/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/thread.h"
#include "live/frame.h"
#include "live/group_order.h"
#include "live/rows.h"
#include "model/listener.h"
#include "query/columns.h"

#define ELSEWHERE_ID 2U
#define NOTE_ID 16U
#define VALUE_ID 3U

void groups_fini(struct groups *g)
{
	free(g->list);
	free(g->children);
	*g = (struct groups){ 0 };
}

static struct live_group *add_group(struct groups *g, enum live_group_kind kind, uint64_t id,
				    uint32_t head)
{
	struct live_group *group;

	g->list = mem_grow(g->list, g->n, &g->cap, sizeof(*g->list));
	group = &g->list[g->n++];
	*group = (struct live_group){ .id = id,
				      .at = (uint32_t)(g->n - 1),
				      .rx = RATE_UNKNOWN,
				      .tx = RATE_UNKNOWN,
				      .new_ms = UINT64_MAX,
				      .head = head,
				      .process = MAP_NONE,
				      .first = MAP_NONE,
				      .last = MAP_NONE,
				      .kind = (uint8_t)kind };
	return group;
}

/* Not what the kernel only keeps to answer late packets, and nothing without a connection. */
static bool is_live_connection(const struct sock *sk)
{
	return sock_has(sk, SOCK_HAS_PEER) && sk->proto != PROTO_UDP &&
	       sk->proto != PROTO_UDPLITE && sk->proto != PROTO_RAW &&
	       sk->state != SOCK_STATE_TIME_WAIT && sk->state != SOCK_STATE_CLOSE &&
	       !sock_is_serving(sk);
}

static void add_child(struct groups *g, struct live_group *group, uint32_t row)
{
	const struct row_history *history = frame_history(g->rows->frame, &g->rows->list[row]);
	uint32_t child = (uint32_t)g->n_children;

	g->children = mem_grow(g->children, g->n_children, &g->children_cap, sizeof(*g->children));
	g->children[g->n_children++] = (struct live_child){ .row = row, .next = MAP_NONE };
	if (group->last == MAP_NONE)
		group->first = child;
	else
		g->children[group->last].next = child;
	group->last = child;
	group->n_all++;
	if (history->change == CHANGE_CLOSED)
		return;
	group->n++;
	group->n_away += frame_away_ms(g->rows->frame, &g->rows->list[row]) != 0;
	group->n_troubled += history->watch.bits != 0;
	group->n_connections += is_live_connection(g->rows->list[row].sk);
	if (history->change == CHANGE_NEW) {
		group->n_new++;
		if (history->changed_ms < group->new_ms)
			group->new_ms = history->changed_ms;
	}
	group->n_traced += history->trace != MAP_NONE;
	if (history->n_rates > group->n_rates)
		group->n_rates = history->n_rates;
	group->rx = rate_sum(group->rx, history->rx);
	group->tx = rate_sum(group->tx, history->tx);
}

/* ---- by listening port ---- */

static uint64_t port_key(const struct sock *sk)
{
	return 1ULL << 63 | (uint64_t)sk->netns << 24 | (uint64_t)sk->proto << 16 | sk->local.port;
}

/* The listener of a connection.  next[i] is the next group with the same port as group i. */
static uint32_t find_listener(const struct groups *g, const struct row *row, uint32_t first,
			      const uint32_t *next)
{
	const struct snapshot *snap = &g->rows->frame->snap;
	uint32_t best = MAP_NONE;
	unsigned int best_fit = 0;

	for (uint32_t at = first; at != MAP_NONE; at = next[at]) {
		const struct row *head = &g->rows->list[g->list[at].head];
		unsigned int fit = 2 * listener_fit(head->sk, row->sk);

		if (fit && g->list[at].is_gone)
			fit--;
		/* Of listeners at one address (SO_REUSEPORT) that of the connection's process. */
		if (fit > best_fit ||
		    (fit && fit == best_fit && rows_share_owner(snap, head, row) &&
		     !rows_share_owner(snap, &g->rows->list[g->list[best].head], row))) {
			best = at;
			best_fit = fit;
		}
	}
	return best;
}

static void add_listeners(struct groups *g, struct map *by_port, uint32_t **next)
{
	for (size_t i = 0; i < g->rows->n; i++) {
		const struct row_history *history;
		const struct sock *sk = g->rows->list[i].sk;
		struct live_group *group;
		uint32_t *first;
		bool is_added;

		if (!g->rows->list[i].serves)
			continue;
		history = frame_history(g->rows->frame, &g->rows->list[i]);
		group = add_group(g, GROUP_LISTENER, frame_id(g->rows->frame, &g->rows->list[i]),
				  (uint32_t)i);
		group->is_gone = history->change == CHANGE_CLOSED;
		/* A datagram socket carries something itself. */
		if (history->packets != MAP_NONE) {
			group->rx = history->rx;
			group->tx = history->tx;
		}
		*next = mem_resize(*next, g->n, sizeof(**next));
		(*next)[g->n - 1] = MAP_NONE;
		/* Connections are those of the listener to which the port leads. */
		if (sock_is_forward(sk))
			continue;
		first = map_add(by_port, port_key(sk), (uint32_t)(g->n - 1), &is_added);
		(*next)[g->n - 1] = is_added ? MAP_NONE : *first;
		*first = (uint32_t)(g->n - 1);
	}
}

/*
 * A listener without any connection has a rate of 0, not an unknown one.  What a rule sends on is not
 * counted.
 */
static void rate_the_idle(struct groups *g, bool may_hide)
{
	bool is_rated = g->rows->frame->snap.resolved & NEED_TRAFFIC;

	for (size_t i = 0; i < g->n; i++) {
		struct live_group *group = &g->list[i];

		if (group->kind != GROUP_LISTENER || group->n || group->is_gone)
			continue;
		group->is_uncounted = may_hide || sock_is_forward(g->rows->list[group->head].sk);
		if (is_rated && !group->is_uncounted &&
		    g->rows->list[group->head].sk->proto == PROTO_TCP)
			group->rx = group->tx = 0;
	}
}

static void group_by_port(struct groups *g, bool may_hide)
{
	struct map by_port = { 0 };
	uint32_t *next = NULL, elsewhere = MAP_NONE;

	add_listeners(g, &by_port, &next);
	for (size_t i = 0; i < g->rows->n; i++) {
		const struct row *row = &g->rows->list[i];
		uint32_t first, at;

		if (row->serves)
			continue;
		first = map_get(&by_port, port_key(row->sk));
		at = !next || first == MAP_NONE ? MAP_NONE : find_listener(g, row, first, next);
		if (at == MAP_NONE && elsewhere == MAP_NONE) {
			add_group(g, GROUP_ELSEWHERE, ELSEWHERE_ID, MAP_NONE);
			elsewhere = (uint32_t)(g->n - 1);
		}
		add_child(g, &g->list[at == MAP_NONE ? elsewhere : at], (uint32_t)i);
	}
	rate_the_idle(g, may_hide);
	map_fini(&by_port);
	free(next);
}

/* ---- by process ---- */

static struct live_group *group_for(struct groups *g, struct map *groups, enum live_group_kind kind,
				    uint64_t id, uint32_t head)
{
	bool is_added;
	uint32_t *at = map_add(groups, id, (uint32_t)g->n, &is_added);

	if (is_added)
		return add_group(g, kind, id, head);
	return &g->list[*at];
}

uint64_t group_process_id(int32_t pid, uint64_t start_time)
{
	return frame_hash(frame_hash(1, &pid, sizeof(pid)), &start_time, sizeof(start_time));
}

static void add_to_note(struct groups *g, struct map *groups, uint32_t row, uint8_t note)
{
	struct live_group *group = group_for(g, groups, GROUP_NOTE, NOTE_ID + note, row);

	group->note = note;
	add_child(g, group, row);
}

/* places: of each process its group, or MAP_NONE, so that only its first row takes a search. */
static void add_to_process(struct groups *g, struct map *groups, uint32_t *places, uint32_t row,
			   uint32_t process)
{
	const struct process *p;
	struct live_group *group;

	if (places[process] == MAP_NONE) {
		p = snapshot_process(&g->rows->frame->snap, process);
		group = group_for(g, groups, GROUP_PROCESS, group_process_id(p->pid, p->start_time),
				  row);
		/* It may be that of a row whose process has ended. */
		if (group->process == MAP_NONE)
			group->head = row;
		group->process = process;
		places[process] = (uint32_t)(group - g->list);
	}
	add_child(g, &g->list[places[process]], row);
}

static void group_by_process(struct groups *g, struct map *groups, uint32_t from, uint32_t end)
{
	const struct snapshot *snap = &g->rows->frame->snap;
	size_t n_processes = snapshot_processes(snap);
	uint32_t *places = mem_resize(NULL, n_processes, sizeof(*places));

	for (size_t i = 0; i < n_processes; i++)
		places[i] = MAP_NONE;
	for (uint32_t i = from; i < end; i++) {
		const struct row *row = &g->rows->list[i];
		const struct known_owner *last = frame_last_owner(g->rows->frame, row);
		struct owner_span owners;

		if (last && last->pid) {
			uint64_t id = group_process_id(last->pid, last->start_time);

			add_child(g, group_for(g, groups, GROUP_PROCESS, id, i), i);
			continue;
		}
		if (row_process(row) != ROW_NO_PROCESS) {
			add_to_process(g, groups, places, i, row_process(row));
			continue;
		}
		owners = row_owners(snap, row);
		for (size_t j = 0; j < owners.n; j++)
			add_to_process(g, groups, places, i, owners.list[j].process);
		if (!owners.n)
			add_to_note(g, groups, i, row->owner_note);
	}
	free(places);
}

/* ---- by peer ---- */

uint64_t group_peer_id(const struct sock *sk)
{
	struct addr addr;
	enum addr_family family = addr_unmap((enum addr_family)sk->family, &sk->remote.addr, &addr);

	return frame_hash(family, &addr, sizeof(addr));
}

static bool has_peer_of(const struct sock *sk, const struct sock *other)
{
	return sk->family == other->family &&
	       !memcmp(&sk->remote.addr, &other->remote.addr, sizeof(sk->remote.addr));
}

static void group_by_peer(struct groups *g, struct map *groups, uint32_t from, uint32_t end)
{
	const struct sock *before = NULL;
	struct live_group *group = NULL;

	for (uint32_t i = from; i < end; i++) {
		const struct sock *sk = g->rows->list[i].sk;

		if (!sock_has(sk, SOCK_HAS_PEER))
			continue;
		/* In the order of the ends many in a row have the same peer. */
		if (!before || !has_peer_of(sk, before))
			group = group_for(g, groups, GROUP_PEER, group_peer_id(sk), i);
		before = sk;
		add_child(g, group, i);
	}
}

/* ---- by the value of a column ---- */

const char *const grouping_words[] = { "process",    "user", "unit", "container",
				       "netns_name", "host", NULL };

static void group_by_value(struct groups *g, struct map *groups, uint32_t from, uint32_t end)
{
	struct buf text = { 0 };

	for (uint32_t i = from; i < end; i++) {
		buf_clear(&text);
		column_text(g->by, &g->rows->frame->snap, &g->rows->list[i], &text);
		add_child(g,
			  group_for(g, groups, GROUP_VALUE,
				    frame_hash(VALUE_ID, text.data, text.len), i),
			  i);
	}
	buf_fini(&text);
}

/* ---- by several threads ---- */

/* Starting a thread costs as much as grouping this many rows. */
#define ROWS_WORTH_A_THREAD 8192U

/* Adds the rows from..end to their groups; groups: the index of each by its id. */
typedef void group_rows(struct groups *g, struct map *groups, uint32_t from, uint32_t end);

/* Each thread groups a share of the rows. */
struct sharing {
	group_rows *group;
	struct groups parts[THREAD_CREW_MAX];
	struct map by_id[THREAD_CREW_MAX];
	unsigned int n;
	uint32_t n_rows;
};

static void group_share(void *data, unsigned int share)
{
	struct sharing *s = data;
	uint64_t n = s->n_rows;

	s->group(&s->parts[share], &s->by_id[share], (uint32_t)(n * share / s->n),
		 (uint32_t)(n * (share + 1) / s->n));
}

/* Adds what the same group has of later rows. */
static void join_group(struct groups *g, struct live_group *group, const struct live_group *more)
{
	g->children[group->last].next = more->first;
	group->last = more->last;
	if (group->process == MAP_NONE && more->process != MAP_NONE)
		group->head = more->head;
	if (more->process != MAP_NONE)
		group->process = more->process;
	group->n += more->n;
	group->n_all += more->n_all;
	group->n_away += more->n_away;
	group->n_troubled += more->n_troubled;
	group->n_connections += more->n_connections;
	group->n_new += more->n_new;
	group->n_traced += more->n_traced;
	if (more->n_rates > group->n_rates)
		group->n_rates = more->n_rates;
	if (more->new_ms < group->new_ms)
		group->new_ms = more->new_ms;
	group->rx = rate_sum(group->rx, more->rx);
	group->tx = rate_sum(group->tx, more->tx);
}

static void join(struct groups *g, struct map *by_id, const struct groups *part)
{
	uint32_t before = (uint32_t)g->n_children;

	if (before + part->n_children > g->children_cap) {
		g->children_cap = before + part->n_children;
		g->children = mem_resize(g->children, g->children_cap, sizeof(*g->children));
	}
	for (size_t i = 0; i < part->n_children; i++) {
		struct live_child child = part->children[i];

		child.next += child.next == MAP_NONE ? 0 : before;
		g->children[g->n_children++] = child;
	}
	for (size_t i = 0; i < part->n; i++) {
		struct live_group more = part->list[i];
		bool is_added;
		uint32_t *at = map_add(by_id, more.id, (uint32_t)g->n, &is_added);

		more.at = (uint32_t)g->n;
		more.first += before;
		more.last += before;
		if (is_added)
			*add_group(g, more.kind, more.id, more.head) = more;
		else
			join_group(g, &g->list[*at], &more);
	}
}

static void group_in_shares(struct groups *g, group_rows *group)
{
	struct sharing s = { .group = group, .parts = { *g }, .n_rows = (uint32_t)g->rows->n };

	/* A value may be a name that is looked up now, which is for one thread. */
	s.n = group == group_by_value ? 1 : thread_crew_size(g->rows->n, ROWS_WORTH_A_THREAD);
	for (unsigned int i = 1; i < s.n; i++)
		s.parts[i] = (struct groups){ .rows = g->rows, .by = g->by };
	thread_crew(s.n, group_share, &s);
	*g = s.parts[0];
	for (unsigned int i = 1; i < s.n; i++) {
		join(g, &s.by_id[0], &s.parts[i]);
		groups_fini(&s.parts[i]);
		map_fini(&s.by_id[i]);
	}
	map_fini(&s.by_id[0]);
}

void groups_build(struct groups *g, const struct live_rows *rows, enum live_view view,
		  unsigned int grouping, const struct live_order *order, bool may_hide)
{
	const char *by = grouping_words[grouping];

	g->by = column_find(by, strlen(by));
	g->rows = rows;
	g->n = 0;
	g->n_children = 0;
	switch (view) {
	case VIEW_PORTS:
		group_by_port(g, may_hide);
		break;
	case VIEW_CONNECTIONS:
	case VIEW_CHANGES:
		return;
	case VIEW_PROCESSES:
		group_in_shares(g,
				grouping == GROUPING_PROCESS ? group_by_process : group_by_value);
		break;
	case VIEW_PEERS:
		group_in_shares(g, group_by_peer);
		break;
	}
	groups_sort(g, order);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts rows together by listener, by process and by peer. */
#include <config.h>

#include "live/state_parts.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/columns.h"

#define ELSEWHERE_ID 2U
#define NOTE_ID 16U

static struct live_group *add_group(struct live_state *s, enum live_group_kind kind, uint64_t id,
				    uint32_t head)
{
	struct live_group *group;

	s->groups = mem_grow(s->groups, s->n_groups, &s->groups_cap, sizeof(*s->groups));
	group = &s->groups[s->n_groups++];
	*group = (struct live_group){ .id = id,
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

static void add_child(struct live_state *s, struct live_group *group, uint32_t row)
{
	const struct row_note *note = frame_note(s->frame, &s->rows[row]);
	uint32_t child = (uint32_t)s->n_children;

	s->children = mem_grow(s->children, s->n_children, &s->children_cap, sizeof(*s->children));
	s->children[s->n_children++] = (struct live_child){ .row = row, .next = MAP_NONE };
	if (group->last == MAP_NONE)
		group->first = child;
	else
		s->children[group->last].next = child;
	group->last = child;
	group->n_all++;
	if (note->mark == MARK_CLOSED)
		return;
	group->n++;
	if (note->mark == MARK_NEW) {
		group->n_new++;
		if (note->marked_ms < group->new_ms)
			group->new_ms = note->marked_ms;
	}
	group->rx = rate_sum(group->rx, note->rx);
	group->tx = rate_sum(group->tx, note->tx);
}

/* ---- by listening port ---- */

static uint64_t port_key(const struct sock *sk)
{
	return 1ULL << 63 | (uint64_t)sk->netns << 24 | (uint64_t)sk->proto << 16 | sk->local.port;
}

/* How well a listener fits a connection: 0 not at all, the address itself before a wildcard. */
static int fitness(const struct sock *listener, const struct sock *sk)
{
	if (listener->family == sk->family) {
		if (!memcmp(&listener->local.addr, &sk->local.addr, sizeof(sk->local.addr)))
			return 4;
		return addr_is_any(&listener->local.addr) ? 2 : 0;
	}
	return sock_is_dual_stack(listener) ? 1 : 0;
}

/* Of several listeners at one address (SO_REUSEPORT), the one whose process holds the connection. */
static bool shares_owner(const struct live_state *s, const struct row *a, const struct row *b)
{
	struct owner_span x = row_owners(&s->frame->snap, a), y = row_owners(&s->frame->snap, b);

	for (size_t i = 0; i < x.n; i++)
		for (size_t j = 0; j < y.n; j++)
			if (x.list[i].process == y.list[j].process)
				return true;
	return false;
}

/* next[i] is the next group with the same port as group i. */
static uint32_t find_listener(const struct live_state *s, const struct row *row, uint32_t first,
			      const uint32_t *next)
{
	uint32_t best = MAP_NONE;
	int best_fitness = 0;

	for (uint32_t at = first; at != MAP_NONE; at = next[at]) {
		const struct row *head = &s->rows[s->groups[at].head];
		int fits = 2 * fitness(head->sk, row->sk);

		if (fits && s->groups[at].is_gone)
			fits--;
		if (fits > best_fitness ||
		    (fits && fits == best_fitness && next[first] != MAP_NONE &&
		     shares_owner(s, head, row) &&
		     !shares_owner(s, &s->rows[s->groups[best].head], row))) {
			best = at;
			best_fitness = fits;
		}
	}
	return best;
}

static void add_listeners(struct live_state *s, struct map *by_port, uint32_t **next)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct row_note *note = frame_note(s->frame, &s->rows[i]);
		const struct sock *sk = s->rows[i].sk;
		struct live_group *group;
		uint32_t *first;
		bool is_added;

		if (!sock_is_serving(sk))
			continue;
		group = add_group(s, GROUP_LISTENER, note->id, (uint32_t)i);
		group->is_gone = note->mark == MARK_CLOSED;
		*next = mem_resize(*next, s->n_groups, sizeof(**next));
		first = map_add(by_port, port_key(sk), (uint32_t)(s->n_groups - 1), &is_added);
		(*next)[s->n_groups - 1] = is_added ? MAP_NONE : *first;
		*first = (uint32_t)(s->n_groups - 1);
	}
}

/* May there be connections that were not asked for, or do not show? */
static bool may_hide_connections(const struct live_state *s)
{
	return s->setup.is_listening || !(s->shown & SHOW_ESTABLISHED) || s->filter_text.len;
}

/* With no connection at all, nothing came and nothing went. */
static void rate_the_idle(struct live_state *s)
{
	bool is_rated = s->frame->snap.resolved & NEED_TCP_INFO, may_hide = may_hide_connections(s);

	for (size_t i = 0; i < s->n_groups; i++) {
		struct live_group *group = &s->groups[i];

		if (group->kind != GROUP_LISTENER || group->n || group->is_gone)
			continue;
		group->is_uncounted = may_hide;
		if (is_rated && !may_hide && s->rows[group->head].sk->proto == PROTO_TCP)
			group->rx = group->tx = 0;
	}
}

static void group_by_port(struct live_state *s)
{
	struct map by_port = { 0 };
	uint32_t *next = NULL, elsewhere = MAP_NONE;

	add_listeners(s, &by_port, &next);
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct row *row = &s->rows[i];
		uint32_t first, at;

		if (sock_is_serving(row->sk))
			continue;
		first = map_get(&by_port, port_key(row->sk));
		at = !next || first == MAP_NONE ? MAP_NONE : find_listener(s, row, first, next);
		if (at == MAP_NONE && elsewhere == MAP_NONE) {
			add_group(s, GROUP_ELSEWHERE, ELSEWHERE_ID, MAP_NONE);
			elsewhere = (uint32_t)(s->n_groups - 1);
		}
		add_child(s, &s->groups[at == MAP_NONE ? elsewhere : at], (uint32_t)i);
	}
	rate_the_idle(s);
	map_fini(&by_port);
	free(next);
}

/* ---- by process ---- */

static struct live_group *group_for(struct live_state *s, struct map *groups,
				    enum live_group_kind kind, uint64_t id, uint32_t head)
{
	bool is_added;
	uint32_t *at = map_add(groups, id, (uint32_t)s->n_groups, &is_added);

	if (is_added)
		return add_group(s, kind, id, head);
	return &s->groups[*at];
}

uint64_t group_process_id(int32_t pid, uint64_t start_time)
{
	return frame_hash(frame_hash(1, &pid, sizeof(pid)), &start_time, sizeof(start_time));
}

static void add_to_note(struct live_state *s, struct map *groups, uint32_t row, uint8_t note)
{
	struct live_group *group = group_for(s, groups, GROUP_NOTE, NOTE_ID + note, row);

	group->note = note;
	add_child(s, group, row);
}

static void group_by_process(struct live_state *s)
{
	struct map groups = { 0 };

	for (uint32_t i = 0; i < s->n_rows; i++) {
		const struct row *row = &s->rows[i];
		const struct ghost *ghost = frame_ghost(s->frame, row);
		struct owner_span owners = row_owners(&s->frame->snap, row);

		if (ghost && ghost->owner.pid) {
			uint64_t id = group_process_id(ghost->owner.pid, ghost->owner.start_time);

			add_child(s, group_for(s, &groups, GROUP_PROCESS, id, i), i);
			continue;
		}
		for (size_t j = 0; j < owners.n; j++) {
			const struct process *p = snapshot_process(&s->frame->snap, owners.list[j].process);
			struct live_group *group =
				group_for(s, &groups, GROUP_PROCESS,
					  group_process_id(p->pid, p->start_time), i);

			if (group->process == MAP_NONE)
				group->head = i;
			group->process = owners.list[j].process;
			add_child(s, group, i);
		}
		if (!owners.n)
			add_to_note(s, &groups, i, row->note);
	}
	map_fini(&groups);
}

/* ---- by peer ---- */

uint64_t group_peer_id(const struct sock *sk)
{
	struct addr addr;
	enum addr_family family = addr_unmap((enum addr_family)sk->family, &sk->remote.addr, &addr);

	return frame_hash(family, &addr, sizeof(addr));
}

static void group_by_peer(struct live_state *s)
{
	struct map groups = { 0 };

	for (uint32_t i = 0; i < s->n_rows; i++) {
		const struct sock *sk = s->rows[i].sk;

		if (sock_has(sk, SOCK_HAS_PEER))
			add_child(s, group_for(s, &groups, GROUP_PEER, group_peer_id(sk), i), i);
	}
	map_fini(&groups);
}

/* ---- the order of groups ---- */

/* What qsort() knows of a group. */
struct ordered {
	const struct live_state *s;
	struct live_group group;
	size_t at;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* What is told apart of processes: also of one that ended, so that it stays where it was. */
struct process_name {
	const char *text;
	uint32_t len;
	int32_t pid;
};

static struct process_name name_of(const struct live_state *s, const struct live_group *group)
{
	const struct ghost *ghost = frame_ghost(s->frame, &s->rows[group->head]);
	const struct process *p;

	if (group->process != MAP_NONE) {
		p = snapshot_process(&s->frame->snap, group->process);
		return (struct process_name){ p->name, p->name_len, p->pid };
	}
	return (struct process_name){ s->frame->ghost_text.data + ghost->owner.process_at,
				      ghost->owner.name_len, ghost->owner.pid };
}

static int compare_names(const struct live_state *s, const struct live_group *a,
			 const struct live_group *b)
{
	struct process_name p = name_of(s, a), q = name_of(s, b);
	int order = memcmp(p.text, q.text, p.len < q.len ? p.len : q.len);

	if (!order)
		order = compare_numbers(p.len, q.len);
	return order ? order : (p.pid > q.pid) - (p.pid < q.pid);
}

static int compare_peers(const struct live_state *s, const struct live_group *a,
			 const struct live_group *b)
{
	const struct sock *x = s->rows[a->head].sk, *y = s->rows[b->head].sk;

	return addr_compare((enum addr_family)x->family, &x->remote.addr,
			    (enum addr_family)y->family, &y->remote.addr);
}

/* Unknown rates stand last, either way: *is_fixed then. */
static int compare_rates(uint64_t a, uint64_t b, bool *is_fixed)
{
	*is_fixed = a == RATE_UNKNOWN || b == RATE_UNKNOWN;
	return compare_numbers(a, b);
}

static int compare_by_sort(const struct ordered *x, const struct ordered *y, bool *is_fixed)
{
	const struct live_column *sort = state_view_const(x->s)->sort;

	if (!sort)
		return 0;
	switch (sort->special) {
	case SPECIAL_CONN:
		*is_fixed = x->group.is_uncounted || y->group.is_uncounted;
		if (*is_fixed)
			return (int)x->group.is_uncounted - (int)y->group.is_uncounted;
		return compare_numbers(x->group.n, y->group.n);
	case SPECIAL_RX:
		return compare_rates(x->group.rx, y->group.rx, is_fixed);
	case SPECIAL_TX:
		return compare_rates(x->group.tx, y->group.tx, is_fixed);
	case SPECIAL_TREE:
	case SPECIAL_END:
		if (x->group.kind == GROUP_PROCESS)
			return compare_names(x->s, &x->group, &y->group);
		return x->group.kind == GROUP_PEER ? compare_peers(x->s, &x->group, &y->group) : 0;
	case SPECIAL_NONE:
		break;
	}
	return 0;
}

static int compare_groups(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	bool is_fixed = false;
	int order;

	/* Kinds stand in the order of the enumeration: what has no listener or owner comes last. */
	if (x->group.kind != y->group.kind)
		return (int)x->group.kind - (int)y->group.kind;
	order = compare_by_sort(x, y, &is_fixed);
	if (order)
		return state_view_const(x->s)->is_descending && !is_fixed ? -order : order;
	return compare_numbers(x->at, y->at);
}

static void sort_groups(struct live_state *s)
{
	struct ordered *order;

	if (s->n_groups < 2)
		return;
	order = mem_resize(NULL, s->n_groups, sizeof(*order));
	for (size_t i = 0; i < s->n_groups; i++)
		order[i] = (struct ordered){ .s = s, .group = s->groups[i], .at = i };
	qsort(order, s->n_groups, sizeof(*order), compare_groups);
	for (size_t i = 0; i < s->n_groups; i++)
		s->groups[i] = order[i].group;
	free(order);
}

void state_group(struct live_state *s)
{
	s->n_groups = 0;
	s->n_children = 0;
	switch (s->view) {
	case VIEW_PORTS:
		group_by_port(s);
		break;
	case VIEW_CONNECTIONS:
		return;
	case VIEW_PROCESSES:
		group_by_process(s);
		break;
	case VIEW_PEERS:
		group_by_peer(s);
		break;
	}
	sort_groups(s);
}

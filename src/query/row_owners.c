/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the owner processes of rows, or the reason why a row has none. */
#include <config.h>

#include "query/row_owners.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "model/listener.h"
#include "model/port_list.h"
#include "model/port_set.h"
#include "query/collect.h"
#include "query/columns.h"
#include "query/leads_find.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "resolve/resolver.h"

/* The rows whose owners are wanted: those that are listed, then those at their other ends. */
static size_t count_rows(const struct snapshot *snap)
{
	return snap->n_rows + snap->ends.n;
}

static struct row *row_at(const struct snapshot *snap, size_t i)
{
	return i < snap->n_rows ? &snap->rows[i] : &snap->ends.list[i - snap->n_rows];
}

static enum owner_note note_of(const struct sock *sk)
{
	if (sock_is_forward(sk))
		return NOTE_NONE;
	if (sk->state == SOCK_STATE_TIME_WAIT)
		return NOTE_TIME_WAIT;
	if (sock_has(sk, SOCK_NOT_ACCEPTED))
		return NOTE_NOT_ACCEPTED;
	/* No inode: the process has closed it, and the kernel is finishing the connection. */
	return sock_has(sk, SOCK_HAS_INODE) ? NOTE_NOT_ASKED : NOTE_GONE;
}

/* A condition for sockets at these local ports. */
static void ports_cond(const struct port_set *ports, struct cond *out)
{
	struct cond_node leaf = { .kind = COND_LOCAL_PORT, .ports = port_list_of(ports) };

	cond_init(out);
	out->root = cond_leaf(out, &leaf);
	port_list_fini(&leaf.ports);
}

/* Lists the sockets at these local ports again, into a table of their own. */
static void list_ports(const struct sources *sources, const struct source_query *query,
		       const struct port_set *ports, struct sock_table *table)
{
	struct source_query again = *query;
	struct collected collected;
	struct cond cond;

	ports_cond(ports, &cond);
	again.is_aside = true;
	again.extras = 0;
	again.cond = &cond;
	collect(sources, &again, table, &collected);
	cond_fini(&cond);
}

struct listeners {
	const struct sock **list; /* sorted by port */
	size_t n;
	size_t cap;
};

static int by_port(const void *a, const void *b)
{
	const struct sock *const *x = a, *const *y = b;

	return (int)(*x)->local.port - (int)(*y)->local.port;
}

static void listeners_init(struct listeners *l, const struct sock_table *table,
			   const struct port_set *ports)
{
	*l = (struct listeners){ 0 };
	for (size_t i = 0; i < table->n; i++) {
		const struct sock *sk = &table->socks[i];

		if (sk->state != SOCK_STATE_LISTEN || !port_set_has(ports, sk->local.port))
			continue;
		l->list = mem_grow(l->list, l->n, &l->cap, sizeof(*l->list));
		l->list[l->n++] = sk;
	}
	if (l->n)
		qsort(l->list, l->n, sizeof(*l->list), by_port);
}

/*
 * The listener of a connection that is not accepted yet.  If several listeners match
 * (SO_REUSEPORT), the only one with a backlog; NULL if there is not just one.
 */
static const struct sock *listener_of(const struct listeners *l, const struct sock *sk)
{
	const struct sock *best = NULL, *busy = NULL;
	unsigned int best_fit = 0, n_best = 0, n_busy = 0;
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->list[mid]->local.port < sk->local.port)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = low; i < l->n && l->list[i]->local.port == sk->local.port; i++) {
		unsigned int score = listener_fit(l->list[i], sk);

		if (score > best_fit) {
			best_fit = score;
			n_best = n_busy = 0;
			best = busy = NULL;
		}
		if (!score || score < best_fit)
			continue;
		best = l->list[i];
		n_best++;
		if (l->list[i]->recv_q) {
			busy = l->list[i];
			n_busy++;
		}
	}
	if (n_best == 1)
		return best;
	return n_busy == 1 && sk->state != SOCK_STATE_SYN_RECV ? busy : NULL;
}

/* The value of struct row's held for a listener. */
static uint32_t number_of(const struct sock_table *table, const struct sock *listener)
{
	return listener ? (uint32_t)(listener - table->socks) + ROW_HELD_LISTENER : ROW_HELD_NONE;
}

static void find_listeners(struct snapshot *snap, const struct plan *plan,
			   const struct sources *sources, const struct port_set *ports)
{
	const struct sock_table *table = &snap->table;
	struct listeners listeners;

	if (!plan_brings_listeners(plan) && !sources->is_replay) {
		struct source_query query = plan->query;

		query.families = FAMILY_ALL;
		query.states = STATE_BIT(SOCK_STATE_LISTEN);
		list_ports(sources, &query, ports, &snap->listeners);
		table = &snap->listeners;
	}
	listeners_init(&listeners, table, ports);
	for (size_t i = 0; i < count_rows(snap); i++) {
		struct row *row = row_at(snap, i);

		if (row->owner_note == NOTE_NOT_ACCEPTED)
			row->held = number_of(table, listener_of(&listeners, row->sk));
	}
	free(listeners.list);
}

void row_owners_note(struct snapshot *snap, const struct plan *plan, const struct sources *sources)
{
	struct port_set ports = { 0 };
	bool is_waiting = false;

	for (size_t i = 0; i < count_rows(snap); i++) {
		struct row *row = row_at(snap, i);
		uint16_t port = row->sk->local.port;

		row->owner_note = (uint8_t)note_of(row->sk);
		row->held = row->owner_note == NOTE_NOT_ASKED ? ROW_HELD_ITSELF : ROW_HELD_NONE;
		if (row->owner_note != NOTE_NOT_ACCEPTED)
			continue;
		port_set_add(&ports, (struct port_range){ port, port });
		is_waiting = true;
	}
	if (is_waiting && (plan->needs & NEED_OWNERS))
		find_listeners(snap, plan, sources, &ports);
}

/* Lists unheld sockets again: those that have disappeared are gone. */
static void tell_gone_from_unheld(struct snapshot *snap, const struct plan *plan,
				  const struct sources *sources)
{
	struct port_set ports = { 0 };
	struct sock_table now = { 0 };
	bool any = false;

	for (size_t i = 0; i < count_rows(snap); i++) {
		const struct row *row = row_at(snap, i);
		uint16_t port = row->sk->local.port;

		if (row->owner_note != NOTE_UNHELD)
			continue;
		port_set_add(&ports, (struct port_range){ port, port });
		any = true;
	}
	if (!any || sources->is_replay)
		return;
	list_ports(sources, &plan->query, &ports, &now);
	for (size_t i = 0; i < count_rows(snap); i++) {
		struct row *row = row_at(snap, i);

		if (row->owner_note == NOTE_UNHELD && sock_table_add(&now, row->sk))
			row->owner_note = NOTE_GONE;
	}
	sock_table_fini(&now);
}

/* Does the row have the owners of a listener, or of a datagram socket without a peer? */
static bool is_serving(const struct row *row)
{
	const struct sock *sk = row->sk;

	if (row->owner_note == NOTE_NOT_ACCEPTED || sk->state == SOCK_STATE_LISTEN)
		return true;
	return sk->state == SOCK_STATE_BOUND && proto_is_datagram((enum sock_proto)sk->proto);
}

/*
 * May both be the same socket?  An MPTCP socket is also in the TCP table, once per path, each time
 * with the same inode number.
 */
static bool may_be_one(const struct sock *a, const struct sock *b)
{
	const unsigned int tcp = PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_MPTCP);
	bool is_listener = a->state == SOCK_STATE_LISTEN;

	if (a->cookie == b->cookie)
		return true;
	if (!(PROTO_BIT(a->proto) & tcp) || !(PROTO_BIT(b->proto) & tcp) ||
	    is_listener != (b->state == SOCK_STATE_LISTEN))
		return false;
	return !is_listener || a->local.port == b->local.port;
}

/* Finds inode numbers shared by several listed sockets whose owners were found by number. */
static void find_shared(const struct snapshot *snap, struct map *shared)
{
	struct map first_rows = { 0 };

	for (size_t i = 0; i < count_rows(snap); i++) {
		const struct row *row = row_at(snap, i);
		const struct sock *held = row_held(snap, row);
		uint32_t first;

		if (!held || !owners_go_by_number(row_owners(snap, row)))
			continue;
		first = *map_add(&first_rows, held->inode, (uint32_t)i, NULL);
		if (!may_be_one(row_held(snap, row_at(snap, first)), held))
			map_add(shared, held->inode, 0, NULL);
	}
	map_fini(&first_rows);
}

/* Marks rows whose owners may hold another socket with the same inode number. */
static void note_ambiguous(struct snapshot *snap)
{
	struct map shared = { 0 };

	find_shared(snap, &shared);
	for (size_t i = 0; i < count_rows(snap); i++) {
		struct row *row = row_at(snap, i);
		struct owner_span owners = row_owners(snap, row);

		if (!owners_are_ambiguous(owners) &&
		    (!owners_go_by_number(owners) ||
		     map_get(&shared, owners.list->inode) == MAP_NONE))
			continue;
		if (row->owner_note == NOTE_NOT_ACCEPTED)
			row->held = ROW_HELD_NONE;
		else
			row->owner_note = NOTE_AMBIGUOUS;
	}
	map_fini(&shared);
}

static const struct {
	unsigned int needs; /* enum need bits, any of them */
	unsigned int flag; /* enum owners_scan_flags */
} flags_for[] = {
	{ NEED_CMDLINES | NEED_FORWARDS, OWNERS_WITH_CMDLINES },
	{ NEED_STARTS, OWNERS_WITH_STARTS },
	{ NEED_LINKS, OWNERS_WITH_LINKS },
	{ NEED_PARENTS, OWNERS_WITH_PARENTS },
	{ NEED_ANCESTORS, OWNERS_WITH_ANCESTORS },
};

/* Who shows a snapshot for a while asks for the process of each row again and again. */
static void note_processes(struct snapshot *snap)
{
	for (size_t i = 0; i < snap->n_rows; i++) {
		struct row *row = &snap->rows[i];
		struct owner_span span;

		if (row->held != ROW_HELD_ITSELF || row->owner_note != NOTE_NONE)
			continue;
		span = row_owners(snap, row);
		if (span.n == 1)
			row->held = ROW_HELD_BY | span.list->process;
	}
}

int row_owners_find(struct snapshot *snap, const struct plan *plan, const struct sources *sources)
{
	struct owners *owners = snap->names->owners;
	struct owner_key *keys = mem_resize(NULL, count_rows(snap) + snap->leads.n, sizeof(*keys));
	unsigned int flags = OWNERS_OF_SERVING;
	bool is_any_missing, may_be_hidden;
	size_t n = 0;
	int err;

	for (size_t i = 0; i < count_rows(snap); i++) {
		const struct sock *held = row_held(snap, row_at(snap, i));

		if (!held)
			continue;
		keys[n++] = (struct owner_key){ held->cookie, held->inode };
		if (!is_serving(row_at(snap, i)))
			flags &= ~(unsigned int)OWNERS_OF_SERVING;
	}
	n += leads_owner_keys(&snap->leads, keys + n);
	for (size_t i = 0; i < sizeof(flags_for) / sizeof(*flags_for); i++)
		if (plan->needs & flags_for[i].needs)
			flags |= flags_for[i].flag;
	if (snap->resolved & NEED_UNITS)
		flags |= OWNERS_WITH_CGROUPS;
	err = owners_scan(owners, keys, n, flags);
	free(keys);
	snap->resolved |= NEED_OWNERS | (plan->needs & NEEDS_OF_EACH_OWNER);
	if (owners_may_be_ambiguous(owners))
		note_ambiguous(snap);
	/* Looking up the owners of every row is slow, and usually none is missing. */
	is_any_missing = owners_missing(owners);
	may_be_hidden = err || !owners_is_complete(owners);
	for (size_t i = 0; i < count_rows(snap); i++) {
		struct row *row = row_at(snap, i);

		if (row->owner_note != NOTE_NOT_ASKED)
			continue;
		if (!is_any_missing || row_owners(snap, row).n)
			row->owner_note = NOTE_NONE;
		else
			row->owner_note = may_be_hidden ? NOTE_HIDDEN : NOTE_UNHELD;
	}
	tell_gone_from_unheld(snap, plan, sources);
	if (plan->request.is_repeated)
		note_processes(snap);
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the other ends of connections on this machine. */
#include <config.h>

#include "query/ends_find.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/cond.h"
#include "model/port_list.h"
#include "model/port_set.h"
#include "query/collect.h"
#include "query/columns.h"
#include "query/ends_candidates.h"
#include "query/namespaces.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "resolve/paths.h"

/* A condition on more ports costs the kernel more than it saves here. */
#define PORTS_WORTH_A_CONDITION 16U

/* A socket whose packets arrive changed by NAT, and where. */
struct target {
	struct place place;
	const struct sock *sk;
};

struct finder {
	struct snapshot *snap;
	const struct plan *plan;
	const struct sources *sources;
	struct paths *paths; /* NULL: the kernel cannot be asked, as with a recording */
	struct candidates candidates;
	struct target *targets;
	size_t n_targets;
	size_t targets_cap;
};

static bool is_in_table(const struct finder *f, const struct sock *sk)
{
	uintptr_t first = (uintptr_t)f->snap->table.socks;

	return (uintptr_t)sk - first < f->snap->table.n * sizeof(*sk);
}

/* Each is the other's other end. */
static void join(struct finder *f, const struct sock *sk, const struct sock *other)
{
	ends_add(f->snap, sk, other);
	if (is_in_table(f, other) && other != sk)
		ends_add(f->snap, other, sk);
}

/* ---- sockets that are not rows ---- */

/* Which sockets are wanted. */
struct question {
	struct port_set ports; /* their local ports */
	unsigned int protos; /* PROTO_BIT()s */
};

static void question_add(struct question *q, const struct sock *sk, uint16_t port)
{
	q->protos |= PROTO_BIT(sk->proto);
	port_set_add(&q->ports, (struct port_range){ port, port });
}

static void list_sockets(const struct finder *f, const struct question *q, struct sock_table *table)
{
	struct cond_node leaf = { .kind = COND_LOCAL_PORT, .ports = port_list_of(&q->ports) };
	struct source_query query = f->plan->query;
	struct collected collected;
	struct cond cond;

	cond_init(&cond);
	if (leaf.ports.n <= PORTS_WORTH_A_CONDITION)
		cond.root = cond_leaf(&cond, &leaf);
	port_list_fini(&leaf.ports);
	query.protos = q->protos;
	query.families = FAMILY_ALL;
	query.extras = 0;
	query.cond = &cond;
	query.is_aside = true;
	collect(f->sources, &query, table, &collected);
	cond_fini(&cond);
}

/* Requests the sockets of a question, unless the plan's query brought everything, as for listeners. */
static void ask(struct finder *f, const struct question *q, struct sock_table *table)
{
	if (!q->protos || f->snap->is_replay || plan_brings_listeners(f->plan))
		return;
	list_sockets(f, q, table);
	candidates_add(&f->candidates, table);
}

static void ask_for_rows(struct finder *f)
{
	struct question *q = mem_calloc(1, sizeof(*q));

	for (size_t i = 0; i < f->snap->n_rows; i++) {
		const struct sock *sk = f->snap->rows[i].sk;

		if (sock_has_other_end(sk))
			question_add(q, sk, sk->remote.port);
	}
	ask(f, q, &f->snap->ends.asked[0]);
	free(q);
}

/* ---- without NAT ---- */

static struct place place_of(const struct sock *sk)
{
	return (struct place){
		.flow = flow_of(sk),
		.bound = sock_has(sk, SOCK_HAS_IFACE) ? sk->ifindex : 0,
		.netns = sk->netns,
	};
}

/* Do packets for their address certainly stay in their namespace? */
static bool is_at_home(const struct finder *f, const struct place *at)
{
	enum addr_family family = (enum addr_family)at->flow.family;
	const struct addr *to = &at->flow.to.addr;

	return !memcmp(to, &at->flow.from.addr, sizeof(*to)) ||
	       own_addrs_has(&f->snap->own_addrs, at->netns, family, to);
}

static const struct sock *answer_of(const struct finder *f, const struct sock *sk)
{
	struct place at = place_of(sk);

	if (!is_at_home(f, &at) && (!candidates_may_answer(&f->candidates, &at) || !f->paths ||
				    !paths_follow(f->paths, &at, false)))
		return NULL;
	return candidates_answer(&f->candidates, sk, &at);
}

/* Each must be the other's other end: another socket may send the same to one of them. */
static const struct sock *find_mirrored(const struct finder *f, const struct sock *sk)
{
	const struct sock *other = answer_of(f, sk);

	/* In one namespace there is only one connection with these ends. */
	if (other && proto_rows[sk->proto].is_like_tcp && other->netns == sk->netns)
		return other;
	return other && answer_of(f, other) == sk ? other : NULL;
}

/* ---- with NAT ---- */

/* Follows what a socket sends to where it arrives; false where no NAT changes it on its way. */
static bool follow_nat(const struct finder *f, const struct sock *sk, struct place *at)
{
	bool is_alone = !namespaces_are_chosen(f->sources->namespaces);
	struct flow sent, out;

	*at = place_of(sk);
	sent = at->flow;
	/* Most connections leave this machine: do not follow them where nobody else can do NAT. */
	if (is_alone && paths_nat(f->paths, at->netns, &sent, &out) != NAT_REWRITES)
		return false;
	return paths_follow(f->paths, at, true) && !flow_is_equal(&sent, &at->flow);
}

static const struct sock *answer_behind_nat(const struct finder *f, const struct sock *sk)
{
	struct place at;

	return follow_nat(f, sk, &at) ? candidates_answer(&f->candidates, sk, &at) : NULL;
}

static void find_behind_nat(struct finder *f)
{
	struct question *q = mem_calloc(1, sizeof(*q));

	for (size_t i = 0; i < f->snap->n_rows; i++) {
		const struct sock *sk = f->snap->rows[i].sk;
		struct place at;

		if (ends_has(f->snap, sk) || !sock_has_other_end(sk) || !follow_nat(f, sk, &at))
			continue;
		question_add(q, sk, at.flow.to.port);
		f->targets =
			mem_grow(f->targets, f->n_targets, &f->targets_cap, sizeof(*f->targets));
		f->targets[f->n_targets++] = (struct target){ at, sk };
	}
	ask(f, q, &f->snap->ends.asked[1]);
	free(q);
	for (size_t i = 0; i < f->n_targets; i++) {
		const struct sock *sk = f->targets[i].sk;
		const struct sock *other =
			candidates_answer(&f->candidates, sk, &f->targets[i].place);

		if (other && answer_behind_nat(f, other) == sk)
			join(f, sk, other);
	}
}

/* ---- */

/* The other ends that addresses and ports alone tell. */
static void find_all_mirrored(struct finder *f)
{
	for (size_t i = 0; i < f->snap->n_rows; i++) {
		const struct sock *sk = f->snap->rows[i].sk, *other = NULL;

		if (sock_has_other_end(sk) && !ends_has(f->snap, sk))
			other = find_mirrored(f, sk);
		if (other)
			join(f, sk, other);
	}
}

static bool has_connections(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->n_rows; i++)
		if (sock_has_other_end(snap->rows[i].sk))
			return true;
	return false;
}

void ends_find(struct snapshot *snap, const struct plan *plan, const struct sources *sources)
{
	const struct namespaces *n = sources->namespaces;
	struct finder f = { .snap = snap, .plan = plan, .sources = sources };

	if (!(plan->needs & NEED_PEERS) || !has_connections(snap))
		return;
	ends_begin(snap);
	/* A filter drops rows later, as who takes one snapshot may, and a sort moves them. */
	if (plan->request.is_repeated && !plan->request.filter && !plan->request.n_sort)
		ends_refer_to_rows(snap);
	if (n && !snap->is_replay)
		f.paths = paths_new(namespaces_are_chosen(n) ? &n->found : NULL, &snap->own_addrs,
				    n->proc_root);
	candidates_add(&f.candidates, &snap->table);
	ask_for_rows(&f);
	find_all_mirrored(&f);
	if (f.paths)
		find_behind_nat(&f);
	paths_free(f.paths);
	candidates_fini(&f.candidates);
	free(f.targets);
}

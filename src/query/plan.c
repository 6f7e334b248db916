/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Derives what to request from the kernel and what to resolve from what the user requested. */
#include <config.h>

#include "query/plan.h"

#include "model/sock_table.h"
#include "query/columns.h"
#include "query/expected.h"
#include "query/filter.h"
#include "query/listening.h"

static uint32_t bits_leaf(struct cond *c, enum cond_kind kind, unsigned int bits)
{
	return cond_leaf(c, &(struct cond_node){ .kind = (uint8_t)kind, .bits = bits });
}

/* Is the local address in ::ffff:0:0/96 (is_mapped), or is it ::? */
static uint32_t local_leaf(struct cond *c, bool is_mapped, bool is_negated)
{
	struct cond_node leaf = {
		.kind = COND_LOCAL_ADDR,
		.is_negated = is_negated,
		.prefix = { .family = ADDR_INET6, .len = is_mapped ? 96 : 128 },
	};

	if (is_mapped)
		leaf.prefix.addr.bytes[10] = leaf.prefix.addr.bytes[11] = 0xff;
	return cond_leaf(c, &leaf);
}

/*
 * -4 selects everything related to IPv4: also IPv6 sockets that accept IPv4.  -6 excludes sockets
 * with v4-mapped addresses (RFC 3493 section 3.7), which the kernel regards as IPv6.
 */
static uint32_t family_cond(struct cond *c, unsigned int families)
{
	uint32_t any;

	if (families == FAMILY_ALL)
		return COND_TRUE_AT;
	if (families == FAMILY_BIT(ADDR_INET6))
		return local_leaf(c, true, true);
	any = cond_or(c, local_leaf(c, true, false), local_leaf(c, false, false));
	return cond_or(c, bits_leaf(c, COND_FAMILY, FAMILY_BIT(ADDR_INET)), any);
}

/* If it is unknown whether a wildcard address accepts IPv4, assume that it does. */
static bool may_serve_v4(const struct sock *sk)
{
	return sk->proto != PROTO_RAW && !sock_is_forward(sk) && !sock_has(sk, SOCK_HAS_PEER) &&
	       addr_is_any(&sk->local.addr) && !(sock_has(sk, SOCK_HAS_V6ONLY) && sk->v6only);
}

static bool is_of_families(const struct sock *sk, unsigned int families)
{
	bool is_mapped = sk->family == ADDR_INET6 && addr_is_v4_mapped(&sk->local.addr);

	if (families == FAMILY_ALL)
		return true;
	if (families == FAMILY_BIT(ADDR_INET6))
		return sk->family == ADDR_INET6 && !is_mapped;
	return sk->family == ADDR_INET || is_mapped || may_serve_v4(sk);
}

static unsigned int shown_needs(const struct plan_request *request)
{
	unsigned int needs = 0;

	for (size_t i = 0; i < request->n_columns; i++)
		needs |= request->columns[i]->needs;
	needs &= ~request->hidden;
	for (size_t i = 0; i < request->n_sort; i++)
		needs |= request->sort[i].column->needs;
	return needs;
}

static unsigned int extras_for(unsigned int needs)
{
	unsigned int extras = 0;

	if (needs & NEED_TCP_INFO)
		extras |=
			SOCK_EXTRA_BIT(SOCK_EXTRA_TCP_INFO) | SOCK_EXTRA_BIT(SOCK_EXTRA_CONGESTION);
	if (needs & NEED_MEMORY)
		extras |= SOCK_EXTRA_BIT(SOCK_EXTRA_MEMORY);
	if (needs & NEED_TRAFFIC)
		extras |= SOCK_EXTRA_BIT(SOCK_EXTRA_TRAFFIC);
	if (needs & NEED_DROPS)
		extras |= SOCK_EXTRA_BIT(SOCK_EXTRA_DROPS);
	if (needs & NEED_MPTCP)
		extras |= SOCK_EXTRA_BIT(SOCK_EXTRA_MPTCP);
	return extras;
}

/* Proxies are found by the owners of sockets. */
static void plan_forwards(struct plan *plan)
{
	if (plan->request.has_forwards && plan->request.n_columns)
		plan->shown |= NEED_FORWARDS;
	if (plan->shown & NEED_FORWARDS)
		plan->shown |= NEED_OWNERS;
	plan->needs |= plan->shown;
	if (plan->needs & NEED_FORWARDS)
		plan->needs |= NEED_OWNERS;
	if (plan->request.has_forwards)
		plan->needs |= NEED_FORWARDS;
}

void plan_init(struct plan *plan, const struct plan_request *request)
{
	*plan = (struct plan){ .request = *request, .is_exact = true };
	if (request->filter && request->in_kernel)
		filter_cond(request->filter, request->names, request->may_mark, &plan->cond,
			    &plan->is_exact);
	else
		cond_init(&plan->cond);
	if (request->is_listening)
		plan->cond.root =
			cond_and(&plan->cond, plan->cond.root, listening_cond(&plan->cond));
	plan->families = request->families ? request->families : FAMILY_ALL;
	plan->cond.root =
		cond_and(&plan->cond, plan->cond.root, family_cond(&plan->cond, plan->families));
	plan->shown = shown_needs(request);
	plan->needs = plan->shown | request->also;
	if (request->filter)
		plan->needs |= filter_needs(request->filter);
	if (request->expected)
		plan->needs |= expected_needs(request->expected);
	plan_forwards(plan);
	/* There are candidates where owners are hidden. */
	if (plan->shown & NEED_CANDIDATES)
		plan->shown |= NEED_OWNERS;
	if (plan->needs & NEED_CANDIDATES)
		plan->needs |= NEED_OWNERS;
	plan->query = (struct source_query){
		.protos = request->protos ? request->protos
					  : PROTO_ALL & ~protos_where(proto_is_on_request),
		.families = plan->families & FAMILY_BIT(ADDR_INET) ? FAMILY_ALL : plan->families,
		.states = STATE_ALL,
		.extras = extras_for(plan->needs),
		.cond = &plan->cond,
	};
}

void plan_fini(struct plan *plan)
{
	cond_fini(&plan->cond);
}

bool plan_selects(const struct plan *plan, const struct sock *sk)
{
	if (!(plan->query.protos & PROTO_BIT(sk->proto)) || !is_of_families(sk, plan->families))
		return false;
	return !plan->request.is_listening || sock_is_forward(sk) || is_listening(sk);
}

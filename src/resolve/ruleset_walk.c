/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks the rules as new packets would. */
#include <config.h>

#include "resolve/ruleset_walk.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <string.h>

#include "base/buf.h"
#include "resolve/rule_state.h"
#include "resolve/xt_blob.h"

/* Jumps, and look-ups within a rule, each of which may rule_split the packets. */
#define DEPTH_MAX 64

/* Where packets can be after a rule or a chain. */
#define GO_ON 1U /* at the next rule */
#define RETURN 2U /* behind the rule that called this chain */

struct walker {
	struct walk *walk;
	uint32_t chains[WALK_CHAINS_MAX];
	unsigned int n_chains;
	unsigned int depth;
	bool is_exhausted;
};

static unsigned int run_rule(struct walker *w, uint32_t rule, uint32_t at, struct rule_state *st);

static void report(struct walker *w, uint32_t rule, const struct rule_state *st,
		   enum outcome_kind kind, const struct nat_target *target, struct nft_span name)
{
	struct outcome o = { .kind = kind,
			     .packets = st->packets,
			     .depends = st->depends,
			     .why = st->why,
			     .name = st->why == FACT_OTHER ? st->name : name,
			     .rule = rule,
			     .n_chains = w->n_chains };

	if (target)
		o.target = *target;
	memcpy(o.chains, w->chains, w->n_chains * sizeof(*o.chains));
	w->walk->found(w->walk->data, &o);
}

static bool is_exhausted(struct walker *w, uint32_t rule, const struct rule_state *st)
{
	if (w->walk->steps_left) {
		w->walk->steps_left--;
		return false;
	}
	if (!w->is_exhausted)
		report(w, rule, st, OUTCOME_UNKNOWN, NULL, (struct nft_span){ 0 });
	w->is_exhausted = true;
	return true;
}

static unsigned int ended(const struct rule_state *st)
{
	return st->is_partial ? GO_ON : 0;
}

/*
 * ---- chains -------------------------------------------------------------------------------------
 */

static unsigned int run_chain(struct walker *w, uint32_t chain, const struct rule_state *entry)
{
	const struct ruleset *rs = w->walk->rs;
	unsigned int result = 0, where = GO_ON;
	struct rule_state fresh = { .packets = entry->packets,
				    .depends = entry->depends,
				    .why = entry->why,
				    .name = entry->name };
	uint8_t tracking = w->walk->tracking;
	bool is_mixed = false;

	cells_set_unknown(fresh.regs, 0, sizeof(fresh.regs) / sizeof(*fresh.regs), FACT_PACKET);
	w->chains[w->n_chains++] = chain;
	for (uint32_t r = rs->chains[chain].first_rule; r != NFT_NONE && where & GO_ON;
	     r = rs->rules[r].next) {
		struct rule_state st = fresh;

		st.packets.tracking = w->walk->tracking;
		where = run_rule(w, r, 0, &st);
		/* What returns meets what a later rule did not track. */
		if (where & RETURN) {
			is_mixed |= result && tracking != w->walk->tracking;
			tracking = w->walk->tracking;
		}
		result |= where & RETURN;
	}
	if (is_mixed || (result && tracking != w->walk->tracking))
		w->walk->tracking = TRACKING_UNSURE;
	w->n_chains--;
	return result | (where & GO_ON ? RETURN : 0);
}

static unsigned int call(struct walker *w, uint32_t rule, const struct rule_state *st,
			 uint32_t chain, bool is_goto)
{
	unsigned int where;

	if (chain == NFT_NONE || w->n_chains == WALK_CHAINS_MAX || w->depth == DEPTH_MAX) {
		report(w, rule, st, OUTCOME_UNKNOWN, NULL, (struct nft_span){ 0 });
		return GO_ON;
	}
	w->depth++;
	where = run_chain(w, chain, st);
	w->depth--;
	if (!(where & RETURN))
		return ended(st);
	return (is_goto ? RETURN : GO_ON) | ended(st);
}

static unsigned int give_verdict(struct walker *w, uint32_t rule, const struct rule_state *st,
				 int32_t code, uint32_t chain)
{
	if (code == NFT_JUMP || code == NFT_GOTO)
		return call(w, rule, st, chain, code == NFT_GOTO);
	if (code == NFT_CONTINUE)
		return GO_ON;
	if (code == NFT_RETURN)
		return RETURN | ended(st);
	if (code == NF_ACCEPT)
		report(w, rule, st, OUTCOME_PASSES, NULL, (struct nft_span){ 0 });
	else if (code == NF_DROP)
		report(w, rule, st, OUTCOME_DROPPED, NULL, (struct nft_span){ 0 });
	else
		report(w, rule, st, OUTCOME_UNKNOWN, NULL, (struct nft_span){ 0 });
	return ended(st);
}

/*
 * ---- rules --------------------------------------------------------------------------------------
 */

/* The path goes on with what the element gives: its verdict, or its data in a register. */
static unsigned int take_elem(struct walker *w, uint32_t rule, uint32_t at,
			      const struct nft_elem *elem, struct rule_state *st)
{
	const struct ruleset *rs = w->walk->rs;
	const struct nft_expr *e = &rs->exprs[rs->rules[rule].first_expr + at];
	unsigned int where;

	if (rs->sets[e->u.set].flags & NFT_SET_MAP) {
		if (e->dreg == NFT_NO_REG)
			return give_verdict(w, rule, st, elem->verdict, elem->chain);
		if (cells_fit(e->dreg, elem->data.len))
			cells_set_known(st->regs, e->dreg, ruleset_bytes(rs, elem->data),
					elem->data.len);
	}
	w->depth++;
	where = run_rule(w, rule, at + 1, st);
	w->depth--;
	return where;
}

/* How a key fares with the set as a whole, where it does not matter with which element. */
static enum match match_set(struct walker *w, const struct nft_set *set,
			    const struct rule_state *st, uint8_t sreg, enum fact *why)
{
	const struct ruleset *rs = w->walk->rs;
	enum match result = MATCH_NO;

	for (uint32_t i = 0; i < set->n_elems && result != MATCH_YES; i++) {
		const struct nft_elem *elem = &rs->elems[set->first_elem + i];
		struct packets p = st->packets;
		enum match m = MATCH_YES;

		if (!w->walk->steps_left)
			return MATCH_DEPENDS;
		w->walk->steps_left--;
		if (!(elem->flags & NFT_SET_ELEM_CATCHALL))
			m = rule_match_elem(rs, set, elem, st->regs + sreg, &p, why);
		if (m == MATCH_SOME)
			*why = packets_narrowed(&st->packets, &p);
		if (m == MATCH_YES || (m != MATCH_NO && result == MATCH_NO))
			result = m == MATCH_YES ? MATCH_YES : MATCH_DEPENDS;
	}
	return result;
}

/* Each element that the key can be is a path, and that it is none is one. */
static unsigned int try_elems(struct walker *w, uint32_t rule, uint32_t at,
			      const struct nft_set *set, const struct rule_state *st)
{
	const struct ruleset *rs = w->walk->rs;
	uint8_t sreg = rs->exprs[rs->rules[rule].first_expr + at].sreg;
	const struct nft_elem *rest = NULL;
	unsigned int where = 0;
	bool is_found = false;

	for (uint32_t i = 0; i < set->n_elems; i++) {
		const struct nft_elem *elem = &rs->elems[set->first_elem + i];
		struct rule_state next = *st;
		enum fact why = FACT_PACKET;
		enum match m;

		if (is_exhausted(w, rule, st))
			return 0;
		if (elem->flags & NFT_SET_ELEM_CATCHALL) {
			rest = elem;
			continue;
		}
		m = rule_match_elem(rs, set, elem, st->regs + sreg, &next.packets, &why);
		if (!rule_take_match(&next, &st->packets, m, why, st->loaded))
			continue;
		is_found = true;
		where |= take_elem(w, rule, at, elem, &next);
		if (m == MATCH_YES)
			return where;
		/* Without data all that are as unknown as this one lead to the same place. */
		if (m == MATCH_DEPENDS && !(set->flags & NFT_SET_MAP))
			break;
	}
	if (rest) {
		struct rule_state next = *st;

		if (is_found)
			rule_split(&next, FACT_PACKET, st->loaded);
		return where | take_elem(w, rule, at, rest, &next);
	}
	return where | GO_ON;
}

static unsigned int look_up(struct walker *w, uint32_t rule, uint32_t at, struct rule_state *st)
{
	const struct ruleset *rs = w->walk->rs;
	const struct nft_expr *e = &rs->exprs[rs->rules[rule].first_expr + at];
	const struct nft_set *set = e->u.set == NFT_NONE ? NULL : &rs->sets[e->u.set];
	struct packets before = st->packets;
	enum fact why = FACT_PACKET;
	enum match m = MATCH_DEPENDS;

	if (set && set->is_whole && cells_fit(e->sreg, set->key_len)) {
		if (!e->op && w->depth < DEPTH_MAX)
			return try_elems(w, rule, at, set, st);
		m = match_set(w, set, st, e->sreg, &why);
		if (e->op)
			m = rule_not_match(m, &before, st, &why);
	}
	if (!rule_take_match(st, &before, m, why, st->loaded))
		return GO_ON;
	return run_rule(w, rule, at + 1, st);
}

/* The addresses and ports that a NAT expression finds in registers. */
static void take_target(const struct nft_expr *e, const struct rule_state *st, struct nat_target *t)
{
	size_t len = t->family == ADDR_INET ? 4 : 16;
	uint8_t first[2], last[2];

	t->is_prefix = e->u.nat.is_prefix;
	t->has_addr = cells_fit(e->u.nat.addr, len);
	if (t->has_addr && !cells_get(st->regs + e->u.nat.addr, len, t->addr.bytes)) {
		t->is_unknown = true;
		t->has_addr = false;
	}
	if (t->has_addr && (!cells_fit(e->u.nat.addr_last, len) ||
			    !cells_get(st->regs + e->u.nat.addr_last, len, t->addr_last.bytes)))
		t->addr_last = t->addr;
	if (!cells_fit(e->u.nat.port, sizeof(first)))
		return;
	t->has_port = cells_get(st->regs + e->u.nat.port, sizeof(first), first);
	if (!t->has_port)
		t->is_unknown = true;
	if (!cells_fit(e->u.nat.port_last, sizeof(last)) ||
	    !cells_get(st->regs + e->u.nat.port_last, sizeof(last), last))
		memcpy(last, first, sizeof(last));
	if (t->has_port) {
		t->port = (uint16_t)(first[0] << 8 | first[1]);
		t->port_last = (uint16_t)(last[0] << 8 | last[1]);
	}
}

static unsigned int send_on(struct walker *w, uint32_t rule, const struct nft_expr *e,
			    const struct rule_state *st)
{
	struct nat_target t = { .how = NAT_DNAT, .family = st->packets.family };

	if (e->kind == NFT_KIND_REDIRECT)
		t.how = NAT_REDIRECT;
	else if (e->kind == NFT_KIND_TPROXY)
		t.how = NAT_TPROXY;
	/* In a table of both families an expression may be for one of them. */
	if ((e->u.nat.family == NFPROTO_IPV4 && t.family != ADDR_INET) ||
	    (e->u.nat.family == NFPROTO_IPV6 && t.family != ADDR_INET6))
		return GO_ON;
	take_target(e, st, &t);
	report(w, rule, st, OUTCOME_SENT_ON, &t, (struct nft_span){ 0 });
	/* tproxy gives no verdict; the rule may. */
	return ended(st);
}

/* For these packets, and for all that go on: where some came another way that is unsure. */
static void change_tracking(struct walker *w, struct rule_state *st, enum tracking to)
{
	/* What connection tracking has seen, or is to see in any case, stays so. */
	if (st->packets.tracking != TRACKING_NOT_YET)
		return;
	st->packets.tracking = (uint8_t)to;
	w->walk->tracking = (uint8_t)(st->depends ? TRACKING_UNSURE : to);
}

/* For source NAT, which ends the chain where it is of the family of the packets. */
static unsigned int change_source(struct walker *w, uint32_t rule, const struct nft_expr *e,
				  const struct rule_state *st)
{
	bool is_v4 = st->packets.family == ADDR_INET;

	if (e->u.nat.family == (is_v4 ? NFPROTO_IPV6 : NFPROTO_IPV4))
		return GO_ON;
	report(w, rule, st, OUTCOME_ENDS_NAT, NULL, (struct nft_span){ 0 });
	return ended(st);
}

static unsigned int run_target(struct walker *w, uint32_t rule, const struct nft_expr *e,
			       struct rule_state *st)
{
	struct nat_target t;

	switch (xt_target(w->walk->rs, e, st->packets.family, &t)) {
	case XT_CONTINUES:
		return GO_ON;
	case XT_STOPS_TRACKING:
		change_tracking(w, st, TRACKING_OFF);
		return GO_ON;
	case XT_STARTS_TRACKING:
		change_tracking(w, st, TRACKING_ON);
		return GO_ON;
	case XT_ACCEPTS:
		report(w, rule, st, OUTCOME_ENDS_NAT, NULL, (struct nft_span){ 0 });
		break;
	case XT_REJECTS:
		report(w, rule, st, OUTCOME_REJECTED, NULL, (struct nft_span){ 0 });
		break;
	case XT_SENDS_ON:
		report(w, rule, st, OUTCOME_SENT_ON, &t, (struct nft_span){ 0 });
		break;
	case XT_UNKNOWN:
		report(w, rule, st, OUTCOME_UNKNOWN, NULL, e->u.xt.name);
		return GO_ON;
	}
	return ended(st);
}

/* Each part of a match that is one of several. */
static unsigned int run_match(struct walker *w, uint32_t rule, uint32_t at,
			      const struct rule_state *st)
{
	const struct ruleset *rs = w->walk->rs;
	const struct nft_expr *e = &rs->exprs[rs->rules[rule].first_expr + at];
	unsigned int n = xt_match_parts(rs, e), where = 0;

	if (w->depth == DEPTH_MAX)
		n = 0;
	for (unsigned int i = 0; i < n; i++) {
		struct rule_state next = *st;
		enum fact why = FACT_OTHER;
		enum match m = xt_match(rs, e, i, &next.packets, &why);

		if (!rule_take_match(&next, &st->packets, m, why, e->u.xt.name))
			continue;
		w->depth++;
		where |= run_rule(w, rule, at + 1, &next);
		w->depth--;
		if (m == MATCH_YES)
			return where;
	}
	return where | GO_ON;
}

static unsigned int run_rule(struct walker *w, uint32_t rule, uint32_t at, struct rule_state *st)
{
	const struct ruleset *rs = w->walk->rs;
	const struct nft_rule *r = &rs->rules[rule];

	for (; at < r->n_exprs; at++) {
		const struct nft_expr *e = &rs->exprs[r->first_expr + at];
		enum fact why = FACT_PACKET;
		struct packets before;
		enum match m;

		if (is_exhausted(w, rule, st))
			return 0;
		switch ((enum nft_kind)e->kind) {
		case NFT_KIND_PAYLOAD:
		case NFT_KIND_META:
		case NFT_KIND_CT:
		case NFT_KIND_FIB:
		case NFT_KIND_OTHER_LOAD:
		case NFT_KIND_IMMEDIATE:
		case NFT_KIND_BITWISE:
		case NFT_KIND_BYTEORDER:
			rule_compute(rs, e, st);
			break;
		case NFT_KIND_CMP:
		case NFT_KIND_RANGE:
			before = st->packets;
			m = rule_compare(rs, e, st, &why);
			if (!rule_take_match(st, &before, m, why, st->loaded))
				return GO_ON;
			break;
		case NFT_KIND_LOOKUP:
			return look_up(w, rule, at, st);
		case NFT_KIND_VERDICT:
			return give_verdict(w, rule, st, e->u.verdict.code, e->u.verdict.chain);
		case NFT_KIND_NAT:
		case NFT_KIND_REDIRECT:
		case NFT_KIND_TPROXY:
			return send_on(w, rule, e, st);
		case NFT_KIND_REJECT:
			report(w, rule, st, OUTCOME_REJECTED, NULL, (struct nft_span){ 0 });
			return ended(st);
		case NFT_KIND_XT_MATCH:
			return run_match(w, rule, at, st);
		case NFT_KIND_XT_TARGET:
			return run_target(w, rule, e, st);
		case NFT_KIND_SOURCE_NAT:
			return change_source(w, rule, e, st);
		case NFT_KIND_TRACKING:
			change_tracking(w, st, e->op ? TRACKING_ON : TRACKING_OFF);
			break;
		case NFT_KIND_NOTHING:
			break;
		case NFT_KIND_CONDITION:
			rule_split(st, FACT_OTHER, e->u.xt.name);
			break;
		case NFT_KIND_UNKNOWN:
			report(w, rule, st, OUTCOME_UNKNOWN, NULL, e->u.xt.name);
			cells_set_unknown(st->regs, 0, NFT_REG_BYTES, FACT_PACKET);
			rule_split(st, FACT_OTHER, e->u.xt.name);
			break;
		}
	}
	return GO_ON;
}

/*
 * ---- the walk -----------------------------------------------------------------------------------
 */

bool walk_concerns(const struct nft_chain *chain, enum addr_family family)
{
	return chain->family == NFPROTO_INET ||
	       chain->family == (family == ADDR_INET ? NFPROTO_IPV4 : NFPROTO_IPV6);
}

void walk_chain(struct walk *walk, uint32_t base_chain, const struct packets *packets)
{
	struct walker w = { .walk = walk };
	struct rule_state st = { .packets = *packets };

	st.packets.hook = walk->rs->chains[base_chain].hook;
	walk->tracking = packets->tracking;
	if (!(run_chain(&w, base_chain, &st) & RETURN))
		return;
	st.packets.tracking = walk->tracking;
	w.chains[w.n_chains++] = base_chain;
	report(&w, NFT_NONE, &st,
	       walk->rs->chains[base_chain].drops ? OUTCOME_DROPPED : OUTCOME_PASSES, NULL,
	       (struct nft_span){ 0 });
}

void walk_path_text(const struct ruleset *rs, const uint32_t *chains, unsigned int n_chains,
		    struct buf *out)
{
	for (unsigned int i = 0; i < n_chains; i++) {
		const struct nft_chain *chain = &rs->chains[chains[i]];

		if (!i)
			buf_add(out, (const char *)ruleset_bytes(rs, chain->table),
				chain->table.len);
		buf_str(out, i ? " > " : " ");
		buf_add(out, (const char *)ruleset_bytes(rs, chain->name), chain->name.len);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules do with new packets to one destination on their whole way. */
#include <config.h>

#include "resolve/ruleset_judge.h"

#include <netinet/in.h> /* before the kernel's own of the same names */

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <string.h>

#include "base/buf.h"
#include "resolve/own_addrs.h"

#define PASSED OUTCOME_BIT(OUTCOME_PASSES)
#define GOES_ON (PASSED | OUTCOME_BIT(OUTCOME_ENDS_NAT))
#define STOPPED (OUTCOME_BIT(OUTCOME_DROPPED) | OUTCOME_BIT(OUTCOME_REJECTED))
#define UNKNOWN OUTCOME_BIT(OUTCOME_UNKNOWN)

/* Rules at one place that send on to more targets than this are not told apart. */
#define TARGETS_MAX 8

struct way {
	struct walk walk;
	const struct own_addrs *own;
	uint16_t netns;
	bool is_to_loopback; /* at first */
	unsigned int ends; /* OUTCOME_BIT(): all that it came to, passing to the end */
	bool is_stopped; /* out->place is where some of them were */
	struct judgement *out;
};

/* What chains of equal rank did, which a hook calls one after the other in whichever order. */
struct stage {
	unsigned int kinds; /* OUTCOME_BIT() */
	struct nat_target targets[TARGETS_MAX];
	unsigned int n_targets;
	bool is_tracked[TRACKING_UNSURE + 1]; /* of those that go on, as enum tracking */
	bool is_stopped; /* at place */
	struct rule_place place, sent_by;
	enum fact why;
	struct nft_span name;
};

static struct rule_place place_of(const struct outcome *o)
{
	struct rule_place place = { .rule = o->rule, .n_chains = o->n_chains };

	memcpy(place.chains, o->chains, o->n_chains * sizeof(*o->chains));
	return place;
}

/* Too many are as one that is not known. */
static void add_target(struct stage *s, const struct outcome *o)
{
	if (!s->n_targets)
		s->sent_by = place_of(o);
	for (unsigned int i = 0; i < s->n_targets; i++)
		if (nat_target_is_same(&s->targets[i], &o->target))
			return;
	if (s->n_targets < TARGETS_MAX)
		s->targets[s->n_targets++] = o->target;
	else
		s->kinds |= UNKNOWN;
}

/* Where packets are stopped first counts, else what lets them pass last. */
static void take_outcome(void *data, const struct outcome *o)
{
	struct stage *s = data;
	bool goes_on = OUTCOME_BIT(o->kind) & GOES_ON;

	s->kinds |= OUTCOME_BIT(o->kind);
	if (!s->is_stopped && o->kind != OUTCOME_SENT_ON) {
		s->place = place_of(o);
		s->is_stopped = !goes_on;
	}
	if (o->kind == OUTCOME_SENT_ON)
		add_target(s, o);
	if (goes_on || o->kind == OUTCOME_SENT_ON)
		s->is_tracked[o->packets.tracking] = true;
	if (s->why == FACT_NONE && (o->depends || o->kind == OUTCOME_UNKNOWN)) {
		s->why = o->depends ? o->why : FACT_RULE;
		s->name = o->name;
	}
}

/*
 * ---- the end of a way ---------------------------------------------------------------------------
 */

static void give_reason(struct way *w, enum fact why, struct nft_span name)
{
	/* A field of the destination counts where there is nothing else. */
	if (w->out->why > FACT_PORT || (w->out->why != FACT_NONE && why <= FACT_PORT))
		return;
	w->out->why = why;
	w->out->name = name;
}

static void end_unknown(struct way *w, enum fact why)
{
	w->ends |= UNKNOWN;
	give_reason(w, why, (struct nft_span){ 0 });
}

/* Takes up where packets end, and why they part. */
static void take_stage(struct way *w, const struct stage *s)
{
	unsigned int ends = s->kinds & (STOPPED | UNKNOWN);
	unsigned int n_ways =
		s->n_targets + (s->kinds & STOPPED ? 1 : 0) + (s->kinds & GOES_ON ? 1 : 0);

	w->ends |= ends;
	if (s->n_targets && !w->out->is_sent_on) {
		w->out->is_sent_on = true;
		w->out->are_all_sent_on = n_ways == 1;
		w->out->target = s->targets[0];
		w->out->sent_by = s->sent_by;
	}
	if (!w->is_stopped && s->place.n_chains)
		w->out->place = s->place;
	w->is_stopped |= ends != 0;
	if (n_ways > 1 || ends & UNKNOWN)
		give_reason(w, s->why == FACT_NONE ? FACT_RULE : s->why, s->name);
}

/*
 * ---- from chain to chain ------------------------------------------------------------------------
 */

static void run(struct way *w, size_t at, struct packets p, bool is_nat_done);

static void go_to(struct way *w, enum nf_inet_hooks hook, const struct packets *p)
{
	struct packets next = *p;

	next.hook = (uint8_t)hook;
	run(w, 0, next, false);
}

static void set_any_addr(struct packets *p)
{
	p->addr_first = p->addr_last = (struct addr){ 0 };
	memset(&p->addr_last, UINT8_MAX, p->family == ADDR_INET ? 4 : 16);
}

static bool is_one_addr(const struct packets *p)
{
	return !memcmp(&p->addr_first, &p->addr_last, sizeof(p->addr_first));
}

static void send_to_addr(const struct way *w, struct packets *p, const struct nat_target *t)
{
	p->has_hole = false;
	if (t->how == NAT_REDIRECT && p->is_from_here) {
		p->addr_first = (struct addr){ .bytes = { 127, 0, 0, 1 } };
		if (p->family == ADDR_INET6)
			p->addr_first = (struct addr){ .bytes = { [15] = 1 } };
		p->addr_last = p->addr_first;
	} else if (t->how == NAT_REDIRECT) {
		/* One of the device at which they come in. */
		set_any_addr(p);
	} else {
		p->addr_first = t->addr;
		p->addr_last = t->addr_last;
		if (!t->has_addr || memcmp(&t->addr, &t->addr_last, sizeof(t->addr)) > 0)
			set_any_addr(p);
		p->is_to_here = is_one_addr(p) &&
				own_addrs_has(w->own, w->netns, p->family, &p->addr_first);
	}
}

/* Have none of the ones the destination of the others? */
static bool are_apart(const struct packets *a, const struct packets *b)
{
	size_t n = sizeof(a->addr_first);

	return a->port_first > b->port_last || b->port_first > a->port_last ||
	       memcmp(&a->addr_first, &b->addr_last, n) > 0 ||
	       memcmp(&b->addr_first, &a->addr_last, n) > 0;
}

/* The packets as NAT sends them on. */
static struct packets sent_on(const struct way *w, const struct packets *p,
			      const struct nat_target *t)
{
	struct packets next = *p;

	next.is_sent_on = true;
	if (t->has_addr || t->is_unknown || t->how == NAT_REDIRECT)
		send_to_addr(w, &next, t);
	if (t->has_port && t->port <= t->port_last) {
		next.port_first = t->port;
		next.port_last = t->port_last;
	} else if (t->has_port || t->is_unknown) {
		next.port_first = 0;
		next.port_last = UINT16_MAX;
	}
	next.is_changed = are_apart(p, &next);
	return next;
}

static void leave_hook(struct way *w, const struct packets *p)
{
	/* What came over the loopback device is here, as is what NAT did not send elsewhere. */
	bool goes_out = !p->is_to_here && p->is_sent_on &&
			!(p->is_from_here && p->hook == NF_INET_PRE_ROUTING);
	bool stays = !goes_out || !is_one_addr(p);

	if (goes_out && stays)
		give_reason(w, FACT_ADDR, (struct nft_span){ 0 });
	switch ((enum nf_inet_hooks)p->hook) {
	case NF_INET_PRE_ROUTING:
		/* route_localnet decides. */
		if (!p->is_from_here && p->is_sent_on && stays && is_one_addr(p) &&
		    addr_is_loopback(p->family, &p->addr_first))
			end_unknown(w, FACT_ROUTE);
		if (stays)
			go_to(w, NF_INET_LOCAL_IN, p);
		if (goes_out)
			go_to(w, NF_INET_FORWARD, p);
		return;
	case NF_INET_LOCAL_OUT:
		/* Their source is a loopback address, too, for which there are no routes elsewhere. */
		if (goes_out && w->is_to_loopback)
			end_unknown(w, FACT_ROUTE);
		go_to(w, NF_INET_POST_ROUTING, p);
		return;
	case NF_INET_FORWARD:
		go_to(w, NF_INET_POST_ROUTING, p);
		return;
	case NF_INET_POST_ROUTING:
		if (p->is_from_here && stays)
			go_to(w, NF_INET_PRE_ROUTING, p);
		if (!p->is_from_here || goes_out)
			w->ends |= PASSED;
		return;
	case NF_INET_LOCAL_IN:
	case NF_INET_NUMHOOKS:
		w->ends |= PASSED;
		return;
	}
}

/* Connection tracking has its place in the first hook; others than rules may turn it on, too. */
static void pass_conntrack(const struct ruleset *rs, struct packets *p, int32_t place)
{
	bool is_sure = rs->has_tracking[p->family] && place != NF_IP_PRI_CONNTRACK;

	if (p->tracking == TRACKING_NOT_YET && place >= NF_IP_PRI_CONNTRACK)
		p->tracking = is_sure ? TRACKING_ON : TRACKING_UNSURE;
}

/* Behind the chains of equal rank from here on: the kernel may call them in either order. */
static size_t rank_end(const struct ruleset *rs, size_t at)
{
	const struct nft_chain *first = &rs->chains[rs->base[at]];

	for (; at < rs->n_base; at++) {
		const struct nft_chain *next = &rs->chains[rs->base[at]];

		if (next->hook != first->hook || next->is_nat != first->is_nat ||
		    next->priority != first->priority)
			break;
	}
	return at;
}

/* What is known of those that went on, and begin at before: several states are unsure. */
static uint8_t tracking_of(const struct stage *s, uint8_t before)
{
	uint8_t found = before;
	unsigned int n = 0;

	for (unsigned int i = 0; i <= TRACKING_UNSURE; i++)
		if (s->is_tracked[i]) {
			found = (uint8_t)i;
			n++;
		}
	return n > 1 ? TRACKING_UNSURE : found;
}

/* Runs the chains of a rank: what goes on passes each of them. */
static void run_rank(struct way *w, size_t at, size_t end, struct packets *p, struct stage *s)
{
	const struct ruleset *rs = w->walk.rs;
	uint8_t before = p->tracking;
	struct packets each = *p;
	unsigned int kinds = 0, passes = PASSED;

	for (; at < end; at++) {
		uint8_t after;

		if (!walk_concerns(&rs->chains[rs->base[at]], p->family))
			continue;
		s->kinds = 0;
		memset(s->is_tracked, 0, sizeof(s->is_tracked));
		w->walk.data = s;
		walk_chain(&w->walk, rs->base[at], &each);
		w->walk.data = NULL;
		kinds |= s->kinds;
		passes &= s->kinds;
		after = tracking_of(s, before);
		if (after != before)
			p->tracking = p->tracking == before ? after : TRACKING_UNSURE;
	}
	s->kinds = (kinds & ~PASSED) | passes;
}

/*
 * Does the chain see the packets?  One of NAT is asked once a connection, for those from here on
 * their way out.
 */
static bool is_asked(const struct nft_chain *chain, const struct packets *p, bool is_nat_done)
{
	bool was_asked =
		p->is_from_here && (p->hook == NF_INET_PRE_ROUTING || p->hook == NF_INET_LOCAL_IN);

	return !chain->is_nat || (!is_nat_done && !was_asked && p->tracking != TRACKING_OFF);
}

/* Where what was sent on goes; is_twin: others at its place may come before NAT or behind it. */
static void send_all_on(struct way *w, size_t at, const struct packets *p, const struct stage *s,
			bool is_twin)
{
	for (unsigned int i = 0; i < s->n_targets; i++) {
		if (s->targets[i].how == NAT_TPROXY)
			end_unknown(w, FACT_PROXY);
		else
			run(w, at, sent_on(w, p, &s->targets[i]), true);
	}
	if (s->n_targets && is_twin)
		end_unknown(w, FACT_RULE);
	if (s->kinds & OUTCOME_BIT(OUTCOME_ENDS_NAT))
		run(w, at, *p, true);
}

/* From the base chain at on, through the rest of the hook and those that follow. */
static void run(struct way *w, size_t at, struct packets p, bool is_nat_done)
{
	const struct ruleset *rs = w->walk.rs;

	while (at < rs->n_base) {
		const struct nft_chain *chain = &rs->chains[rs->base[at]];
		struct stage s = { .kinds = PASSED, .place = { .rule = NFT_NONE } };
		size_t end = rank_end(rs, at);
		bool is_twin = chain->is_nat && end < rs->n_base &&
			       rs->chains[rs->base[end]].hook == chain->hook &&
			       ruleset_place(&rs->chains[rs->base[end]]) == ruleset_place(chain) &&
			       !rs->chains[rs->base[end]].is_nat;

		if (chain->hook == p.hook)
			pass_conntrack(rs, &p, ruleset_place(chain));
		if (chain->hook == p.hook && is_asked(chain, &p, is_nat_done)) {
			run_rank(w, at, end, &p, &s);
			/* Maybe it was not asked. */
			if (chain->is_nat && p.tracking == TRACKING_UNSURE) {
				s.kinds |= PASSED;
				s.why = s.why == FACT_NONE ? FACT_CONNTRACK : s.why;
			}
			take_stage(w, &s);
			send_all_on(w, end, &p, &s, is_twin);
		}
		if (!(s.kinds & PASSED))
			return;
		at = end;
	}
	pass_conntrack(rs, &p, INT32_MAX);
	leave_hook(w, &p);
}

/*
 * ---- the verdict --------------------------------------------------------------------------------
 */

static enum judge_verdict verdict_of(unsigned int ends)
{
	if (ends == PASSED)
		return JUDGE_ACCEPTED;
	return ends & ~STOPPED ? JUDGE_DEPENDS : JUDGE_DROPPED;
}

void ruleset_judge(const struct ruleset *rs, const struct own_addrs *own, uint16_t netns,
		   const struct packets *packets, struct judgement *out)
{
	struct way w = { .walk = { .rs = rs, .found = take_outcome, .steps_left = WALK_STEPS_MAX },
			 .own = own,
			 .netns = netns,
			 .is_to_loopback = addr_is_loopback(packets->family, &packets->addr_first),
			 .out = out };
	struct packets p = *packets;
	bool is_first = p.hook == NF_INET_PRE_ROUTING || p.hook == NF_INET_LOCAL_OUT;

	*out = (struct judgement){ .place = { .rule = NFT_NONE } };
	p.tracking = is_first ? TRACKING_NOT_YET : TRACKING_ON;
	if (rs->is_cut)
		end_unknown(&w, FACT_RULE);
	if (rs->has_ingress || (rs->has_bridge && !p.is_from_here))
		end_unknown(&w, FACT_DEVICE);
	run(&w, 0, p, false);
	out->n_steps = WALK_STEPS_MAX - w.walk.steps_left;
	out->verdict = verdict_of(w.ends);
	out->is_rejected = w.ends == OUTCOME_BIT(OUTCOME_REJECTED);
	if (out->verdict != JUDGE_DEPENDS)
		out->why = FACT_NONE;
}

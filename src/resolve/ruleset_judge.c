/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of one hook do with new packets to one destination. */
#include <config.h>

#include "resolve/ruleset_judge.h"

#include <string.h>

#define STOPPED (OUTCOME_BIT(OUTCOME_DROPPED) | OUTCOME_BIT(OUTCOME_REJECTED))

struct tally {
	unsigned int kinds; /* OUTCOME_BIT() of one chain */
	struct judgement *out;
	bool has_rule;
	bool has_target;
	bool targets_differ;
};

static bool is_one_target(const struct nat_target *a, const struct nat_target *b)
{
	return a->how == b->how && a->has_addr == b->has_addr && a->has_port == b->has_port &&
	       a->port == b->port && !memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

static void take_target(struct tally *t, const struct nat_target *target)
{
	if (!t->has_target)
		t->out->target = *target;
	else if (!is_one_target(&t->out->target, target))
		t->targets_differ = true;
	t->has_target = true;
}

static void take_rule(struct tally *t, const struct outcome *o)
{
	t->has_rule = true;
	t->out->rule = o->rule;
	t->out->n_chains = o->n_chains;
	memcpy(t->out->chains, o->chains, sizeof(t->out->chains));
}

/* Of each kind of fact about an outcome the first one counts. */
static void count(void *data, const struct outcome *o)
{
	struct tally *t = data;

	t->kinds |= OUTCOME_BIT(o->kind);
	if (!t->has_rule && o->kind != OUTCOME_PASSES)
		take_rule(t, o);
	if (o->kind == OUTCOME_SENT_ON)
		take_target(t, &o->target);
	if (t->out->why == FACT_NONE && o->depends) {
		t->out->why = o->why;
		t->out->name = o->name;
	}
	if (o->kind == OUTCOME_UNKNOWN && !t->out->name.len)
		t->out->name = o->name;
}

static enum judge_verdict verdict_of(unsigned int kinds, bool targets_differ)
{
	if (!(kinds & ~STOPPED))
		return kinds == OUTCOME_BIT(OUTCOME_REJECTED) ? JUDGE_REJECTED : JUDGE_DROPPED;
	if (kinds == OUTCOME_BIT(OUTCOME_PASSES))
		return JUDGE_ACCEPTED;
	if (kinds == OUTCOME_BIT(OUTCOME_SENT_ON) && !targets_differ)
		return JUDGE_FORWARDED;
	return JUDGE_DEPENDS;
}

void ruleset_judge(const struct ruleset *rs, unsigned int hook, const struct packets *packets,
		   struct judgement *out)
{
	unsigned int ends = 0, passes = OUTCOME_BIT(OUTCOME_PASSES);
	struct tally t = { .out = out };
	struct walk walk = { .rs = rs, .found = count, .data = &t, .steps_left = WALK_STEPS_MAX };

	*out = (struct judgement){ .rule = NFT_NONE };
	for (size_t i = 0; i < rs->n_base && passes; i++) {
		const struct nft_chain *chain = &rs->chains[rs->base[i]];

		if (chain->hook != hook || !walk_concerns(chain, packets->family))
			continue;
		t.kinds = 0;
		walk_chain(&walk, rs->base[i], packets);
		/* What was sent on goes through no other rule of this hook's that sends on. */
		ends |= t.kinds & ~OUTCOME_BIT(OUTCOME_PASSES);
		passes = t.kinds & OUTCOME_BIT(OUTCOME_PASSES);
	}
	if (rs->is_cut)
		ends |= OUTCOME_BIT(OUTCOME_UNKNOWN);
	out->possible = ends | passes;
	out->verdict = verdict_of(out->possible, t.targets_differ);
}

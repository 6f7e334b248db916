/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rules of one hook do with new packets to one destination: one verdict, or what it
 * depends on.
 */
#ifndef PORTSTAT_RESOLVE_RULESET_JUDGE_H
#define PORTSTAT_RESOLVE_RULESET_JUDGE_H

#include "resolve/ruleset_walk.h"

enum judge_verdict {
	JUDGE_ACCEPTED, /* the rules of this hook let them through, unchanged */
	JUDGE_DROPPED,
	JUDGE_REJECTED,
	JUDGE_FORWARDED, /* to the target */
	JUDGE_DEPENDS,
};

struct judgement {
	enum judge_verdict verdict;
	unsigned int possible; /* OUTCOME_BIT(): all that it can be */
	struct nat_target target; /* where OUTCOME_SENT_ON is possible, the first */
	enum fact why; /* of JUDGE_DEPENDS; FACT_NONE where a rule is not understood */
	struct nft_span name; /* the expression, match or target; empty where it has none */
	uint32_t rule; /* the first that gave it; NFT_NONE for policies and no rule at all */
	uint32_t chains
		[WALK_CHAINS_MAX]; /* that led to it, see struct outcome; none without rules */
	unsigned int n_chains;
};

/*
 * Runs all base chains of a hook (NF_INET_*) that concern the packets, in the order of their
 * priorities.  The rule set was closed, ruleset_close(); one that is cut never gives a certain
 * verdict.
 * Chains at ingress are not run: see has_ingress of the rule set.
 *
 * Of packets that are not one destination (a wildcard address) the verdict holds for all, or
 * depends on the field that tells them apart.
 */
void ruleset_judge(const struct ruleset *rs, unsigned int hook, const struct packets *packets,
		   struct judgement *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rules do with new packets to one destination on their whole way: one verdict, or what it
 * depends on.
 */
#ifndef PORTSTAT_RESOLVE_RULESET_JUDGE_H
#define PORTSTAT_RESOLVE_RULESET_JUDGE_H

#include "resolve/ruleset_walk.h"

struct own_addrs;

enum judge_verdict {
	JUDGE_ACCEPTED, /* to this host, or on to another */
	JUDGE_DROPPED,
	JUDGE_DEPENDS,
};

/* A rule, or the policy of a chain, and the chains that led to it. */
struct rule_place {
	uint32_t rule; /* NFT_NONE: the policy */
	uint32_t chains[WALK_CHAINS_MAX]; /* from the base chain on; none where there is no rule */
	unsigned int n_chains;
};

struct judgement {
	enum judge_verdict verdict;
	bool is_rejected; /* dropped, and the sender is told */
	bool is_sent_on; /* some of them or all, to the target or to others as well */
	bool are_all_sent_on; /* all that come so far, to the target alone */
	struct nat_target target;
	struct rule_place sent_by;
	enum fact why; /* of JUDGE_DEPENDS */
	struct nft_span name; /* of FACT_OTHER and FACT_RULE; empty where it has none */
	struct rule_place place; /* what gave the verdict */
	size_t n_steps; /* that it took, of WALK_STEPS_MAX: some ten millions a second */
};

/*
 * Runs the base chains from the hook of the packets on, in the order in which the kernel calls
 * them: from NF_INET_PRE_ROUTING what comes in, to the end of the input or, after destination NAT to
 * an address that is not one of the namespace's, of the forward hook and postrouting; from
 * NF_INET_LOCAL_OUT what is from here and to here.  The rule set was closed, ruleset_close(); one
 * that is cut, or has chains of devices, never gives a certain verdict.
 *
 * Of packets that are not one destination (a wildcard address) the verdict holds for all, or
 * depends on the field that tells them apart.
 */
void ruleset_judge(const struct ruleset *rs, const struct own_addrs *own, uint16_t netns,
		   const struct packets *packets, struct judgement *out);

#endif

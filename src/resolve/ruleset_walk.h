/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks the rules as new packets would: what can become of them, one outcome after the other. */
#ifndef PORTSTAT_RESOLVE_RULESET_WALK_H
#define PORTSTAT_RESOLVE_RULESET_WALK_H

#include "resolve/nat_target.h"
#include "resolve/packets.h"

/* The kernel's limit of jumps (NFT_JUMP_STACK_SIZE), and the base chain. */
#define WALK_CHAINS_MAX 17

enum outcome_kind {
	OUTCOME_PASSES, /* to the next chain, or the next hook */
	OUTCOME_ENDS_NAT, /* the same, but past the other chains of NAT: its source changes */
	OUTCOME_DROPPED,
	OUTCOME_REJECTED,
	OUTCOME_SENT_ON, /* to a target */
	OUTCOME_UNKNOWN, /* a rule that is not understood */
};
#define OUTCOME_BIT(kind) (1U << (kind))

struct outcome {
	enum outcome_kind kind;
	struct packets packets; /* which ones */
	struct nat_target target;
	bool depends; /* they may also come to another outcome: */
	enum fact why;
	struct nft_span name; /* of FACT_OTHER, and of OUTCOME_UNKNOWN; empty where there is none */
	uint32_t rule; /* NFT_NONE: the policy of the chain */
	uint32_t chains[WALK_CHAINS_MAX]; /* from the base chain to that of the rule */
	unsigned int n_chains;
};

/* Called for each outcome; borrowed for the call. */
typedef void (*walk_found)(void *data, const struct outcome *outcome);

struct walk {
	const struct ruleset *rs;
	walk_found found;
	void *data;
	size_t steps_left; /* expressions and elements; what is left at 0 becomes OUTCOME_UNKNOWN */
	uint8_t tracking; /* of the packets that go on: walk_chain() sets it, rules change it */
};

/* 10,000 sets with 1,000 elements each, in well under a second. */
#define WALK_STEPS_MAX ((size_t)10 << 20)

/*
 * One base chain, with its policy, for packets on their way through its hook.  Each path through
 * the rules on which some of the packets can be gives an outcome; packets that a rule takes are not
 * taken off those which go on, where they are more than one destination.
 */
void walk_chain(struct walk *w, uint32_t base_chain, const struct packets *packets);

/* Do the rules of this chain see packets of this family? */
bool walk_concerns(const struct nft_chain *chain, enum addr_family family);

/* Adds "nat PREROUTING > DOCKER": the table of the first chain, then the chains; or nothing. */
void walk_path_text(const struct ruleset *rs, const uint32_t *chains, unsigned int n_chains,
		    struct buf *out);

#endif

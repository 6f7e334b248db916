/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of packets within a rule: its registers, its conditions, and why others go another
 * way.
 */
#ifndef PORTSTAT_RESOLVE_RULE_STATE_H
#define PORTSTAT_RESOLVE_RULE_STATE_H

#include "resolve/packets.h"

/* What is known on a path.  Registers are those of one rule. */
struct rule_state {
	struct cell regs[NFT_REG_BYTES];
	struct packets packets;
	bool depends; /* there is another path: see why */
	bool is_partial; /* and it leads to the next rule */
	enum fact why;
	struct nft_span name;
	struct nft_span loaded; /* what loads the cells that are FACT_OTHER */
};

/*
 * Some of the packets go another way.  The first reason is kept, one that is no field of the
 * destination before one that is.
 */
void rule_split(struct rule_state *st, enum fact why, struct nft_span name);

/* The field that tells packets apart which were narrowed from those which were not. */
enum fact packets_narrowed(const struct packets *before, const struct packets *after);

/* Takes the result of a condition up, with the packets before it; false where no packet goes on. */
bool rule_take_match(struct rule_state *st, const struct packets *before, enum match m,
		     enum fact why, struct nft_span name);

/* Turns the result of a condition around; st->packets is what it narrowed. */
enum match rule_not_match(enum match m, const struct packets *before, struct rule_state *st,
			  enum fact *why);

/* cmp and range. */
enum match rule_compare(const struct ruleset *rs, const struct nft_expr *e, struct rule_state *st,
			enum fact *why);

/* A key, in cells, against an element of a set, field by field; narrows p. */
enum match rule_match_elem(const struct ruleset *rs, const struct nft_set *set,
			   const struct nft_elem *elem, const struct cell *key, struct packets *p,
			   enum fact *why);

/* Runs an expression that sets registers: loads, bitwise, byteorder. */
void rule_compute(const struct ruleset *rs, const struct nft_expr *e, struct rule_state *st);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From an expression in a message of nf_tables to one of a rule set. */
#ifndef PORTSTAT_RESOLVE_RULESET_EXPR_H
#define PORTSTAT_RESOLVE_RULESET_EXPR_H

#include <stdint.h>

#include "resolve/nft_attrs.h"

struct ruleset;

/*
 * Adds what the attribute holds (NFTA_EXPR_*) to the last rule of rs; its sets and chains are those
 * of the table.  An expression that is not known becomes NFT_KIND_UNKNOWN.
 */
void ruleset_expr_add(struct ruleset *rs, uint8_t family, const char *table, struct nft_attr expr);

/* What NFTA_DATA_VERDICT holds: the code, and *chain, NFT_NONE where it leads to none. */
int32_t ruleset_verdict(const struct ruleset *rs, uint8_t family, const char *table,
			struct nft_attr verdict, uint32_t *chain);

#endif

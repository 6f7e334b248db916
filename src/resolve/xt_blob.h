/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Matches and targets of iptables as iptables-nft hands them to nftables: a name, a revision and a
 * struct (include/uapi/linux/netfilter/xt_*.h).
 */
#ifndef PORTSTAT_RESOLVE_XT_BLOB_H
#define PORTSTAT_RESOLVE_XT_BLOB_H

#include "resolve/nat_target.h"
#include "resolve/packets.h"

/* How many conditions of which one has to hold the match consists of (multiport); else 1. */
unsigned int xt_match_parts(const struct ruleset *rs, const struct nft_expr *e);

/* As cells_match(), for one of them. */
enum match xt_match(const struct ruleset *rs, const struct nft_expr *e, unsigned int part,
		    struct packets *p, enum fact *why);

enum xt_effect {
	XT_CONTINUES, /* with the next rule: LOG, MARK */
	XT_ACCEPTS, /* SNAT: ends the chain, and changes no destination */
	XT_REJECTS,
	XT_SENDS_ON, /* *target */
	XT_STOPS_TRACKING, /* and continues: NOTRACK */
	XT_STARTS_TRACKING, /* and continues, whatever comes: CT --zone */
	XT_UNKNOWN,
};

enum xt_effect xt_target(const struct ruleset *rs, const struct nft_expr *e,
			 enum addr_family family, struct nat_target *target);

#endif

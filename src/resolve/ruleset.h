/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The nftables rules of a network namespace as plain values: chains, sets with their elements,
 * rules as lists of expressions.  Those of iptables-nft are nftables rules, too.
 *
 * Numbers (hooks, families, verdicts, keys, flags) are the kernel's: include/uapi/linux/netfilter.h
 * and netfilter/nf_tables.h.  Names and data stand in one array of bytes.
 */
#ifndef PORTSTAT_RESOLVE_RULESET_H
#define PORTSTAT_RESOLVE_RULESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/map.h"

/* No chain, no set, no rule, no register. */
#define NFT_NONE UINT32_MAX
#define NFT_NO_REG UINT8_MAX

/* The kernel's 16 registers of 4 bytes (NFT_REG32_00 ...), here addressed by byte. */
#define NFT_REG_BYTES 64

/* More than this is not kept: is_cut is set. */
#define RULESET_EXPRS_MAX ((size_t)4 << 20)
#define RULESET_ELEMS_MAX ((size_t)1 << 20)

/* Bytes of ruleset.bytes. */
struct nft_span {
	uint32_t at;
	uint16_t len;
};

/* What an expression does, by what it means to a new packet. */
enum nft_kind {
	NFT_KIND_PAYLOAD, /* loads bytes of the packet */
	NFT_KIND_META, /* loads NFT_META_* */
	NFT_KIND_CT, /* loads NFT_CT_* */
	NFT_KIND_FIB, /* asks the routes */
	NFT_KIND_OTHER_LOAD, /* loads something else, named */
	NFT_KIND_IMMEDIATE, /* loads data */
	NFT_KIND_CMP, /* compares */
	NFT_KIND_RANGE,
	NFT_KIND_BITWISE, /* (reg & mask) ^ xor */
	NFT_KIND_BYTEORDER,
	NFT_KIND_LOOKUP, /* in a set, or map */
	NFT_KIND_VERDICT,
	NFT_KIND_NAT, /* DNAT */
	NFT_KIND_REDIRECT,
	NFT_KIND_TPROXY,
	NFT_KIND_REJECT,
	NFT_KIND_XT_MATCH, /* of iptables: name, revision, struct */
	NFT_KIND_XT_TARGET,
	NFT_KIND_SOURCE_NAT, /* accepts */
	NFT_KIND_TRACKING, /* op 1: of these packets, 0: not of these */
	NFT_KIND_NOTHING, /* changes neither the verdict nor the destination: counter, log */
	NFT_KIND_CONDITION, /* passes some packets, named: limit, quota */
	NFT_KIND_UNKNOWN, /* not understood, named */
};

struct nft_expr {
	uint8_t kind; /* enum nft_kind */
	uint8_t sreg; /* the byte at which the register begins; NFT_NO_REG for none */
	uint8_t dreg;
	uint8_t op; /* NFT_CMP_*; of lookup 1: not in the set; of an xt match the revision */
	union {
		struct {
			uint16_t offset;
			uint8_t base; /* NFT_PAYLOAD_* */
			uint8_t len;
		} payload;
		uint32_t key; /* meta, ct */
		struct {
			uint32_t result;
			uint32_t flags;
		} fib;
		struct {
			struct nft_span from; /* of bitwise the mask; of immediate the data */
			struct nft_span to; /* of bitwise the xor */
		} data;
		struct {
			uint32_t len;
			uint32_t size; /* of a unit that is swapped */
		} byteorder;
		uint32_t set; /* index */
		struct {
			int32_t code; /* NF_ACCEPT, NF_DROP, NFT_JUMP ... */
			uint32_t chain; /* index; NFT_NONE: not to be found */
		} verdict;
		struct {
			uint8_t addr; /* registers */
			uint8_t addr_last;
			uint8_t port;
			uint8_t port_last;
			uint8_t family; /* NFPROTO_* */
			bool is_prefix; /* NF_NAT_RANGE_NETMAP: the host part stays */
		} nat; /* also redirect and tproxy */
		struct {
			struct nft_span name;
			struct nft_span info;
		} xt; /* also of all that is named, without info */
	} u;
};

struct nft_rule {
	uint32_t chain;
	uint32_t next; /* of its chain; NFT_NONE behind the last */
	uint32_t first_expr;
	uint32_t n_exprs;
};

struct nft_chain {
	struct nft_span name;
	struct nft_span table;
	uint32_t first_rule;
	uint32_t last_rule;
	int32_t priority; /* of a base chain; those of one hook run in this order */
	uint8_t family; /* NFPROTO_IPV4, NFPROTO_IPV6, NFPROTO_INET ... */
	uint8_t hook; /* NF_INET_* */
	bool is_base;
	bool is_nat; /* its rules are for connections, see ruleset_place() */
	bool drops; /* the policy */
};

struct nft_elem {
	uint32_t key; /* a place in ruleset.bytes: key_len bytes, big-endian */
	uint32_t key_end; /* the last key, inclusive; equal to key for one */
	struct nft_span data; /* of a map */
	int32_t verdict; /* of a verdict map */
	uint32_t chain;
	uint8_t flags; /* NFT_SET_ELEM_* */
};

#define NFT_FIELDS_MAX 16

struct nft_set {
	struct nft_span name;
	struct nft_span table;
	uint32_t flags; /* NFT_SET_* */
	uint32_t key_len; /* bytes, at most NFT_REG_BYTES */
	uint32_t first_elem;
	uint32_t n_elems;
	uint8_t fields[NFT_FIELDS_MAX]; /* of a concatenation: the bytes of each, without padding */
	uint8_t n_fields;
	uint8_t family;
	bool is_whole; /* all its elements are there and understood */
};

/* Zero-initialised is empty and ready. */
struct ruleset {
	struct buf bytes;
	struct nft_chain *chains;
	struct nft_set *sets;
	struct nft_elem *elems; /* those of a set one after the other */
	struct nft_rule *rules;
	struct nft_expr *exprs; /* those of a rule one after the other */
	size_t n_chains, n_sets, n_elems, n_rules, n_exprs;
	size_t cap_chains, cap_sets, cap_elems, cap_rules, cap_exprs;
	uint32_t *base; /* base chains, by hook, place and priority; after ruleset_close() */
	size_t n_base;
	struct map by_name;
	struct map dormant; /* tables that do nothing */
	bool has_tracking
		[ADDR_FAMILIES]; /* a rule turns connection tracking on, without which no NAT is */
	bool is_cut; /* some of it is not there */
	bool has_ingress; /* base chains of devices, which see packets before all hooks */
	bool has_bridge; /* base chains of bridges, the same */
};

void ruleset_fini(struct ruleset *rs);

/* The bytes of a span that has some; borrowed until something is added. */
static inline const uint8_t *ruleset_bytes(const struct ruleset *rs, struct nft_span span)
{
	return (const uint8_t *)rs->bytes.data + span.at;
}

/*
 * The priority at which the hook calls a base chain: the kernel calls those of NAT at one place, in
 * the order of their own priorities (net/netfilter/nf_nat_core.c).
 */
int32_t ruleset_place(const struct nft_chain *chain);

/* Is the name that this span holds the word? */
bool ruleset_is_word(const struct ruleset *rs, struct nft_span span, const char *word);

/*
 * The byte at which the register begins that the kernel calls so; NFT_NO_REG where there is none.
 */
uint8_t ruleset_register(uint32_t number);

/* ---- filling it: tables, chains, sets, elements, rules, in this order ------------------- */

/* Keeps len bytes; those behind UINT16_MAX are left out. */
struct nft_span ruleset_keep(struct ruleset *rs, const void *data, size_t len);

void ruleset_add_dormant_table(struct ruleset *rs, uint8_t family, const char *table);

/*
 * Each is given with its flags and numbers, and gets its names here.  A base chain of a table that
 * is dormant becomes one that no hook calls.
 */
struct nft_chain *ruleset_add_chain(struct ruleset *rs, const struct nft_chain *chain,
				    const char *table, const char *name);
struct nft_set *ruleset_add_set(struct ruleset *rs, const struct nft_set *set, const char *table,
				const char *name);

/* Their indexes, NFT_NONE where there is none of that name. */
uint32_t ruleset_chain(const struct ruleset *rs, uint8_t family, const char *table,
		       const char *name);
uint32_t ruleset_set(const struct ruleset *rs, uint8_t family, const char *table, const char *name);

/* To the set, which is the last one that elements were added to, or has none yet. */
void ruleset_add_elem(struct ruleset *rs, uint32_t set, const struct nft_elem *elem);

/* Begins a rule at the end of a chain; expressions that are added then are its. */
void ruleset_add_rule(struct ruleset *rs, uint32_t chain);
void ruleset_add_expr(struct ruleset *rs, const struct nft_expr *expr);

/*
 * When all is there, once: sorts the base chains, and makes one element of each pair of start and
 * end that interval sets of one field consist of.
 */
void ruleset_close(struct ruleset *rs);

#endif

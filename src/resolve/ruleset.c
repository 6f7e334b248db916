/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nftables rules of a network namespace as plain values. */
#include <config.h>

#include "resolve/ruleset.h"

#include <netinet/in.h> /* before the kernel's own of the same names */

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What a name in the map belongs to. */
enum name_kind {
	NAME_TABLE,
	NAME_CHAIN,
	NAME_SET,
};

void ruleset_fini(struct ruleset *rs)
{
	buf_fini(&rs->bytes);
	free(rs->chains);
	free(rs->sets);
	free(rs->elems);
	free(rs->rules);
	free(rs->exprs);
	free(rs->base);
	map_fini(&rs->by_name);
	map_fini(&rs->dormant);
	*rs = (struct ruleset){ 0 };
}

bool ruleset_is_word(const struct ruleset *rs, struct nft_span span, const char *word)
{
	size_t len = strlen(word);

	return span.len == len && !memcmp(ruleset_bytes(rs, span), word, len);
}

uint8_t ruleset_register(uint32_t number)
{
	if (number >= NFT_REG_1 && number <= NFT_REG_4)
		return (uint8_t)((number - NFT_REG_1) * NFT_REG_SIZE);
	if (number >= NFT_REG32_00 && number <= NFT_REG32_15)
		return (uint8_t)((number - NFT_REG32_00) * NFT_REG32_SIZE);
	return NFT_NO_REG;
}

struct nft_span ruleset_keep(struct ruleset *rs, const void *data, size_t len)
{
	struct nft_span span = { .at = (uint32_t)rs->bytes.len };

	if (len > UINT16_MAX)
		len = UINT16_MAX;
	if (rs->bytes.len > UINT32_MAX - len) {
		rs->is_cut = true;
		return (struct nft_span){ 0 };
	}
	span.len = (uint16_t)len;
	buf_add(&rs->bytes, data, len);
	return span;
}

/* FNV-1a; who finds something by it compares the names. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	do
		hash = (hash ^ (uint8_t)*text) * 0x100000001b3ULL;
	while (*text++);
	return hash;
}

static uint64_t hash_name(enum name_kind kind, uint8_t family, const char *table, const char *name)
{
	uint64_t hash = 0xcbf29ce484222325ULL ^ ((uint64_t)kind << 8 | family);

	return hash_text(hash_text(hash, table), name);
}

void ruleset_add_dormant_table(struct ruleset *rs, uint8_t family, const char *table)
{
	map_add(&rs->dormant, hash_name(NAME_TABLE, family, table, ""), 0, NULL);
}

static struct nft_span keep_name(struct ruleset *rs, const char *name)
{
	return ruleset_keep(rs, name, strlen(name));
}

struct nft_chain *ruleset_add_chain(struct ruleset *rs, const struct nft_chain *chain,
				    const char *table, const char *name)
{
	size_t n = rs->n_chains;
	struct nft_chain *c;

	rs->chains = mem_grow(rs->chains, n, &rs->cap_chains, sizeof(*rs->chains));
	c = &rs->chains[n];
	*c = *chain;
	c->table = keep_name(rs, table);
	c->name = keep_name(rs, name);
	c->first_rule = c->last_rule = NFT_NONE;
	rs->has_ingress |=
		c->is_base && (c->family == NFPROTO_NETDEV ||
			       (c->family == NFPROTO_INET && c->hook == NF_INET_INGRESS));
	rs->has_bridge |= c->is_base && c->family == NFPROTO_BRIDGE;
	if (map_get(&rs->dormant, hash_name(NAME_TABLE, c->family, table, "")) != MAP_NONE)
		c->is_base = false;
	map_add(&rs->by_name, hash_name(NAME_CHAIN, c->family, table, name), (uint32_t)n, NULL);
	rs->n_chains++;
	return c;
}

struct nft_set *ruleset_add_set(struct ruleset *rs, const struct nft_set *set, const char *table,
				const char *name)
{
	size_t n = rs->n_sets;
	struct nft_set *s;

	rs->sets = mem_grow(rs->sets, n, &rs->cap_sets, sizeof(*rs->sets));
	s = &rs->sets[n];
	*s = *set;
	s->table = keep_name(rs, table);
	s->name = keep_name(rs, name);
	s->n_elems = 0;
	map_add(&rs->by_name, hash_name(NAME_SET, s->family, table, name), (uint32_t)n, NULL);
	rs->n_sets++;
	return s;
}

uint32_t ruleset_chain(const struct ruleset *rs, uint8_t family, const char *table,
		       const char *name)
{
	uint32_t at = map_get(&rs->by_name, hash_name(NAME_CHAIN, family, table, name));

	if (at == MAP_NONE || rs->chains[at].family != family ||
	    !ruleset_is_word(rs, rs->chains[at].table, table) ||
	    !ruleset_is_word(rs, rs->chains[at].name, name))
		return NFT_NONE;
	return at;
}

uint32_t ruleset_set(const struct ruleset *rs, uint8_t family, const char *table, const char *name)
{
	uint32_t at = map_get(&rs->by_name, hash_name(NAME_SET, family, table, name));

	if (at == MAP_NONE || rs->sets[at].family != family ||
	    !ruleset_is_word(rs, rs->sets[at].table, table) ||
	    !ruleset_is_word(rs, rs->sets[at].name, name))
		return NFT_NONE;
	return at;
}

void ruleset_add_elem(struct ruleset *rs, uint32_t set, const struct nft_elem *elem)
{
	struct nft_set *s = &rs->sets[set];

	if (!s->n_elems)
		s->first_elem = (uint32_t)rs->n_elems;
	if (rs->n_elems == RULESET_ELEMS_MAX || s->first_elem + s->n_elems != rs->n_elems) {
		s->is_whole = false;
		rs->is_cut = true;
		return;
	}
	rs->elems = mem_grow(rs->elems, rs->n_elems, &rs->cap_elems, sizeof(*rs->elems));
	rs->elems[rs->n_elems++] = *elem;
	s->n_elems++;
}

struct key_order {
	const char *bytes;
	uint32_t len;
};

/* By key, those without one last; of two that are equal the one that ends an interval first. */
static int compare_elems(const void *a, const void *b, void *data)
{
	const struct nft_elem *x = a, *y = b;
	const struct key_order *order = data;
	int diff = (x->flags & NFT_SET_ELEM_CATCHALL) - (y->flags & NFT_SET_ELEM_CATCHALL);

	if (!diff)
		diff = memcmp(order->bytes + x->key, order->bytes + y->key, order->len);

	if (diff)
		return diff;
	return (y->flags & NFT_SET_ELEM_INTERVAL_END) - (x->flags & NFT_SET_ELEM_INTERVAL_END);
}

/* Keeps the key, a big-endian number, that comes right before another one. */
static uint32_t keep_before(struct ruleset *rs, uint32_t key, uint32_t len)
{
	uint32_t at = (uint32_t)rs->bytes.len;
	uint8_t *bytes = (uint8_t *)buf_reserve(&rs->bytes, len);

	memcpy(bytes, rs->bytes.data + key, len);
	rs->bytes.len += len;
	for (uint32_t i = len; i-- && !bytes[i]--;)
		;
	return at;
}

static uint32_t keep_highest(struct ruleset *rs, uint32_t len)
{
	uint32_t at = (uint32_t)rs->bytes.len;

	buf_fill(&rs->bytes, (char)UINT8_MAX, len);
	return at;
}

static void join_intervals(struct ruleset *rs, struct nft_set *s)
{
	struct nft_elem *list = rs->elems + s->first_elem;
	struct key_order order = { .bytes = rs->bytes.data, .len = s->key_len };
	uint32_t n = 0;

	qsort_r(list, s->n_elems, sizeof(*list), compare_elems, &order);
	for (uint32_t i = 0; i < s->n_elems; i++) {
		struct nft_elem elem = list[i];

		if (elem.flags & NFT_SET_ELEM_INTERVAL_END)
			continue;
		if (!(elem.flags & NFT_SET_ELEM_CATCHALL) && elem.key_end == elem.key)
			elem.key_end =
				i + 1 < s->n_elems && !(list[i + 1].flags & NFT_SET_ELEM_CATCHALL)
					? keep_before(rs, list[i + 1].key, s->key_len)
					: keep_highest(rs, s->key_len);
		list[n++] = elem;
	}
	s->n_elems = n;
}

int32_t ruleset_place(const struct nft_chain *chain)
{
	if (!chain->is_nat)
		return chain->priority;
	return chain->hook == NF_INET_PRE_ROUTING || chain->hook == NF_INET_LOCAL_OUT
		       ? NF_IP_PRI_NAT_DST
		       : NF_IP_PRI_NAT_SRC;
}

/* At one place those of NAT first; else in the order of the dump. */
static int compare_chains(const void *a, const void *b, void *data)
{
	const struct ruleset *rs = data;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	const struct nft_chain *x = &rs->chains[i], *y = &rs->chains[k];

	if (x->hook != y->hook)
		return x->hook < y->hook ? -1 : 1;
	if (ruleset_place(x) != ruleset_place(y))
		return ruleset_place(x) < ruleset_place(y) ? -1 : 1;
	if (x->is_nat != y->is_nat)
		return x->is_nat ? -1 : 1;
	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	return i < k ? -1 : i > k;
}

static void sort_base(struct ruleset *rs)
{
	rs->base = mem_calloc(rs->n_chains, sizeof(*rs->base));
	for (uint32_t i = 0; i < rs->n_chains; i++)
		if (rs->chains[i].is_base)
			rs->base[rs->n_base++] = i;
	qsort_r(rs->base, rs->n_base, sizeof(*rs->base), compare_chains, rs);
}

void ruleset_close(struct ruleset *rs)
{
	sort_base(rs);
	for (size_t i = 0; i < rs->n_sets; i++) {
		struct nft_set *s = &rs->sets[i];

		if (s->flags & NFT_SET_INTERVAL && s->n_fields < 2 && s->n_elems)
			join_intervals(rs, s);
	}
}

void ruleset_add_rule(struct ruleset *rs, uint32_t chain)
{
	uint32_t n = (uint32_t)rs->n_rules;
	struct nft_chain *c = &rs->chains[chain];

	rs->rules = mem_grow(rs->rules, n, &rs->cap_rules, sizeof(*rs->rules));
	rs->rules[n] = (struct nft_rule){ .chain = chain,
					  .next = NFT_NONE,
					  .first_expr = (uint32_t)rs->n_exprs };
	rs->n_rules++;
	if (c->last_rule == NFT_NONE)
		c->first_rule = n;
	else
		rs->rules[c->last_rule].next = n;
	c->last_rule = n;
}

/* By nf_ct_netns_get() (net/netfilter/nf_conntrack_proto.c), which a chain of NAT does not call. */
static bool wants_tracking(const struct ruleset *rs, const struct nft_expr *e)
{
	static const char *const names[] = { "conntrack", "state",	"DNAT",	 "REDIRECT",
					     "SNAT",	  "MASQUERADE", "NETMAP" };

	if (e->kind != NFT_KIND_XT_MATCH && e->kind != NFT_KIND_XT_TARGET)
		return e->kind == NFT_KIND_CT || e->kind == NFT_KIND_NAT ||
		       e->kind == NFT_KIND_REDIRECT || e->kind == NFT_KIND_SOURCE_NAT;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (ruleset_is_word(rs, e->u.xt.name, names[i]))
			return true;
	return false;
}

void ruleset_add_expr(struct ruleset *rs, const struct nft_expr *expr)
{
	uint8_t family = rs->chains[rs->rules[rs->n_rules - 1].chain].family;

	if (rs->n_exprs == RULESET_EXPRS_MAX) {
		rs->is_cut = true;
		return;
	}
	rs->exprs = mem_grow(rs->exprs, rs->n_exprs, &rs->cap_exprs, sizeof(*rs->exprs));
	rs->exprs[rs->n_exprs++] = *expr;
	if ((expr->kind == NFT_KIND_NAT || expr->kind == NFT_KIND_SOURCE_NAT) && expr->u.nat.family)
		family = expr->u.nat.family;
	if (wants_tracking(rs, expr)) {
		rs->has_tracking[ADDR_INET] |= family != NFPROTO_IPV6;
		rs->has_tracking[ADDR_INET6] |= family != NFPROTO_IPV4;
	}
	rs->rules[rs->n_rules - 1].n_exprs++;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what nf_tables says in its dumps to a rule set. */
#include <config.h>

#include "resolve/ruleset_parse.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "resolve/nft_attrs.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_expr.h"

/* A message: its family and its attributes. */
struct message {
	struct ruleset *rs;
	struct nft_attrs attrs;
	uint8_t family;
};

static int parse_table(const struct message *m)
{
	if (nft_attr_u32(&m->attrs, NFTA_TABLE_FLAGS) & NFT_TABLE_F_DORMANT)
		ruleset_add_dormant_table(m->rs, m->family,
					  nft_attr_name(&m->attrs, NFTA_TABLE_NAME));
	return 0;
}

static int parse_chain(const struct message *m)
{
	const struct nft_attrs *a = &m->attrs;
	struct nft_chain chain = { .family = m->family };
	struct nft_attrs hook;

	nft_attrs_parse(&hook, a->list[NFTA_CHAIN_HOOK]);
	chain.is_base = nft_attr_is_set(&hook, NFTA_HOOK_HOOKNUM);
	chain.hook = (uint8_t)nft_attr_u32(&hook, NFTA_HOOK_HOOKNUM);
	chain.priority = (int32_t)nft_attr_u32(&hook, NFTA_HOOK_PRIORITY);
	chain.is_nat = !strcmp(nft_attr_name(a, NFTA_CHAIN_TYPE), "nat");
	chain.drops = chain.is_base && nft_attr_is_set(a, NFTA_CHAIN_POLICY) &&
		      nft_attr_u32(a, NFTA_CHAIN_POLICY) == NF_DROP;
	ruleset_add_chain(m->rs, &chain, nft_attr_name(a, NFTA_CHAIN_TABLE),
			  nft_attr_name(a, NFTA_CHAIN_NAME));
	return 0;
}

/* A field is a list element that holds its length. */
static void take_fields(struct nft_set *set, struct nft_attr concat)
{
	struct nft_attr field;
	unsigned int type;

	while (nft_attr_next(&concat, &type, &field)) {
		struct nft_attrs a;
		uint32_t len;

		nft_attrs_parse(&a, field);
		len = nft_attr_u32(&a, NFTA_SET_FIELD_LEN);
		if (!len || len > NFT_REG_BYTES || set->n_fields == NFT_FIELDS_MAX) {
			set->is_whole = false;
			return;
		}
		set->fields[set->n_fields++] = (uint8_t)len;
	}
}

static int parse_set(const struct message *m)
{
	const struct nft_attrs *a = &m->attrs;
	struct nft_set set = { .family = m->family, .is_whole = true };
	struct nft_attrs desc;

	set.flags = nft_attr_u32(a, NFTA_SET_FLAGS);
	set.key_len = nft_attr_u32(a, NFTA_SET_KEY_LEN);
	nft_attrs_parse(&desc, a->list[NFTA_SET_DESC]);
	take_fields(&set, desc.list[NFTA_SET_DESC_CONCAT]);
	if (!set.key_len || set.key_len > NFT_REG_BYTES) {
		set.key_len = 0;
		set.is_whole = false;
	}
	ruleset_add_set(m->rs, &set, nft_attr_name(a, NFTA_SET_TABLE),
			nft_attr_name(a, NFTA_SET_NAME));
	return 0;
}

static struct nft_attr value_of(struct nft_attr data)
{
	struct nft_attrs a;

	nft_attrs_parse(&a, data);
	return a.list[NFTA_DATA_VALUE];
}

/* As many bytes as keys of the set have. */
static uint32_t keep_key(struct ruleset *rs, struct nft_attr data, size_t len)
{
	struct nft_attr value = value_of(data);
	uint8_t key[NFT_REG_BYTES] = { 0 };

	if (value.data)
		memcpy(key, value.data, value.len < len ? value.len : len);
	return ruleset_keep(rs, key, len).at;
}

/* An expression of an element (a limit) may keep it from matching. */
static bool is_unconditional(const struct nft_attrs *elem)
{
	struct nft_attrs e;

	nft_attrs_parse(&e, elem->list[NFTA_SET_ELEM_EXPR]);
	return !nft_attr_is_set(elem, NFTA_SET_ELEM_EXPRESSIONS) &&
	       (!nft_attr_is_set(elem, NFTA_SET_ELEM_EXPR) ||
		!strcmp(nft_attr_name(&e, NFTA_EXPR_NAME), "counter"));
}

static void take_elem(const struct message *m, const char *table, uint32_t set,
		      struct nft_attr nested)
{
	uint32_t key_len = m->rs->sets[set].key_len;
	struct nft_elem elem = { .chain = NFT_NONE };
	struct nft_attr value;
	struct nft_attrs a, data;

	nft_attrs_parse(&a, nested);
	elem.flags = (uint8_t)nft_attr_u32(&a, NFTA_SET_ELEM_FLAGS);
	elem.key = elem.key_end = keep_key(m->rs, a.list[NFTA_SET_ELEM_KEY], key_len);
	if (nft_attr_is_set(&a, NFTA_SET_ELEM_KEY_END))
		elem.key_end = keep_key(m->rs, a.list[NFTA_SET_ELEM_KEY_END], key_len);
	nft_attrs_parse(&data, a.list[NFTA_SET_ELEM_DATA]);
	if (nft_attr_is_set(&data, NFTA_DATA_VERDICT))
		elem.verdict = ruleset_verdict(m->rs, m->family, table,
					       data.list[NFTA_DATA_VERDICT], &elem.chain);
	value = data.list[NFTA_DATA_VALUE];
	elem.data = ruleset_keep(m->rs, value.data, value.len);
	ruleset_add_elem(m->rs, set, &elem);
	m->rs->sets[set].is_whole &= is_unconditional(&a);
}

static int parse_elems(const struct message *m)
{
	const char *table = nft_attr_name(&m->attrs, NFTA_SET_ELEM_LIST_TABLE);
	uint32_t set = ruleset_set(m->rs, m->family, table,
				   nft_attr_name(&m->attrs, NFTA_SET_ELEM_LIST_SET));
	struct nft_attr list = m->attrs.list[NFTA_SET_ELEM_LIST_ELEMENTS], elem;
	unsigned int type;

	if (set == NFT_NONE)
		return -EBADMSG;
	while (nft_attr_next(&list, &type, &elem))
		take_elem(m, table, set, elem);
	return 0;
}

static int parse_rule(const struct message *m)
{
	const char *table = nft_attr_name(&m->attrs, NFTA_RULE_TABLE);
	uint32_t chain =
		ruleset_chain(m->rs, m->family, table, nft_attr_name(&m->attrs, NFTA_RULE_CHAIN));
	struct nft_attr list = m->attrs.list[NFTA_RULE_EXPRESSIONS], expr;
	unsigned int type;

	if (chain == NFT_NONE)
		return -EBADMSG;
	ruleset_add_rule(m->rs, chain);
	while (nft_attr_next(&list, &type, &expr))
		ruleset_expr_add(m->rs, m->family, table, expr);
	return 0;
}

int ruleset_parse(struct ruleset *rs, const struct nlmsghdr *nlh)
{
	const uint8_t *bytes = (const uint8_t *)nlh;
	struct nft_attr rest = { .data = bytes + NLMSG_HDRLEN };
	struct nfgenmsg nfg;
	struct message m = { .rs = rs };

	if (NFNL_SUBSYS_ID(nlh->nlmsg_type) != NFNL_SUBSYS_NFTABLES)
		return 0;
	if (nlh->nlmsg_len < NLMSG_HDRLEN + sizeof(nfg))
		return -EBADMSG;
	memcpy(&nfg, rest.data, sizeof(nfg));
	rest.data += sizeof(nfg);
	rest.len = nlh->nlmsg_len - NLMSG_HDRLEN - sizeof(nfg);
	m.family = nfg.nfgen_family;
	nft_attrs_parse(&m.attrs, rest);
	switch (NFNL_MSG_TYPE(nlh->nlmsg_type)) {
	case NFT_MSG_NEWTABLE:
		return parse_table(&m);
	case NFT_MSG_NEWCHAIN:
		return parse_chain(&m);
	case NFT_MSG_NEWSET:
		return parse_set(&m);
	case NFT_MSG_NEWSETELEM:
		return parse_elems(&m);
	case NFT_MSG_NEWRULE:
		return parse_rule(&m);
	default:
		return 0;
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From an expression in a message of nf_tables to one of a rule set: a table of names and
 * functions.
 */
#include <config.h>

#include "resolve/ruleset_expr.h"

#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <string.h>

#include "resolve/nft_attrs.h"
#include "resolve/ruleset.h"

int32_t ruleset_verdict(const struct ruleset *rs, uint8_t family, const char *table,
			struct nft_attr verdict, uint32_t *chain)
{
	struct nft_attrs a;

	nft_attrs_parse(&a, verdict);
	*chain = ruleset_chain(rs, family, table, nft_attr_name(&a, NFTA_VERDICT_CHAIN));
	return (int32_t)nft_attr_u32(&a, NFTA_VERDICT_CODE);
}

struct reading {
	struct ruleset *rs;
	const char *table;
	uint8_t family;
	const struct nft_attrs *from;
	struct nft_expr *to;
};

static uint32_t number(const struct reading *r, unsigned int type)
{
	return nft_attr_u32(r->from, type);
}

static uint8_t reg(const struct reading *r, unsigned int type)
{
	return ruleset_register(number(r, type));
}

/* NFTA_DATA_VALUE in it. */
static struct nft_span data(const struct reading *r, unsigned int type)
{
	struct nft_attrs nested;

	nft_attrs_parse(&nested, r->from->list[type]);
	return ruleset_keep(r->rs, nested.list[NFTA_DATA_VALUE].data,
			    nested.list[NFTA_DATA_VALUE].len);
}

static struct nft_span text(const struct reading *r, unsigned int type)
{
	const char *name = nft_attr_name(r->from, type);

	return ruleset_keep(r->rs, name, strlen(name));
}

static struct nft_span bytes(const struct reading *r, unsigned int type)
{
	return ruleset_keep(r->rs, r->from->list[type].data, r->from->list[type].len);
}

static void read_payload(const struct reading *r)
{
	uint32_t offset = number(r, NFTA_PAYLOAD_OFFSET);
	uint32_t len = number(r, NFTA_PAYLOAD_LEN);

	/* One that writes into the packet. */
	if (nft_attr_is_set(r->from, NFTA_PAYLOAD_SREG) || offset > UINT16_MAX ||
	    len > NFT_REG_BYTES) {
		r->to->kind = NFT_KIND_UNKNOWN;
		return;
	}
	r->to->dreg = reg(r, NFTA_PAYLOAD_DREG);
	r->to->u.payload.base = (uint8_t)number(r, NFTA_PAYLOAD_BASE);
	r->to->u.payload.offset = (uint16_t)offset;
	r->to->u.payload.len = (uint8_t)len;
}

static void read_meta(const struct reading *r)
{
	/* What kind of packet it is can be known; what else can be set is not. */
	if (nft_attr_is_set(r->from, NFTA_META_SREG)) {
		r->to->kind = number(r, NFTA_META_KEY) == NFT_META_PKTTYPE ? NFT_KIND_UNKNOWN
									   : NFT_KIND_NOTHING;
		return;
	}
	r->to->dreg = reg(r, NFTA_META_DREG);
	r->to->u.key = number(r, NFTA_META_KEY);
}

static void read_ct(const struct reading *r)
{
	if (nft_attr_is_set(r->from, NFTA_CT_SREG)) {
		r->to->kind = NFT_KIND_NOTHING;
		if (number(r, NFTA_CT_KEY) == NFT_CT_ZONE) {
			r->to->kind = NFT_KIND_TRACKING;
			r->to->op = 1;
		}
		return;
	}
	r->to->dreg = reg(r, NFTA_CT_DREG);
	r->to->u.key = number(r, NFTA_CT_KEY);
}

static void read_fib(const struct reading *r)
{
	r->to->dreg = reg(r, NFTA_FIB_DREG);
	r->to->u.fib.result = number(r, NFTA_FIB_RESULT);
	r->to->u.fib.flags = number(r, NFTA_FIB_FLAGS);
}

/* Of those whose register comes first, and of those that have something else before it. */
static void read_first(const struct reading *r)
{
	r->to->dreg = reg(r, 1);
}

static void read_second(const struct reading *r)
{
	r->to->dreg = reg(r, 2);
}

static void read_exthdr(const struct reading *r)
{
	if (nft_attr_is_set(r->from, NFTA_EXTHDR_SREG))
		r->to->kind = NFT_KIND_NOTHING;
	r->to->dreg = reg(r, NFTA_EXTHDR_DREG);
}

static void read_immediate(const struct reading *r)
{
	struct nft_attrs nested;

	nft_attrs_parse(&nested, r->from->list[NFTA_IMMEDIATE_DATA]);
	if (nft_attr_is_set(&nested, NFTA_DATA_VERDICT)) {
		r->to->kind = NFT_KIND_VERDICT;
		r->to->u.verdict.code =
			ruleset_verdict(r->rs, r->family, r->table, nested.list[NFTA_DATA_VERDICT],
					&r->to->u.verdict.chain);
		return;
	}
	r->to->dreg = reg(r, NFTA_IMMEDIATE_DREG);
	r->to->u.data.from = data(r, NFTA_IMMEDIATE_DATA);
}

static void read_cmp(const struct reading *r)
{
	r->to->sreg = reg(r, NFTA_CMP_SREG);
	r->to->op = (uint8_t)number(r, NFTA_CMP_OP);
	r->to->u.data.from = r->to->u.data.to = data(r, NFTA_CMP_DATA);
}

static void read_range(const struct reading *r)
{
	r->to->sreg = reg(r, NFTA_RANGE_SREG);
	r->to->op = (uint8_t)number(r, NFTA_RANGE_OP);
	r->to->u.data.from = data(r, NFTA_RANGE_FROM_DATA);
	r->to->u.data.to = data(r, NFTA_RANGE_TO_DATA);
}

static void read_bitwise(const struct reading *r)
{
	/* Shifts, and what newer kernels do with two registers. */
	if (number(r, NFTA_BITWISE_OP) != NFT_BITWISE_BOOL) {
		r->to->kind = NFT_KIND_UNKNOWN;
		return;
	}
	r->to->sreg = reg(r, NFTA_BITWISE_SREG);
	r->to->dreg = reg(r, NFTA_BITWISE_DREG);
	r->to->u.data.from = data(r, NFTA_BITWISE_MASK);
	r->to->u.data.to = data(r, NFTA_BITWISE_XOR);
}

static void read_byteorder(const struct reading *r)
{
	r->to->sreg = reg(r, NFTA_BYTEORDER_SREG);
	r->to->dreg = reg(r, NFTA_BYTEORDER_DREG);
	r->to->u.byteorder.len = number(r, NFTA_BYTEORDER_LEN);
	r->to->u.byteorder.size = number(r, NFTA_BYTEORDER_SIZE);
}

static void read_lookup(const struct reading *r)
{
	r->to->sreg = reg(r, NFTA_LOOKUP_SREG);
	/* The register of a verdict map is the verdict itself, which is none of the others. */
	r->to->dreg = reg(r, NFTA_LOOKUP_DREG);
	r->to->op = number(r, NFTA_LOOKUP_FLAGS) & NFT_LOOKUP_F_INV;
	r->to->u.set =
		ruleset_set(r->rs, r->family, r->table, nft_attr_name(r->from, NFTA_LOOKUP_SET));
}

static void read_nat(const struct reading *r)
{
	if (number(r, NFTA_NAT_TYPE) != NFT_NAT_DNAT) {
		r->to->kind = NFT_KIND_SOURCE_NAT;
		r->to->u.nat.family = (uint8_t)number(r, NFTA_NAT_FAMILY);
		return;
	}
	r->to->u.nat.addr = reg(r, NFTA_NAT_REG_ADDR_MIN);
	r->to->u.nat.addr_last = reg(r, NFTA_NAT_REG_ADDR_MAX);
	r->to->u.nat.port = reg(r, NFTA_NAT_REG_PROTO_MIN);
	r->to->u.nat.port_last = reg(r, NFTA_NAT_REG_PROTO_MAX);
	r->to->u.nat.family = (uint8_t)number(r, NFTA_NAT_FAMILY);
	r->to->u.nat.is_prefix = number(r, NFTA_NAT_FLAGS) & NF_NAT_RANGE_NETMAP;
}

static void read_redirect(const struct reading *r)
{
	r->to->u.nat.addr = r->to->u.nat.addr_last = NFT_NO_REG;
	r->to->u.nat.port = reg(r, NFTA_REDIR_REG_PROTO_MIN);
	r->to->u.nat.port_last = reg(r, NFTA_REDIR_REG_PROTO_MAX);
}

static void read_tproxy(const struct reading *r)
{
	r->to->u.nat.addr = r->to->u.nat.addr_last = reg(r, NFTA_TPROXY_REG_ADDR);
	r->to->u.nat.port = r->to->u.nat.port_last = reg(r, NFTA_TPROXY_REG_PORT);
	r->to->u.nat.family = (uint8_t)number(r, NFTA_TPROXY_FAMILY);
}

/* Objects that have a name: counters pass everything, limits do not. */
static void read_objref(const struct reading *r)
{
	uint32_t type = number(r, NFTA_OBJREF_IMM_TYPE);

	if (type == NFT_OBJECT_COUNTER || type == NFT_OBJECT_CT_HELPER ||
	    type == NFT_OBJECT_CT_TIMEOUT || type == NFT_OBJECT_SECMARK)
		r->to->kind = NFT_KIND_NOTHING;
}

static void read_match(const struct reading *r)
{
	r->to->op = (uint8_t)number(r, NFTA_MATCH_REV);
	r->to->u.xt.name = text(r, NFTA_MATCH_NAME);
	r->to->u.xt.info = bytes(r, NFTA_MATCH_INFO);
}

static void read_target(const struct reading *r)
{
	r->to->op = (uint8_t)number(r, NFTA_TARGET_REV);
	r->to->u.xt.name = text(r, NFTA_TARGET_NAME);
	r->to->u.xt.info = bytes(r, NFTA_TARGET_INFO);
}

/* clang-format off */
static const struct {
	const char *name;
	enum nft_kind kind;
	void (*read)(const struct reading *r);
} readers[] = {
	{ "payload",   NFT_KIND_PAYLOAD,    read_payload },
	{ "cmp",       NFT_KIND_CMP,        read_cmp },
	{ "immediate", NFT_KIND_IMMEDIATE,  read_immediate },
	{ "meta",      NFT_KIND_META,       read_meta },
	{ "lookup",    NFT_KIND_LOOKUP,     read_lookup },
	{ "ct",        NFT_KIND_CT,         read_ct },
	{ "bitwise",   NFT_KIND_BITWISE,    read_bitwise },
	{ "range",     NFT_KIND_RANGE,      read_range },
	{ "byteorder", NFT_KIND_BYTEORDER,  read_byteorder },
	{ "fib",       NFT_KIND_FIB,        read_fib },
	{ "nat",       NFT_KIND_NAT,        read_nat },
	{ "redir",     NFT_KIND_REDIRECT,   read_redirect },
	{ "tproxy",    NFT_KIND_TPROXY,     read_tproxy },
	{ "reject",    NFT_KIND_REJECT,     NULL },
	{ "match",     NFT_KIND_XT_MATCH,   read_match },
	{ "target",    NFT_KIND_XT_TARGET,  read_target },
	{ "counter",   NFT_KIND_NOTHING,    NULL },
	{ "dup",       NFT_KIND_NOTHING,    NULL },
	{ "last",      NFT_KIND_NOTHING,    NULL },
	{ "log",       NFT_KIND_NOTHING,    NULL },
	{ "masq",      NFT_KIND_SOURCE_NAT, NULL },
	{ "notrack",   NFT_KIND_TRACKING,   NULL },
	{ "connlimit", NFT_KIND_CONDITION,  NULL },
	{ "dynset",    NFT_KIND_CONDITION,  NULL },
	{ "flow_offload", NFT_KIND_CONDITION, NULL },
	{ "limit",     NFT_KIND_CONDITION,  NULL },
	{ "objref",    NFT_KIND_CONDITION,  read_objref },
	{ "quota",     NFT_KIND_CONDITION,  NULL },
	{ "exthdr",    NFT_KIND_OTHER_LOAD, read_exthdr },
	{ "hash",      NFT_KIND_OTHER_LOAD, read_second },
	{ "numgen",    NFT_KIND_OTHER_LOAD, read_first },
	{ "osf",       NFT_KIND_OTHER_LOAD, read_first },
	{ "rt",        NFT_KIND_OTHER_LOAD, read_first },
	{ "socket",    NFT_KIND_OTHER_LOAD, read_second },
	{ "tunnel",    NFT_KIND_OTHER_LOAD, read_second },
	{ "xfrm",      NFT_KIND_OTHER_LOAD, read_first },
};
/* clang-format on */

void ruleset_expr_add(struct ruleset *rs, uint8_t family, const char *table, struct nft_attr expr)
{
	struct nft_attrs e, from;
	struct nft_expr to = { .kind = NFT_KIND_UNKNOWN, .sreg = NFT_NO_REG, .dreg = NFT_NO_REG };
	struct reading r = { .rs = rs, .table = table, .family = family, .from = &from, .to = &to };
	const char *name;

	nft_attrs_parse(&e, expr);
	nft_attrs_parse(&from, e.list[NFTA_EXPR_DATA]);
	name = nft_attr_name(&e, NFTA_EXPR_NAME);
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++)
		if (!strcmp(name, readers[i].name)) {
			to.kind = readers[i].kind;
			if (readers[i].read)
				readers[i].read(&r);
		}
	if (to.kind == NFT_KIND_UNKNOWN || to.kind == NFT_KIND_OTHER_LOAD ||
	    to.kind == NFT_KIND_CONDITION)
		to.u.xt.name = ruleset_keep(rs, name, strlen(name));
	ruleset_add_expr(rs, &to);
}

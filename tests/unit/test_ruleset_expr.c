/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions of nftables as the kernel sends them, one after the other: what a rule of them does. */
#include <config.h>

#include "test.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "resolve/own_addrs.h"
#include "resolve/packets.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_judge.h"
#include "resolve/ruleset_read.h"

#define TCP 6
#define REG1 NFT_REG32_00
#define REG2 NFT_REG32_01
#define DPORT 2 /* offset in the header of TCP */
#define DADDR 16 /* of IPv4 */

/* One rule under construction, in the chain "in" of the table "t", which accepts at its end. */
struct made {
	struct ruleset rs;
	_Alignas(struct nlmsghdr) char bytes[4096];
	struct nlmsghdr *nlh;
	struct nlattr *list;
	struct nlattr *elem;
	struct nlattr *data;
};

static int made_new(void **state)
{
	struct made *m = calloc(1, sizeof(*m));
	const struct nft_chain chain = { .family = NFPROTO_INET,
					 .hook = NF_INET_PRE_ROUTING,
					 .is_base = true };
	struct nfgenmsg *nfg;

	if (!m)
		return -1;
	ruleset_add_chain(&m->rs, &chain, "t", "in");
	m->nlh = mnl_nlmsg_put_header(m->bytes);
	m->nlh->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE;
	nfg = mnl_nlmsg_put_extra_header(m->nlh, sizeof(*nfg));
	nfg->nfgen_family = NFPROTO_INET;
	mnl_attr_put_strz(m->nlh, NFTA_RULE_TABLE, "t");
	mnl_attr_put_strz(m->nlh, NFTA_RULE_CHAIN, "in");
	m->list = mnl_attr_nest_start(m->nlh, NFTA_RULE_EXPRESSIONS);
	*state = m;
	return 0;
}

static int made_free(void **state)
{
	struct made *m = *state;

	ruleset_fini(&m->rs);
	free(m);
	return 0;
}

static void begin(struct made *m, const char *name)
{
	m->elem = mnl_attr_nest_start(m->nlh, NFTA_LIST_ELEM);
	mnl_attr_put_strz(m->nlh, NFTA_EXPR_NAME, name);
	m->data = mnl_attr_nest_start(m->nlh, NFTA_EXPR_DATA);
}

static void put(struct made *m, uint16_t type, uint32_t value)
{
	mnl_attr_put_u32(m->nlh, type, htonl(value));
}

static void put_data(struct made *m, uint16_t type, const void *bytes, size_t len)
{
	struct nlattr *nest = mnl_attr_nest_start(m->nlh, type);

	mnl_attr_put(m->nlh, NFTA_DATA_VALUE, len, bytes);
	mnl_attr_nest_end(m->nlh, nest);
}

static void end(struct made *m)
{
	mnl_attr_nest_end(m->nlh, m->data);
	mnl_attr_nest_end(m->nlh, m->elem);
}

static void load(struct made *m, uint32_t base, uint32_t offset, uint32_t len, uint32_t reg)
{
	begin(m, "payload");
	put(m, NFTA_PAYLOAD_DREG, reg);
	put(m, NFTA_PAYLOAD_BASE, base);
	put(m, NFTA_PAYLOAD_OFFSET, offset);
	put(m, NFTA_PAYLOAD_LEN, len);
	end(m);
}

static void compare(struct made *m, uint32_t op, uint32_t reg, const void *bytes, size_t len)
{
	begin(m, "cmp");
	put(m, NFTA_CMP_SREG, reg);
	put(m, NFTA_CMP_OP, op);
	put_data(m, NFTA_CMP_DATA, bytes, len);
	end(m);
}

static void decide(struct made *m, int32_t code)
{
	struct nlattr *value, *verdict;

	begin(m, "immediate");
	put(m, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	value = mnl_attr_nest_start(m->nlh, NFTA_IMMEDIATE_DATA);
	verdict = mnl_attr_nest_start(m->nlh, NFTA_DATA_VERDICT);
	put(m, NFTA_VERDICT_CODE, (uint32_t)code);
	mnl_attr_nest_end(m->nlh, verdict);
	mnl_attr_nest_end(m->nlh, value);
	end(m);
}

static void finish(struct made *m)
{
	unsigned int seen = 0;

	mnl_attr_nest_end(m->nlh, m->list);
	assert_int_equal(ruleset_take(&m->rs, m->nlh, m->nlh->nlmsg_len, &seen), 1);
	assert_false(m->rs.is_cut);
	ruleset_close(&m->rs);
}

static struct judgement judge(const struct made *m, uint16_t first, uint16_t last)
{
	struct packets p = { .family = ADDR_INET,
			     .proto_first = TCP,
			     .proto_last = TCP,
			     .port_first = first,
			     .port_last = last,
			     .is_to_here = true,
			     .hook = NF_INET_PRE_ROUTING };
	struct own_addr list[] = { { ADDR_INET, { { 10, 0, 0, 1 } }, 0 } };
	const struct own_addrs own = { list, 1, 1 };
	struct judgement j;
	enum addr_family family;

	assert_int_equal(addr_parse("10.0.0.0", 8, &family, &p.addr_first), 0);
	assert_int_equal(addr_parse("10.0.0.255", 10, &family, &p.addr_last), 0);
	ruleset_judge(&m->rs, &own, 0, &p, &j);
	return j;
}

/* The verdict on TCP to port 80 of 10.0.0.0/24. */
static void expect(const struct made *m, enum judge_verdict want)
{
	assert_int_equal(judge(m, 80, 80).verdict, want);
}

static void expect_depends(const struct made *m, enum fact why, const char *name)
{
	struct judgement j = judge(m, 80, 80);

	assert_int_equal(j.verdict, JUDGE_DEPENDS);
	assert_int_equal(j.why, why);
	assert_int_equal(j.name.len, strlen(name));
	assert_memory_equal(ruleset_bytes(&m->rs, j.name), name, j.name.len);
}

#define WITH(f) cmocka_unit_test_setup_teardown(f, made_new, made_free)

static void compared(void **state)
{
	static const struct {
		uint32_t op;
		uint8_t number[2];
		enum judge_verdict want; /* of a rule that drops */
	} cases[] = {
		{ NFT_CMP_EQ, { 0, 80 }, JUDGE_DROPPED },
		{ NFT_CMP_EQ, { 0, 81 }, JUDGE_ACCEPTED },
		{ NFT_CMP_NEQ, { 0, 80 }, JUDGE_ACCEPTED },
		{ NFT_CMP_NEQ, { 0, 81 }, JUDGE_DROPPED },
		{ NFT_CMP_LT, { 0, 80 }, JUDGE_ACCEPTED },
		{ NFT_CMP_LT, { 0, 81 }, JUDGE_DROPPED },
		{ NFT_CMP_LTE, { 0, 80 }, JUDGE_DROPPED },
		{ NFT_CMP_GT, { 0, 79 }, JUDGE_DROPPED },
		{ NFT_CMP_GT, { 0, 80 }, JUDGE_ACCEPTED },
		{ NFT_CMP_GTE, { 0, 80 }, JUDGE_DROPPED },
		/* Below the least number and above the greatest there is none. */
		{ NFT_CMP_LT, { 0, 0 }, JUDGE_ACCEPTED },
		{ NFT_CMP_GT, { 255, 255 }, JUDGE_ACCEPTED },
		{ NFT_CMP_LT, { 1, 0 }, JUDGE_DROPPED },
		{ NFT_CMP_GT, { 0, 255 }, JUDGE_ACCEPTED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		void *made = NULL;

		assert_int_equal(made_new(&made), 0);
		load(made, NFT_PAYLOAD_TRANSPORT_HEADER, DPORT, 2, REG1);
		compare(made, cases[i].op, REG1, cases[i].number, 2);
		decide(made, NF_DROP);
		finish(made);
		print_message("case %zu\n", i);
		expect(made, cases[i].want);
		made_free(&made);
	}
}

static void compared_with_nothing(void **state)
{
	struct made *m = *state;

	load(m, NFT_PAYLOAD_TRANSPORT_HEADER, DPORT, 2, REG1);
	compare(m, NFT_CMP_EQ, REG1, "", 0);
	decide(m, NF_DROP);
	finish(m);
	expect_depends(m, FACT_PACKET, "");
}

static void range(void **state)
{
	struct made *m = *state;

	load(m, NFT_PAYLOAD_TRANSPORT_HEADER, DPORT, 2, REG1);
	begin(m, "range");
	put(m, NFTA_RANGE_SREG, REG1);
	put(m, NFTA_RANGE_OP, NFT_RANGE_NEQ);
	put_data(m, NFTA_RANGE_FROM_DATA, "\0\120", 2);
	put_data(m, NFTA_RANGE_TO_DATA, "\0\132", 2);
	end(m);
	decide(m, NF_DROP);
	finish(m);
	expect(m, JUDGE_ACCEPTED);
	assert_int_equal(judge(m, 91, 99).verdict, JUDGE_DROPPED);
	assert_int_equal(judge(m, 85, 99).verdict, JUDGE_DEPENDS);
	assert_int_equal(judge(m, 85, 99).why, FACT_PORT);
}

static void swap(struct made *m, uint32_t len, uint32_t size)
{
	begin(m, "byteorder");
	put(m, NFTA_BYTEORDER_SREG, REG1);
	put(m, NFTA_BYTEORDER_DREG, REG2);
	put(m, NFTA_BYTEORDER_OP, NFT_BYTEORDER_NTOH);
	put(m, NFTA_BYTEORDER_LEN, len);
	put(m, NFTA_BYTEORDER_SIZE, size);
	end(m);
}

/* As "tcp dport 80" reads where it is compared in the order of the host. */
static void bytes_of_the_host(void **state)
{
	const uint16_t port = 80;
	struct made *m = *state;

	load(m, NFT_PAYLOAD_TRANSPORT_HEADER, DPORT, 2, REG1);
	swap(m, 2, 2);
	compare(m, NFT_CMP_EQ, REG2, &port, sizeof(port));
	decide(m, NF_DROP);
	finish(m);
	expect(m, JUDGE_DROPPED);
	assert_int_equal(judge(m, 81, 81).verdict, JUDGE_ACCEPTED);
}

static void bytes_that_cannot_be_swapped(void **state)
{
	struct made *m = *state;

	load(m, NFT_PAYLOAD_TRANSPORT_HEADER, DPORT, 2, REG1);
	swap(m, 3, 2);
	compare(m, NFT_CMP_EQ, REG2, "\0\120", 2);
	decide(m, NF_DROP);
	finish(m);
	expect_depends(m, FACT_PACKET, "");
}

static void mask(struct made *m, uint32_t op, const char *bits)
{
	begin(m, "bitwise");
	put(m, NFTA_BITWISE_SREG, REG1);
	put(m, NFTA_BITWISE_DREG, REG1);
	put(m, NFTA_BITWISE_LEN, 4);
	put(m, NFTA_BITWISE_OP, op);
	put_data(m, NFTA_BITWISE_MASK, bits, 4);
	put_data(m, NFTA_BITWISE_XOR, "\0\0\0\0", 4);
	end(m);
}

static void a_prefix(void **state)
{
	struct made *m = *state;

	load(m, NFT_PAYLOAD_NETWORK_HEADER, DADDR, 4, REG1);
	mask(m, NFT_BITWISE_BOOL, "\377\377\0\0");
	compare(m, NFT_CMP_EQ, REG1, "\12\0\0\0", 4);
	decide(m, NF_DROP);
	finish(m);
	expect(m, JUDGE_DROPPED);
}

/* Of bits with gaps the addresses are no interval. */
static void bits_with_gaps(void **state)
{
	struct made *m = *state;

	load(m, NFT_PAYLOAD_NETWORK_HEADER, DADDR, 4, REG1);
	mask(m, NFT_BITWISE_BOOL, "\377\377\377\1");
	compare(m, NFT_CMP_EQ, REG1, "\12\0\0\1", 4);
	decide(m, NF_DROP);
	finish(m);
	expect_depends(m, FACT_ADDR, "");
}

/* What lies outside of the mask can never be equal. */
static void bits_that_are_masked_away(void **state)
{
	struct made *m = *state;

	load(m, NFT_PAYLOAD_NETWORK_HEADER, DADDR, 4, REG1);
	mask(m, NFT_BITWISE_BOOL, "\377\377\377\0");
	compare(m, NFT_CMP_EQ, REG1, "\12\0\0\1", 4);
	decide(m, NF_DROP);
	finish(m);
	expect(m, JUDGE_ACCEPTED);
}

static void a_shift(void **state)
{
	struct made *m = *state;

	load(m, NFT_PAYLOAD_NETWORK_HEADER, DADDR, 4, REG1);
	mask(m, NFT_BITWISE_LSHIFT, "\377\377\377\0");
	decide(m, NF_DROP);
	finish(m);
	expect_depends(m, FACT_RULE, "bitwise");
}

static void writing_into_the_packet(void **state)
{
	struct made *m = *state;

	begin(m, "payload");
	put(m, NFTA_PAYLOAD_SREG, REG1);
	put(m, NFTA_PAYLOAD_LEN, 2);
	end(m);
	decide(m, NF_DROP);
	finish(m);
	expect_depends(m, FACT_RULE, "payload");
}

/* What neither asks nor decides: the rule drops all the same. */
static void without_effect(void **state)
{
	static const struct {
		const char *name;
		uint16_t type;
		uint32_t value;
	} cases[] = {
		{ "meta", NFTA_META_SREG, REG1 },
		{ "ct", NFTA_CT_SREG, REG1 },
		{ "exthdr", NFTA_EXTHDR_SREG, REG1 },
		{ "objref", NFTA_OBJREF_IMM_TYPE, NFT_OBJECT_COUNTER },
		{ "objref", NFTA_OBJREF_IMM_TYPE, NFT_OBJECT_SECMARK },
		{ "counter", NFTA_COUNTER_BYTES, 0 },
		{ "log", NFTA_LOG_LEVEL, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		void *made = NULL;

		assert_int_equal(made_new(&made), 0);
		begin(made, cases[i].name);
		put(made, cases[i].type, cases[i].value);
		end(made);
		decide(made, NF_DROP);
		finish(made);
		print_message("%s\n", cases[i].name);
		expect(made, JUDGE_DROPPED);
		made_free(&made);
	}
}

/* What passes some packets and not others is named. */
static void conditions(void **state)
{
	static const struct {
		const char *name;
		uint16_t dreg; /* 0: it loads nothing */
	} cases[] = {
		{ "limit", 0 },
		{ "quota", 0 },
		{ "objref", 0 },
		{ "exthdr", NFTA_EXTHDR_DREG },
		{ "socket", NFTA_SOCKET_DREG },
		{ "hash", NFTA_HASH_DREG },
		{ "newest", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		void *made = NULL;

		assert_int_equal(made_new(&made), 0);
		begin(made, cases[i].name);
		if (cases[i].dreg)
			put(made, cases[i].dreg, REG1);
		else if (!strcmp(cases[i].name, "objref"))
			put(made, NFTA_OBJREF_IMM_TYPE, NFT_OBJECT_LIMIT);
		end(made);
		if (cases[i].dreg)
			compare(made, NFT_CMP_EQ, REG1, "\1", 1);
		decide(made, NF_DROP);
		finish(made);
		print_message("%s\n", cases[i].name);
		expect_depends(made, strcmp(cases[i].name, "newest") ? FACT_OTHER : FACT_RULE,
			       cases[i].name);
		made_free(&made);
	}
}

static void ask(struct made *m, const char *name, uint16_t key_type, uint32_t key)
{
	begin(m, name);
	put(m, key_type, key);
	put(m, !strcmp(name, "meta") ? NFTA_META_DREG : NFTA_CT_DREG, REG1);
	end(m);
}

/* What is known of a first packet to this host from outside, and what is not. */
static void loads(void **state)
{
	static const struct {
		const char *name;
		uint16_t type;
		uint32_t key;
		const char *value;
		size_t len;
		enum fact why; /* FACT_NONE: it is that value */
	} cases[] = {
		{ "meta", NFTA_META_KEY, NFT_META_PROTOCOL, "\10\0", 2, FACT_NONE },
		{ "meta", NFTA_META_KEY, NFT_META_NFPROTO, "\2", 1, FACT_NONE },
		{ "meta", NFTA_META_KEY, NFT_META_L4PROTO, "\6", 1, FACT_NONE },
		{ "meta", NFTA_META_KEY, NFT_META_PKTTYPE, "\0", 1, FACT_NONE },
		{ "meta", NFTA_META_KEY, NFT_META_MARK, "\0\0\0\1", 4, FACT_MARK },
		{ "meta", NFTA_META_KEY, NFT_META_SKUID, "\0\0\0\1", 4, FACT_SENDER },
		{ "meta", NFTA_META_KEY, NFT_META_PRANDOM, "\0\0\0\1", 4, FACT_PACKET },
		{ "ct", NFTA_CT_KEY, NFT_CT_DIRECTION, "\0", 1, FACT_NONE },
		{ "ct", NFTA_CT_KEY, NFT_CT_PROTOCOL, "\6", 1, FACT_NONE },
		{ "ct", NFTA_CT_KEY, NFT_CT_MARK, "\0\0\0\1", 4, FACT_MARK },
		{ "ct", NFTA_CT_KEY, NFT_CT_SRC, "\12\0\0\1", 4, FACT_CONNTRACK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		void *made = NULL;

		assert_int_equal(made_new(&made), 0);
		ask(made, cases[i].name, cases[i].type, cases[i].key);
		compare(made, NFT_CMP_EQ, REG1, cases[i].value, cases[i].len);
		decide(made, NF_DROP);
		finish(made);
		print_message("%s %u\n", cases[i].name, cases[i].key);
		if (cases[i].why)
			expect_depends(made, cases[i].why, "");
		else
			expect(made, JUDGE_DROPPED);
		made_free(&made);
	}
}

/* A route to the sender is not known; a register that there is not takes nothing. */
static void other_loads(void **state)
{
	struct made *m = *state;

	begin(m, "fib");
	put(m, NFTA_FIB_DREG, REG1);
	put(m, NFTA_FIB_RESULT, NFT_FIB_RESULT_OIF);
	put(m, NFTA_FIB_FLAGS, NFTA_FIB_F_SADDR);
	end(m);
	load(m, NFT_PAYLOAD_TRANSPORT_HEADER, DPORT, 2, 4711);
	compare(m, NFT_CMP_EQ, REG1, "\0\0\0\1", 4);
	decide(m, NF_DROP);
	finish(m);
	expect_depends(m, FACT_ROUTE, "");
}

static void verdicts(void **state)
{
	static const struct {
		int32_t code;
		enum judge_verdict want; /* in a chain that accepts at its end */
	} cases[] = {
		{ NF_ACCEPT, JUDGE_ACCEPTED },
		{ NF_DROP, JUDGE_DROPPED },
		{ NFT_CONTINUE, JUDGE_ACCEPTED },
		{ NFT_RETURN, JUDGE_ACCEPTED },
		/* What a program says of it nobody knows. */
		{ NF_QUEUE, JUDGE_DEPENDS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		void *made = NULL;

		assert_int_equal(made_new(&made), 0);
		decide(made, cases[i].code);
		finish(made);
		print_message("verdict %d\n", cases[i].code);
		expect(made, cases[i].want);
		made_free(&made);
	}
}

/* ---- sets -------------------------------------------------------------------------------- */

static uint32_t add_key(struct ruleset *rs, const void *key, size_t len)
{
	return ruleset_keep(rs, key, len).at;
}

/* A set, or verdict map, of ports: 80 and 443; the map drops the first and accepts the other. */
static void add_ports(struct made *m, uint32_t flags, bool has_rest)
{
	const struct nft_set set = {
		.flags = flags, .key_len = 2, .family = NFPROTO_INET, .is_whole = true
	};
	struct nft_elem elem = { .verdict = NF_DROP, .chain = NFT_NONE };
	uint32_t index;

	ruleset_add_set(&m->rs, &set, "t", "ports");
	index = ruleset_set(&m->rs, NFPROTO_INET, "t", "ports");
	assert_int_not_equal(index, NFT_NONE);
	elem.key = elem.key_end = add_key(&m->rs, "\0\120", 2);
	ruleset_add_elem(&m->rs, index, &elem);
	elem.key = elem.key_end = add_key(&m->rs, "\1\273", 2);
	elem.verdict = NF_ACCEPT;
	ruleset_add_elem(&m->rs, index, &elem);
	elem.flags = NFT_SET_ELEM_CATCHALL;
	elem.verdict = NF_DROP;
	if (has_rest)
		ruleset_add_elem(&m->rs, index, &elem);
	load(m, NFT_PAYLOAD_TRANSPORT_HEADER, DPORT, 2, REG1);
}

static void look_up(struct made *m, uint32_t flags, bool is_map)
{
	begin(m, "lookup");
	mnl_attr_put_strz(m->nlh, NFTA_LOOKUP_SET, "ports");
	put(m, NFTA_LOOKUP_SREG, REG1);
	if (is_map)
		put(m, NFTA_LOOKUP_DREG, NFT_REG_VERDICT);
	put(m, NFTA_LOOKUP_FLAGS, flags);
	end(m);
}

static void in_a_set(void **state)
{
	struct made *m = *state;

	add_ports(m, 0, false);
	look_up(m, 0, false);
	decide(m, NF_DROP);
	finish(m);
	expect(m, JUDGE_DROPPED);
	assert_int_equal(judge(m, 81, 442).verdict, JUDGE_ACCEPTED);
	assert_int_equal(judge(m, 79, 90).verdict, JUDGE_DEPENDS);
}

static void not_in_a_set(void **state)
{
	struct made *m = *state;

	add_ports(m, 0, false);
	look_up(m, NFT_LOOKUP_F_INV, false);
	decide(m, NF_DROP);
	finish(m);
	expect(m, JUDGE_ACCEPTED);
	assert_int_equal(judge(m, 443, 443).verdict, JUDGE_ACCEPTED);
	assert_int_equal(judge(m, 81, 442).verdict, JUDGE_DROPPED);
	assert_int_equal(judge(m, 79, 90).verdict, JUDGE_DEPENDS);
	assert_int_equal(judge(m, 79, 90).why, FACT_PORT);
}

/* With an element for all others everything is in the set. */
static void not_in_a_set_of_all(void **state)
{
	struct made *m = *state;

	add_ports(m, 0, true);
	look_up(m, NFT_LOOKUP_F_INV, false);
	decide(m, NF_DROP);
	finish(m);
	assert_int_equal(judge(m, 0, 65535).verdict, JUDGE_ACCEPTED);
}

static void a_map_for_the_rest(void **state)
{
	struct made *m = *state;

	add_ports(m, NFT_SET_MAP, true);
	look_up(m, 0, true);
	finish(m);
	expect(m, JUDGE_DROPPED);
	assert_int_equal(judge(m, 443, 443).verdict, JUDGE_ACCEPTED);
	assert_int_equal(judge(m, 1000, 2000).verdict, JUDGE_DROPPED);
	assert_int_equal(judge(m, 440, 450).verdict, JUDGE_DEPENDS);
}

static void a_set_that_is_not_there(void **state)
{
	struct made *m = *state;

	look_up(m, 0, false);
	decide(m, NF_DROP);
	finish(m);
	expect_depends(m, FACT_PACKET, "");
}

/* ---- where it is sent -------------------------------------------------------------------- */

static void set_register(struct made *m, uint32_t reg, const void *bytes, size_t len)
{
	begin(m, "immediate");
	put(m, NFTA_IMMEDIATE_DREG, reg);
	put_data(m, NFTA_IMMEDIATE_DATA, bytes, len);
	end(m);
}

static void send_on(struct made *m, uint32_t family)
{
	begin(m, "nat");
	put(m, NFTA_NAT_TYPE, NFT_NAT_DNAT);
	put(m, NFTA_NAT_FAMILY, family);
	put(m, NFTA_NAT_REG_ADDR_MIN, REG1);
	put(m, NFTA_NAT_REG_PROTO_MIN, REG2);
	end(m);
}

static void sent_on(void **state)
{
	struct made *m = *state;
	struct judgement j;

	set_register(m, REG1, "\12\11\10\7", 4);
	set_register(m, REG2, "\37\220", 2);
	send_on(m, NFPROTO_IPV4);
	finish(m);
	j = judge(m, 80, 80);
	assert_true(j.is_sent_on);
	assert_memory_equal(j.target.addr.bytes, "\12\11\10\7", 4);
	assert_int_equal(j.target.port, 8080);
	assert_int_equal(j.target.port_last, 8080);
}

/* An address and a port that are drawn by lot: sent on, and nobody knows where to. */
static void sent_somewhere(void **state)
{
	struct made *m = *state;
	struct judgement j;

	begin(m, "numgen");
	put(m, NFTA_NG_DREG, REG1);
	end(m);
	send_on(m, NFPROTO_IPV4);
	finish(m);
	j = judge(m, 80, 80);
	assert_true(j.is_sent_on);
	assert_true(j.target.is_unknown);
	assert_false(j.target.has_addr);
	assert_false(j.target.has_port);
}

/* It ends the chain, and changes no destination. */
static void another_source(void **state)
{
	struct made *m = *state;

	begin(m, "nat");
	put(m, NFTA_NAT_TYPE, NFT_NAT_SNAT);
	put(m, NFTA_NAT_FAMILY, NFPROTO_IPV4);
	end(m);
	decide(m, NF_DROP);
	finish(m);
	expect(m, JUDGE_ACCEPTED);
	assert_false(judge(m, 80, 80).is_sent_on);
}

static void sent_on_if_it_were_ipv6(void **state)
{
	struct made *m = *state;

	set_register(m, REG1, "\12\11\10\7", 4);
	send_on(m, NFPROTO_IPV6);
	finish(m);
	expect(m, JUDGE_ACCEPTED);
}

static void a_target_that_is_not_known(void **state)
{
	struct made *m = *state;

	begin(m, "target");
	mnl_attr_put_strz(m->nlh, NFTA_TARGET_NAME, "IDLETIMER");
	put(m, NFTA_TARGET_REV, 1);
	mnl_attr_put(m->nlh, NFTA_TARGET_INFO, 4, "\0\0\0\0");
	end(m);
	finish(m);
	expect_depends(m, FACT_RULE, "IDLETIMER");
}

/* Of a chain or a set that was not listed, or too short: the rules are known not to be whole. */
static void messages_that_belong_nowhere(void **state)
{
	struct made *m = *state;
	unsigned int seen = 0;
	struct nlmsghdr *nlh = m->nlh;

	mnl_attr_nest_end(nlh, m->list);
	/* Of another part of netfilter, and of a kind that is not read. */
	nlh->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8;
	assert_int_equal(ruleset_take(&m->rs, nlh, nlh->nlmsg_len, &seen), 1);
	nlh->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWGEN;
	assert_int_equal(ruleset_take(&m->rs, nlh, nlh->nlmsg_len, &seen), 1);
	assert_false(m->rs.is_cut);
	assert_int_equal(m->rs.n_rules, 0);

	nlh->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWSETELEM;
	assert_int_equal(ruleset_take(&m->rs, nlh, nlh->nlmsg_len, &seen), 1);
	assert_true(m->rs.is_cut);
	m->rs.is_cut = false;

	mnl_nlmsg_put_header(nlh);
	nlh->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE;
	assert_int_equal(ruleset_take(&m->rs, nlh, nlh->nlmsg_len, &seen), 1);
	assert_true(m->rs.is_cut);
	m->rs.is_cut = false;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct nfgenmsg));
	mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, "t");
	mnl_attr_put_strz(nlh, NFTA_RULE_CHAIN, "nowhere");
	assert_int_equal(ruleset_take(&m->rs, nlh, nlh->nlmsg_len, &seen), 1);
	assert_true(m->rs.is_cut);
	ruleset_close(&m->rs);
	assert_int_equal(judge(m, 80, 80).verdict, JUDGE_DEPENDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compared),
		WITH(compared_with_nothing),
		WITH(range),
		WITH(bytes_of_the_host),
		WITH(bytes_that_cannot_be_swapped),
		WITH(a_prefix),
		WITH(bits_with_gaps),
		WITH(bits_that_are_masked_away),
		WITH(a_shift),
		WITH(writing_into_the_packet),
		cmocka_unit_test(without_effect),
		cmocka_unit_test(conditions),
		cmocka_unit_test(loads),
		WITH(other_loads),
		cmocka_unit_test(verdicts),
		WITH(messages_that_belong_nowhere),
		WITH(in_a_set),
		WITH(not_in_a_set),
		WITH(not_in_a_set_of_all),
		WITH(a_map_for_the_rest),
		WITH(a_set_that_is_not_there),
		WITH(sent_on),
		WITH(sent_somewhere),
		WITH(another_source),
		WITH(sent_on_if_it_were_ipv6),
		WITH(a_target_that_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole way of packets through rule sets made here: addresses and families, NAT, tracking; and
 * what else sees packets.  tests/live/firewall.sh holds the same against the kernel.
 */
#include <config.h>

#include "test.h"

#include <netinet/in.h> /* before the kernel's own of the same names */

#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter_ipv4.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "proc_tree.h"
#include "resolve/firewall.h"
#include "resolve/own_addrs.h"
#include "resolve/packet_hooks.h"

static struct own_addr own_list[] = {
	{ ADDR_INET, { { 10, 0, 0, 1 } }, 0 },
	{ ADDR_INET, { { 10, 0, 0, 2 } }, 0 },
	{ ADDR_INET, { { 10, 9, 9, 9 } }, 1 }, /* of another namespace */
	{ ADDR_INET6, { { 0xfd, [15] = 1 } }, 0 },
};
static const struct own_addrs own = { own_list, 4, 4 };

static uint32_t add_chain(struct firewall *fw, const char *name, uint8_t hook, int32_t priority,
			  bool drops)
{
	const struct nft_chain chain = { .family = NFPROTO_INET,
					 .hook = hook,
					 .priority = priority,
					 .is_base = hook != NF_INET_NUMHOOKS,
					 .is_nat = priority == NF_IP_PRI_NAT_DST,
					 .drops = drops };

	ruleset_add_chain(&fw->rules, &chain, "t", name);
	return ruleset_chain(&fw->rules, NFPROTO_INET, "t", name);
}

static struct nft_expr expr_of(enum nft_kind kind)
{
	return (struct nft_expr){ .kind = (uint8_t)kind, .sreg = NFT_NO_REG, .dreg = NFT_NO_REG };
}

static void add_verdict(struct firewall *fw, int32_t code, uint32_t chain)
{
	struct nft_expr e = expr_of(NFT_KIND_VERDICT);

	e.u.verdict.code = code;
	e.u.verdict.chain = chain;
	ruleset_add_expr(&fw->rules, &e);
}

/* Compares the register at 0. */
static void add_compare(struct firewall *fw, const void *bytes, size_t len)
{
	struct nft_expr e = expr_of(NFT_KIND_CMP);

	e.sreg = 0;
	e.op = NFT_CMP_EQ;
	e.u.data.from = e.u.data.to = ruleset_keep(&fw->rules, bytes, len);
	ruleset_add_expr(&fw->rules, &e);
}

/* "ip daddr ADDRESS". */
static void add_daddr(struct firewall *fw, const char *addr)
{
	struct nft_expr proto = expr_of(NFT_KIND_META), load = expr_of(NFT_KIND_PAYLOAD);
	uint8_t v4 = NFPROTO_IPV4;

	proto.dreg = load.dreg = 0;
	proto.u.key = NFT_META_NFPROTO;
	ruleset_add_expr(&fw->rules, &proto);
	add_compare(fw, &v4, 1);
	load.u.payload.base = NFT_PAYLOAD_NETWORK_HEADER;
	load.u.payload.offset = 16;
	load.u.payload.len = 4;
	ruleset_add_expr(&fw->rules, &load);
	add_compare(fw, addr, 4);
}

/* "ct state STATE". */
static void add_state(struct firewall *fw, uint32_t state)
{
	struct nft_expr load = expr_of(NFT_KIND_CT);

	load.dreg = 0;
	load.u.key = NFT_CT_STATE;
	ruleset_add_expr(&fw->rules, &load);
	add_compare(fw, &state, sizeof(state));
}

static void add_named(struct firewall *fw, enum nft_kind kind, const char *name)
{
	struct nft_expr e = expr_of(kind);

	e.u.xt.name = ruleset_keep(&fw->rules, name, strlen(name));
	ruleset_add_expr(&fw->rules, &e);
}

/* "dnat to FIRST-LAST". */
static void add_dnat(struct firewall *fw, const char *first, const char *last)
{
	struct nft_expr data = expr_of(NFT_KIND_IMMEDIATE), nat = expr_of(NFT_KIND_NAT);

	data.dreg = 0;
	data.u.data.from = ruleset_keep(&fw->rules, first, 4);
	ruleset_add_expr(&fw->rules, &data);
	data.dreg = 4;
	data.u.data.from = ruleset_keep(&fw->rules, last, 4);
	ruleset_add_expr(&fw->rules, &data);
	nat.u.nat.addr = 0;
	nat.u.nat.addr_last = 4;
	nat.u.nat.port = nat.u.nat.port_last = NFT_NO_REG;
	nat.u.nat.family = NFPROTO_IPV4;
	ruleset_add_expr(&fw->rules, &nat);
}

static const char *answer(const struct firewall *fw, const char *addr, bool is_dual_stack,
			  bool is_from_here)
{
	static const char *const verdicts[] = { "accepted", "dropped", "depends" };
	static char text[128];
	struct firewall_question q = { .is_dual_stack = is_dual_stack,
				       .is_from_here = is_from_here,
				       .proto = IPPROTO_TCP,
				       .port = 80 };
	struct buf reason = { 0 };
	struct judgement j;

	assert_int_equal(addr_parse(addr, strlen(addr), &q.family, &q.addr), 0);
	firewall_judge(fw, &own, &q, &j);
	if (j.verdict == JUDGE_DEPENDS)
		firewall_reason_text(fw, &j, &reason);
	snprintf(text, sizeof(text), "%s%s%s", verdicts[j.verdict],
		 j.verdict == JUDGE_DEPENDS ? ": " : "",
		 j.verdict == JUDGE_DEPENDS ? buf_cstr(&reason) : "");
	buf_fini(&reason);
	return text;
}

/* Of one rule set all answers, which ends with it. */
static void expect(struct firewall *fw, const char *any4, const char *dual, const char *one,
		   const char *here)
{
	ruleset_close(&fw->rules);
	assert_string_equal(answer(fw, "0.0.0.0", false, false), any4);
	assert_string_equal(answer(fw, "::", true, false), dual);
	assert_string_equal(answer(fw, "10.0.0.1", false, false), one);
	assert_string_equal(answer(fw, "127.0.0.1", false, true), here);
	firewall_fini(fw);
}

/* What holds for some addresses of this namespace, for all of them, or for a family. */
static void addresses(void **state)
{
	struct firewall fw = { 0 };
	uint32_t in;

	(void)state;
	expect(&fw, "accepted", "accepted", "accepted", "accepted");

	in = add_chain(&fw, "in", NF_INET_LOCAL_IN, 0, true);
	ruleset_add_rule(&fw.rules, in);
	add_daddr(&fw, "\12\0\0\1");
	add_verdict(&fw, NF_ACCEPT, NFT_NONE);
	expect(&fw, "depends: the destination address", "depends: the destination address",
	       "accepted", "dropped");

	in = add_chain(&fw, "in", NF_INET_LOCAL_IN, 0, true);
	for (char last = 1; last <= 2; last++) {
		const char addr[4] = { 10, 0, 0, last };

		ruleset_add_rule(&fw.rules, in);
		add_daddr(&fw, addr);
		add_verdict(&fw, NF_ACCEPT, NFT_NONE);
	}
	expect(&fw, "accepted", "depends: the IP version", "accepted", "dropped");
}

/* To where nobody is, to here, and to either: the forward hook drops, the input does not. */
static void sent_on(void **state)
{
	struct firewall fw = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		uint32_t nat = add_chain(&fw, "nat", NF_INET_PRE_ROUTING, NF_IP_PRI_NAT_DST, false);

		add_chain(&fw, "forward", NF_INET_FORWARD, 0, true);
		ruleset_add_rule(&fw.rules, nat);
		add_dnat(&fw, i == 0 ? "\12\11\11\11" : "\12\0\0\2",
			 i == 1 ? "\12\0\0\2" : "\12\11\11\11");
		expect(&fw,
		       i == 0	? "dropped"
		       : i == 1 ? "accepted"
				: "depends: the destination address",
		       i == 0	? "depends: the IP version"
		       : i == 1 ? "accepted"
				: "depends: the destination address",
		       i == 0	? "dropped"
		       : i == 1 ? "accepted"
				: "depends: the destination address",
		       "accepted");
	}
}

/* From here: a loopback address has no way to elsewhere, and a range of addresses no circle. */
static void sent_on_from_here(void **state)
{
	struct firewall fw = { 0 };
	uint32_t nat = add_chain(&fw, "nat", NF_INET_LOCAL_OUT, NF_IP_PRI_NAT_DST, false);

	(void)state;
	ruleset_add_rule(&fw.rules, nat);
	add_dnat(&fw, "\12\0\0\1", "\12\11\11\11");
	expect(&fw, "accepted", "accepted", "accepted", "depends: the route");
}

/* Without a rule that turns connection tracking on the kernel asks no chain of NAT. */
static void nat_without_tracking(void **state)
{
	struct firewall fw = { 0 };
	uint32_t nat = add_chain(&fw, "nat", NF_INET_PRE_ROUTING, NF_IP_PRI_NAT_DST, false), in;

	(void)state;
	ruleset_add_rule(&fw.rules, nat);
	add_verdict(&fw, NF_DROP, NFT_NONE);
	expect(&fw, "depends: connection tracking", "depends: connection tracking",
	       "depends: connection tracking", "accepted");

	nat = add_chain(&fw, "nat", NF_INET_PRE_ROUTING, NF_IP_PRI_NAT_DST, false);
	in = add_chain(&fw, "in", NF_INET_LOCAL_IN, 0, false);
	ruleset_add_rule(&fw.rules, nat);
	add_verdict(&fw, NF_DROP, NFT_NONE);
	ruleset_add_rule(&fw.rules, in);
	add_state(&fw, NF_CT_STATE_BIT(IP_CT_ESTABLISHED));
	add_verdict(&fw, NF_ACCEPT, NFT_NONE);
	expect(&fw, "dropped", "dropped", "dropped", "accepted");
}

/* Untracked for certain, for some, and where some returned before the rule. */
static void untracked(void **state)
{
	static const char *const answers[] = { "dropped", "depends: connection tracking",
					       "depends: connection tracking" };
	struct firewall fw = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		uint32_t raw = add_chain(&fw, "raw", NF_INET_PRE_ROUTING, NF_IP_PRI_RAW, false);
		uint32_t sub = add_chain(&fw, "sub", NF_INET_NUMHOOKS, 0, false);
		uint32_t in = add_chain(&fw, "in", NF_INET_LOCAL_IN, 0, false);
		struct nft_expr notrack = expr_of(NFT_KIND_TRACKING);

		ruleset_add_rule(&fw.rules, raw);
		if (i)
			add_named(&fw, NFT_KIND_CONDITION, "limit");
		if (i == 2) {
			add_verdict(&fw, NFT_GOTO, sub);
			ruleset_add_rule(&fw.rules, raw);
		}
		ruleset_add_expr(&fw.rules, &notrack);
		ruleset_add_rule(&fw.rules, in);
		add_state(&fw, NF_CT_STATE_UNTRACKED_BIT);
		add_verdict(&fw, NF_DROP, NFT_NONE);
		expect(&fw, answers[i], answers[i], answers[i], "accepted");
	}
}

/* By a tree like /proc, what is beside the rules; no device can be asked about. */
static void find_unread(struct firewall *fw, const char *services)
{
	struct tree t;

	assert_true(tree_init(&t));
	make_dir(&t, "net");
	if (services) {
		make_file(&t, "net/ip_tables_names", "nat\nfilter\n", 11);
		make_file(&t, "net/ip6_tables_names", "filter\n", 7);
		make_file(&t, "net/ip_vs", services, strlen(services));
	}
	buf_clear(&fw->unread);
	packet_hooks_find(t.root, -1, &fw->unread);
	assert_int_equal(tree_fini(&t), 0);
}

static void unread(void **state)
{
	struct firewall fw = { 0 };

	(void)state;
	find_unread(&fw, NULL);
	assert_string_equal(buf_cstr(&fw.unread), "XDP, tc");
	find_unread(&fw, "a\nb\nc\n");
	assert_string_equal(buf_cstr(&fw.unread), "iptables-legacy (nat filter), XDP, tc");
	find_unread(&fw, "a\nb\nc\nTCP\n");
	assert_string_equal(buf_cstr(&fw.unread), "iptables-legacy (nat filter), IPVS, XDP, tc");
	assert_string_equal(
		answer(&fw, "10.0.0.1", false, false),
		"depends: what is not read: iptables-legacy (nat filter), IPVS, XDP, tc");
	buf_clear(&fw.unread);
	packet_hooks_find(-1, -1, &fw.unread);
	assert_string_equal(buf_cstr(&fw.unread), "iptables-legacy, IPVS, XDP, tc");
	firewall_fini(&fw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),	     cmocka_unit_test(sent_on),
		cmocka_unit_test(sent_on_from_here), cmocka_unit_test(nat_without_tracking),
		cmocka_unit_test(untracked),	     cmocka_unit_test(unread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules as the kernel told of them (tests/data/rules*.nfnl), and rule sets made here: what they
 * forward and decide.
 */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "resolve/forward_by.h"
#include "resolve/forwards.h"
#include "resolve/own_addrs.h"
#include "resolve/packets.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_judge.h"
#include "resolve/ruleset_read.h"

#define TCP 6
#define UDP 17

/*
 * ---- reading ------------------------------------------------------------------------------------
 */

/* A whole file. */
static struct buf read_data(const char *name)
{
	const char *srcdir = getenv("SRCDIR");
	struct buf data = { 0 };
	char path[512];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/data/%s", srcdir ? srcdir : ".", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	while ((n = fread(buf_reserve(&data, 4096), 1, 4096, f)) > 0)
		data.len += n;
	fclose(f);
	return data;
}

static void read_rules(struct ruleset *rs, const char *name)
{
	struct buf data = read_data(name);
	unsigned int seen = 0;

	assert_int_equal(ruleset_take(rs, data.data, data.len, &seen), 1);
	assert_false(rs->is_cut);
	ruleset_close(rs);
	buf_fini(&data);
}

/*
 * ---- forwards -----------------------------------------------------------------------------------
 */

static void add_range(struct buf *out, unsigned int first, unsigned int last)
{
	if (first == last)
		buf_printf(out, " %u", first);
	else
		buf_printf(out, " %u-%u", first, last);
}

static void add_addrs(struct buf *out, unsigned int family, const struct addr *first,
		      const struct addr *last)
{
	addr_text(out, (enum addr_family)family, first);
	if (memcmp(first, last, sizeof(*first)) != 0) {
		buf_char(out, '-');
		addr_text(out, (enum addr_family)family, last);
	}
}

static void add_target(struct buf *out, const struct nat_target *t)
{
	static const char *const hows[] = { "dnat", "redirect", "tproxy" };

	buf_str(out, hows[t->how]);
	if (t->has_addr) {
		buf_char(out, ' ');
		add_addrs(out, t->family, &t->addr, &t->addr_last);
	}
	if (t->has_port)
		add_range(out, t->port, t->port_last);
}

/* "6 10.0.0.1 80 > dnat 10.0.0.2 8080; nft in: nat pre". */
static const char *forward_line(struct buf *out, const struct forwards *f, const struct forward *fw)
{
	buf_clear(out);
	buf_printf(out, "%u ", fw->proto);
	add_addrs(out, fw->family, &fw->addr, &fw->addr_last);
	add_range(out, fw->port_first, fw->port_last);
	buf_str(out, " > ");
	add_target(out, &fw->leads_to);
	buf_printf(out, "; %s%s%s: %s", forward_by_words[fw->by], fw->from_outside ? " in" : "",
		   fw->from_here ? " self" : "", forwards_text(f, fw->rule));
	if (fw->depends)
		buf_printf(out, "; %s%s%s", fact_text((enum fact)fw->why),
			   *forwards_text(f, fw->name) ? " " : "", forwards_text(f, fw->name));
	return buf_cstr(out);
}

static void check_forwards(const char *file, const char *const *want)
{
	struct ruleset rs = { 0 };
	struct forwards f = { 0 };
	struct buf line = { 0 };
	size_t i;

	read_rules(&rs, file);
	forwards_add_rules(&f, &rs, 0);
	for (i = 0; i < f.n; i++) {
		assert_non_null(want[i]);
		assert_string_equal(forward_line(&line, &f, &f.list[i]), want[i]);
	}
	assert_null(want[i]);
	assert_false(f.is_cut);
	buf_fini(&line);
	forwards_fini(&f);
	ruleset_fini(&rs);
}

#define ANY4 "0.0.0.0-255.255.255.255"
#define ANY6 "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"

static void test_nft_forwards(void **state)
{
	static const char *const want[] = {
		"6 " ANY4 " 3128 > tproxy 127.0.0.1 3129; nft in: filter mangle",
		"6 " ANY4 " 1234 > dnat 10.9.9.9; nft in: nat pre; the interface",
		"6 " ANY4 " 80 > dnat 10.0.0.1 8080; nft in: nat pre",
		"6 192.168.0.0-192.168.0.255 443 > redirect 4433; nft in: nat pre",
		"6 192.168.0.0-192.168.0.255 8443 > redirect 4433; nft in: nat pre",
		"6 " ANY4 " 81 > dnat 10.0.0.1 8081; nft in: nat pre",
		"6 " ANY4 " 82 > dnat 10.0.0.2 8082; nft in: nat pre",
		"6 " ANY4 " 9000-9010 > dnat 10.0.0.5; nft in: nat pre",
		"6 " ANY4 " 9100 > dnat 10.0.0.5; nft in: nat pre",
		"6 " ANY4 " 65000-65535 > dnat 10.0.0.5; nft in: nat pre",
		"6 " ANY4 " 7000-7010 > dnat 10.0.0.9 7000-7010; nft in: nat pre > sub",
		"6 " ANY4 " 22 > dnat 10.0.0.22; nft in: nat pre",
		"6 10.1.0.1 5000-5001 > dnat 10.3.3.3 33; nft in: nat pre",
		"6 10.1.1.0-10.1.1.255 6000 > dnat 10.3.3.3 33; nft in: nat pre",
		"6 " ANY4 " 4000 > dnat 10.0.0.3; nft in: nat pre; the condition numgen",
		"6 " ANY4 " 4000 > dnat 10.0.0.4; nft in: nat pre; the condition numgen",
		"6 " ANY4 " 4100 > dnat 10.0.0.6; nft in: nat pre",
		"6 " ANY4 " 64001-64009 > dnat 10.0.0.7; nft in: nat pre",
		"17 " ANY4 " 53 > redirect 5353; nft in: nat pre > sub",
		"6 " ANY4 " 3000 > redirect 3001; nft in: filter pre",
		"6 " ANY4 " 80 > dnat 10.0.0.1 8080; nft self: nat out",
		"6 " ANY4 " 4200 > dnat 10.0.0.8; nft self: nat out",
		"6 " ANY6 " 3000 > redirect 3001; nft in: filter pre",
		"6 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 3002 > dnat 2001:db8::5 3003; nft in: filter pre",
		NULL,
	};

	(void)state;
	check_forwards("rules.nfnl", want);
}

static void test_iptables_forwards(void **state)
{
	static const char *const want[] = {
		"6 " ANY4 " 3128 > tproxy 127.0.0.1 3129; iptables in: mangle PREROUTING",
		"6 " ANY4
		" 8080 > dnat 172.17.0.2 80; iptables in self: nat PREROUTING > DOCKER; the interface",
		"6 127.0.0.1 9090 > dnat 172.17.0.3 80; iptables in: nat PREROUTING > DOCKER; the interface",
		"17 " ANY4 " 53 > redirect 5353; iptables in: nat PREROUTING",
		"17 " ANY4 " 5300-5310 > redirect 5353; iptables in: nat PREROUTING",
		"6 " ANY4
		" 1000-1009 > dnat 10.0.0.1-10.0.0.3 2000-2009; iptables in: nat PREROUTING",
		"0 10.5.0.0-10.5.0.255 0-65535 > dnat 10.6.0.0-10.6.0.255; iptables in: nat PREROUTING",
		"6 " ANY6 " 80 > dnat 2001:db8::1 8080; iptables in: nat PREROUTING",
		"6 " ANY6 " 81 > redirect 8081; iptables in: nat PREROUTING",
		NULL,
	};

	(void)state;
	check_forwards("rules-iptables.nfnl", want);
}

/*
 * ---- verdicts -----------------------------------------------------------------------------------
 */

struct question {
	uint8_t hook; /* where they begin */
	bool is_from_here;
	uint8_t proto;
	const char *addr;
	uint16_t port;
	const char *answer;
};

static const char *judge_line(struct buf *out, const struct ruleset *rs, const struct question *q)
{
	static const char *const verdicts[] = { "accepted", "dropped", "depends" };
	struct own_addr list[] = { { ADDR_INET, { { 10, 0, 0, 1 } }, 0 } };
	const struct own_addrs own = { list, 1, 1 };
	struct packets p = { .proto_first = q->proto,
			     .proto_last = q->proto,
			     .port_first = q->port,
			     .port_last = q->port,
			     .is_from_here = q->is_from_here,
			     .is_to_here = true,
			     .hook = q->hook };
	struct judgement j;

	assert_int_equal(addr_parse(q->addr, strlen(q->addr), &p.family, &p.addr_first), 0);
	p.addr_last = p.addr_first;
	ruleset_judge(rs, &own, 0, &p, &j);
	buf_clear(out);
	buf_str(out, j.is_rejected ? "rejected" : verdicts[j.verdict]);
	if (j.verdict == JUDGE_DEPENDS)
		buf_printf(out, ": %s ", fact_text(j.why));
	if (j.verdict == JUDGE_DEPENDS && j.name.len)
		buf_add(out, (const char *)ruleset_bytes(rs, j.name), j.name.len);
	if (j.is_sent_on) {
		buf_str(out, "; ");
		add_target(out, &j.target);
	}
	return buf_cstr(out);
}

static void check_judge(const char *file, const struct question *questions, size_t n)
{
	struct ruleset rs = { 0 };
	struct buf line = { 0 };

	read_rules(&rs, file);
	for (size_t i = 0; i < n; i++) {
		print_message("%u %s %u %s %u\n", questions[i].hook,
			      questions[i].is_from_here ? "self" : "in", questions[i].proto,
			      questions[i].addr, questions[i].port);
		assert_string_equal(judge_line(&line, &rs, &questions[i]), questions[i].answer);
	}
	buf_fini(&line);
	ruleset_fini(&rs);
}

/* clang-format off */
static const struct question nft_questions[] = {
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  22, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  25, "rejected" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  26, "dropped" },
	{ NF_INET_LOCAL_IN, true,  TCP, "127.0.0.1", 26, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  8500, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "::1",       443, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  65000, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  5432, "depends: the source address " },
	{ NF_INET_LOCAL_IN, false, TCP, "::1",       5432, "dropped" },
	{ NF_INET_LOCAL_IN, false, UDP, "10.0.0.1",  53, "depends: the condition limit" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  999, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  998, "depends: the packet mark " },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  997, "depends: the source port " },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  996, "depends: the source address " },
	{ NF_INET_LOCAL_IN, false, UDP, "10.0.0.1",  994, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  993, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  990, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  991, "dropped" },
	{ NF_INET_FORWARD,  false, TCP, "10.0.0.1",  80, "accepted" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 80, "accepted; dnat 10.0.0.1 8080" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 82, "accepted; dnat 10.0.0.2 8082" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 22, "accepted" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 9005, "accepted; dnat 10.0.0.5" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 9011, "dropped" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 65535, "accepted; dnat 10.0.0.5" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 1234, "depends: the interface ; dnat 10.9.9.9" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 1235, "dropped" },
	{ NF_INET_PRE_ROUTING, false, TCP, "192.168.0.9", 443, "accepted; redirect 4433" },
	{ NF_INET_PRE_ROUTING, false, TCP, "192.168.1.9", 443, "accepted" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.1.0.1", 5001, "accepted; dnat 10.3.3.3 33" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.1.0.2", 5001, "dropped" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.1.1.200", 6000, "accepted; dnat 10.3.3.3 33" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 7005, "accepted; dnat 10.0.0.9 7000-7010" },
	{ NF_INET_PRE_ROUTING, false, UDP, "10.0.0.1", 53, "accepted; redirect 5353" },
	{ NF_INET_PRE_ROUTING, false, UDP, "10.0.0.1", 7005, "dropped" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 4000, "depends: the condition numgen; dnat 10.0.0.3" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 4100, "accepted; dnat 10.0.0.6" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 64000, "dropped" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 64001, "accepted; dnat 10.0.0.7" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 64009, "accepted; dnat 10.0.0.7" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 64010, "dropped" },
	{ NF_INET_PRE_ROUTING, false, TCP, "2001:db8::9", 3002, "accepted; dnat 2001:db8::5 3003" },
	{ NF_INET_PRE_ROUTING, false, TCP, "2001:db9::9", 3002, "dropped" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 3128, "depends: a transparent proxy ; tproxy 127.0.0.1 3129" },
	{ NF_INET_PRE_ROUTING, false, TCP, "::1", 3128, "dropped" },
	{ NF_INET_LOCAL_OUT, true, TCP, "127.0.0.1", 80, "accepted; dnat 10.0.0.1 8080" },
	{ NF_INET_LOCAL_OUT, true, TCP, "127.0.0.1", 4200, "accepted" },
	{ NF_INET_LOCAL_OUT, true, TCP, "10.0.0.1", 4200, "accepted; dnat 10.0.0.8" },
};

static const struct question iptables_questions[] = {
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  22, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  25, "rejected" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  97, "dropped" },
	{ NF_INET_LOCAL_IN, false, UDP, "10.0.0.1",  22, "dropped" },
	{ NF_INET_LOCAL_IN, true,  TCP, "127.0.0.1", 97, "accepted" },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  98, "depends: the packet mark " },
	{ NF_INET_LOCAL_IN, false, TCP, "10.0.0.1",  99, "depends: the condition statistic" },
	{ NF_INET_LOCAL_IN, false, TCP, "::1",       97, "accepted" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 8080, "depends: the interface ; dnat 172.17.0.2 80" },
	{ NF_INET_PRE_ROUTING, false, TCP, "10.0.0.1", 1005, "depends: the destination address ; dnat 10.0.0.1-10.0.0.3 2000-2009" },
	{ NF_INET_PRE_ROUTING, false, UDP, "10.0.0.1", 5305, "dropped; redirect 5353" },
	{ NF_INET_PRE_ROUTING, false, UDP, "10.0.0.1", 5311, "dropped" },
	{ NF_INET_PRE_ROUTING, false, TCP, "::1", 81, "accepted; redirect 8081" },
	{ NF_INET_LOCAL_OUT, true, TCP, "10.0.0.1", 8080, "accepted; dnat 172.17.0.2 80" },
	{ NF_INET_LOCAL_OUT, true, TCP, "127.0.0.1", 8080, "accepted" },
};
/* clang-format on */

static void test_nft_verdicts(void **state)
{
	(void)state;
	check_judge("rules.nfnl", nft_questions, sizeof(nft_questions) / sizeof(*nft_questions));
}

static void test_iptables_verdicts(void **state)
{
	(void)state;
	check_judge("rules-iptables.nfnl", iptables_questions,
		    sizeof(iptables_questions) / sizeof(*iptables_questions));
}

/*
 * The list and the verdict come from one walk: what is listed for all packets, each of them is
 * told.  But for port 22, for which an earlier rule returns.
 */
static void test_forwards_are_verdicts(void **state)
{
	struct ruleset rs = { 0 };
	struct own_addrs own = { 0 };
	struct forwards f = { 0 };
	size_t n = 0;

	(void)state;
	read_rules(&rs, "rules.nfnl");
	forwards_add_rules(&f, &rs, 0);
	for (size_t i = 0; i < f.n; i++) {
		const struct forward *fw = &f.list[i];
		struct packets p = { .family = (enum addr_family)fw->family,
				     .proto_first = fw->proto,
				     .proto_last = fw->proto,
				     .addr_first = fw->addr,
				     .addr_last = fw->addr,
				     .port_first = fw->port_last,
				     .port_last = fw->port_last,
				     .is_from_here = !fw->from_outside,
				     .is_to_here = true,
				     .hook = fw->from_outside ? NF_INET_PRE_ROUTING
							      : NF_INET_LOCAL_OUT };
		struct judgement j;

		if (fw->depends || fw->port_first == 22)
			continue;
		ruleset_judge(&rs, &own, 0, &p, &j);
		n++;
		assert_true(j.is_sent_on);
	}
	assert_true(n > 10);
	forwards_fini(&f);
	ruleset_fini(&rs);
}

/*
 * ---- made here ----------------------------------------------------------------------------------
 */

static uint32_t add_chain(struct ruleset *rs, const char *name, bool is_base, bool drops)
{
	const struct nft_chain chain = {
		.family = NFPROTO_INET, .hook = NF_INET_LOCAL_IN, .is_base = is_base, .drops = drops
	};

	ruleset_add_chain(rs, &chain, "t", name);
	return ruleset_chain(rs, NFPROTO_INET, "t", name);
}

static void add_verdict(struct ruleset *rs, int32_t code, uint32_t chain)
{
	struct nft_expr e = { .kind = NFT_KIND_VERDICT, .sreg = NFT_NO_REG, .dreg = NFT_NO_REG };

	e.u.verdict.code = code;
	e.u.verdict.chain = chain;
	ruleset_add_expr(rs, &e);
}

static void add_condition(struct ruleset *rs, const char *name)
{
	struct nft_expr e = { .kind = NFT_KIND_CONDITION, .sreg = NFT_NO_REG, .dreg = NFT_NO_REG };

	e.u.xt.name = ruleset_keep(rs, name, strlen(name));
	ruleset_add_expr(rs, &e);
}

static const struct question any_question = { NF_INET_LOCAL_IN, false, TCP, "10.0.0.1", 80, "" };

static void check_made(struct ruleset *rs, const char *answer)
{
	struct buf line = { 0 };

	ruleset_close(rs);
	assert_string_equal(judge_line(&line, rs, &any_question), answer);
	buf_fini(&line);
	ruleset_fini(rs);
}

static void test_no_rules(void **state)
{
	struct ruleset rs = { 0 };

	(void)state;
	check_made(&rs, "accepted");
	add_chain(&rs, "in", true, true);
	check_made(&rs, "dropped");
	add_chain(&rs, "in", true, false);
	assert_false(rs.has_ingress);
	rs.is_cut = true;
	check_made(&rs, "depends: a rule that is not understood ");
}

/* A chain that calls itself, which the kernel does not allow, and one that is not there. */
static void test_jumps(void **state)
{
	struct ruleset rs = { 0 };
	uint32_t in;

	(void)state;
	in = add_chain(&rs, "in", true, false);
	ruleset_add_rule(&rs, in);
	add_verdict(&rs, NFT_JUMP, in);
	check_made(&rs, "depends: a rule that is not understood ");

	in = add_chain(&rs, "in", true, false);
	ruleset_add_rule(&rs, in);
	add_verdict(&rs, NFT_JUMP, NFT_NONE);
	check_made(&rs, "depends: a rule that is not understood ");
}

/* goto does not come back to its chain; return and the end of a chain do. */
static void test_goto_and_return(void **state)
{
	struct ruleset rs = { 0 };
	uint32_t in, sub;

	(void)state;
	in = add_chain(&rs, "in", true, false);
	sub = add_chain(&rs, "sub", false, false);
	ruleset_add_rule(&rs, sub);
	add_verdict(&rs, NFT_RETURN, NFT_NONE);
	ruleset_add_rule(&rs, sub);
	add_verdict(&rs, NF_DROP, NFT_NONE);
	ruleset_add_rule(&rs, in);
	add_verdict(&rs, NFT_GOTO, sub);
	ruleset_add_rule(&rs, in);
	add_verdict(&rs, NF_DROP, NFT_NONE);
	check_made(&rs, "accepted");

	in = add_chain(&rs, "in", true, false);
	sub = add_chain(&rs, "sub", false, false);
	ruleset_add_rule(&rs, in);
	add_verdict(&rs, NFT_JUMP, sub);
	ruleset_add_rule(&rs, in);
	add_verdict(&rs, NF_DROP, NFT_NONE);
	check_made(&rs, "dropped");
}

/* What may be is certain where both ways lead to the same. */
static void test_both_ways(void **state)
{
	struct ruleset rs = { 0 };
	uint32_t in, sub;

	(void)state;
	in = add_chain(&rs, "in", true, true);
	sub = add_chain(&rs, "sub", false, false);
	ruleset_add_rule(&rs, sub);
	add_condition(&rs, "limit");
	add_verdict(&rs, NFT_RETURN, NFT_NONE);
	ruleset_add_rule(&rs, sub);
	add_verdict(&rs, NF_DROP, NFT_NONE);
	ruleset_add_rule(&rs, in);
	add_verdict(&rs, NFT_JUMP, sub);
	check_made(&rs, "dropped");

	in = add_chain(&rs, "in", true, true);
	ruleset_add_rule(&rs, in);
	add_condition(&rs, "quota");
	add_verdict(&rs, NF_ACCEPT, NFT_NONE);
	check_made(&rs, "depends: the condition quota");
}

/* Chains that call the next one ten times each: 10^16 rules to run, and an answer. */
static void test_endless(void **state)
{
	struct ruleset rs = { 0 };
	uint32_t chains[WALK_CHAINS_MAX];
	char name[8];

	(void)state;
	for (unsigned int i = 0; i < WALK_CHAINS_MAX; i++) {
		snprintf(name, sizeof(name), "c%u", i);
		chains[i] = add_chain(&rs, name, !i, false);
	}
	for (unsigned int i = 0; i + 1 < WALK_CHAINS_MAX; i++)
		for (unsigned int k = 0; k < 10; k++) {
			ruleset_add_rule(&rs, chains[i]);
			add_verdict(&rs, NFT_JUMP, chains[i + 1]);
		}
	check_made(&rs, "depends: a rule that is not understood ");
}

/*
 * ---- damaged ------------------------------------------------------------------------------------
 */

static void run_all(struct ruleset *rs)
{
	struct forwards f = { 0 };
	struct buf line = { 0 };

	ruleset_close(rs);
	forwards_add_rules(&f, rs, 0);
	for (uint8_t hook = 0; hook < NF_INET_NUMHOOKS; hook++) {
		struct question q = any_question;

		q.hook = hook;
		judge_line(&line, rs, &q);
	}
	for (size_t i = 0; i < f.n; i++)
		forward_line(&line, &f, &f.list[i]);
	buf_fini(&line);
	forwards_fini(&f);
}

static void test_cut(void **state)
{
	struct buf data = read_data("rules.nfnl");

	(void)state;
	for (size_t len = 0; len < data.len; len += 97) {
		struct ruleset rs = { 0 };
		/* In memory that ends there. */
		char *part = mem_alloc(len);
		unsigned int seen = 0;
		int err;

		memcpy(part, data.data, len);
		err = ruleset_take(&rs, part, len, &seen);
		assert_true(err == 1 || err == -EBADMSG);
		run_all(&rs);
		ruleset_fini(&rs);
		free(part);
	}
	buf_fini(&data);
}

/*
 * The rules changed between two messages, or in the midst of a dump; and an error is told as it is.
 */
static void test_ends(void **state)
{
	struct buf data = read_data("rules.nfnl");
	struct {
		struct nlmsghdr head;
		int32_t code;
	} end = { .head = { .nlmsg_len = 20, .nlmsg_type = NLMSG_ERROR }, .code = -EPERM };
	struct ruleset rs = { 0 };
	unsigned int seen = 1;

	(void)state;
	assert_int_equal(ruleset_take(&rs, data.data, data.len, &seen), -EAGAIN);
	assert_int_equal(ruleset_take(&rs, &end, 20, &seen), -EPERM);
	end.head.nlmsg_type = NLMSG_DONE;
	end.code = 0;
	assert_int_equal(ruleset_take(&rs, &end, 20, &seen), 0);
	end.head.nlmsg_flags = NLM_F_DUMP_INTR;
	assert_int_equal(ruleset_take(&rs, &end, 20, &seen), -EAGAIN);
	ruleset_fini(&rs);
	buf_fini(&data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nft_forwards),
		cmocka_unit_test(test_iptables_forwards),
		cmocka_unit_test(test_nft_verdicts),
		cmocka_unit_test(test_iptables_verdicts),
		cmocka_unit_test(test_forwards_are_verdicts),
		cmocka_unit_test(test_no_rules),
		cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_goto_and_return),
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_endless),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches and targets of iptables: what each says of new packets, and to which it narrows them. */
#include <config.h>

#include <netinet/in.h> /* before the kernel's own of the same names */

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_TPROXY.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_state.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <string.h>

#include "resolve/xt_blob.h"
#include "test.h"

/* Packets from outside to 10.0.0.1, which is this host, at these TCP ports. */
static struct packets to_ports(uint16_t first, uint16_t last)
{
	struct packets p = { .family = ADDR_INET,
			     .proto_first = IPPROTO_TCP,
			     .proto_last = IPPROTO_TCP,
			     .port_first = first,
			     .port_last = last,
			     .is_to_here = true };
	enum addr_family family;

	assert_int_equal(addr_parse("10.0.0.1", 8, &family, &p.addr_first), 0);
	p.addr_last = p.addr_first;
	return p;
}

static struct nft_expr expr_of(struct ruleset *rs, const char *name, uint8_t revision,
			       const void *info, size_t len)
{
	struct nft_expr e = { .kind = NFT_KIND_XT_MATCH, .op = revision };

	e.u.xt.name = ruleset_keep(rs, name, strlen(name));
	e.u.xt.info = ruleset_keep(rs, info, len);
	return e;
}

/* Asks about part 0 of a match.  The packets are narrowed as it says. */
static enum match ask(const char *name, uint8_t revision, const void *info, size_t len,
		      struct packets *p, enum fact *why)
{
	struct ruleset rs = { 0 };
	struct nft_expr e = expr_of(&rs, name, revision, info, len);
	enum match m = xt_match(&rs, &e, 0, p, why);

	ruleset_fini(&rs);
	return m;
}

#define ASK(name, revision, info, p, why) ask(name, revision, &(info), sizeof(info), p, why)

static void tcp(void **state)
{
	/* clang-format off */
	static const struct {
		uint16_t ports[2]; /* asked about */
		struct xt_tcp info;
		enum match want;
		uint16_t left[2]; /* of MATCH_SOME */
		enum fact why; /* of MATCH_DEPENDS */
	} cases[] = {
		{ { 80, 80 }, { .spts = { 0, 65535 }, .dpts = { 80, 80 } }, MATCH_YES, { 0 }, 0 },
		{ { 81, 90 }, { .spts = { 0, 65535 }, .dpts = { 80, 80 } }, MATCH_NO, { 0 }, 0 },
		{ { 70, 90 }, { .spts = { 0, 65535 }, .dpts = { 80, 100 } }, MATCH_SOME, { 80, 90 }, 0 },
		/* A range that is none holds for no port. */
		{ { 80, 80 }, { .spts = { 0, 65535 }, .dpts = { 90, 80 } }, MATCH_NO, { 0 }, 0 },
		{ { 80, 80 }, { .spts = { 0, 65535 }, .dpts = { 90, 80 }, .invflags = XT_TCP_INV_DSTPT },
		  MATCH_YES, { 0 }, 0 },
		{ { 80, 80 }, { .spts = { 0, 65535 }, .dpts = { 80, 80 }, .invflags = XT_TCP_INV_DSTPT },
		  MATCH_NO, { 0 }, 0 },
		{ { 80, 80 }, { .spts = { 0, 65535 }, .dpts = { 81, 90 }, .invflags = XT_TCP_INV_DSTPT },
		  MATCH_YES, { 0 }, 0 },
		/* What is left beside a range inside is two ranges: not to be said of all. */
		{ { 70, 90 }, { .spts = { 0, 65535 }, .dpts = { 80, 80 }, .invflags = XT_TCP_INV_DSTPT },
		  MATCH_DEPENDS, { 0 }, FACT_PORT },
		{ { 80, 80 }, { .spts = { 1024, 65535 }, .dpts = { 0, 65535 } },
		  MATCH_DEPENDS, { 0 }, FACT_SOURCE_PORT },
		{ { 80, 80 }, { .spts = { 0, 65535 }, .dpts = { 0, 65535 }, .invflags = XT_TCP_INV_SRCPT },
		  MATCH_NO, { 0 }, 0 },
		/* --syn is what begins a connection; its opposite does not. */
		{ { 80, 80 }, { .spts = { 0, 65535 }, .dpts = { 0, 65535 }, .flg_mask = 0x17, .flg_cmp = 0x02 },
		  MATCH_YES, { 0 }, 0 },
		{ { 80, 80 }, { .spts = { 0, 65535 }, .dpts = { 0, 65535 }, .flg_mask = 0x17, .flg_cmp = 0x02,
		    .invflags = XT_TCP_INV_FLAGS }, MATCH_NO, { 0 }, 0 },
		{ { 80, 80 }, { .spts = { 0, 65535 }, .dpts = { 0, 65535 }, .option = 8 },
		  MATCH_DEPENDS, { 0 }, FACT_PACKET },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct packets p = to_ports(cases[i].ports[0], cases[i].ports[1]);
		enum fact why = FACT_NONE;

		print_message("case %zu\n", i);
		assert_int_equal(ASK("tcp", 0, cases[i].info, &p, &why), cases[i].want);
		if (cases[i].want == MATCH_SOME) {
			assert_int_equal(p.port_first, cases[i].left[0]);
			assert_int_equal(p.port_last, cases[i].left[1]);
		}
		if (cases[i].want == MATCH_DEPENDS)
			assert_int_equal(why, cases[i].why);
	}
}

static void udp(void **state)
{
	const struct xt_udp dns = { .spts = { 0, 65535 }, .dpts = { 53, 53 } };
	const struct xt_udp reply = { .spts = { 53, 53 }, .dpts = { 0, 65535 } };
	struct packets p = to_ports(53, 53);
	enum fact why = FACT_NONE;

	(void)state;
	p.proto_first = p.proto_last = IPPROTO_UDP;
	assert_int_equal(ASK("udp", 0, dns, &p, &why), MATCH_YES);
	assert_int_equal(ASK("udp", 0, reply, &p, &why), MATCH_DEPENDS);
	assert_int_equal(why, FACT_SOURCE_PORT);
	p = to_ports(54, 60);
	assert_int_equal(ASK("udp", 0, dns, &p, &why), MATCH_NO);
}

/* Ports and ranges, of which one has to hold: each is a part of its own. */
static void multiport(void **state)
{
	struct xt_multiport_v1 info = {
		.flags = XT_MULTIPORT_DESTINATION,
		.count = 4,
		.ports = { 22, 1000, 1010, 8080 },
		.pflags = { 0, 1, 0, 0 },
	};
	static const uint16_t bounds[][2] = { { 22, 22 }, { 1000, 1010 }, { 8080, 8080 } };
	struct ruleset rs = { 0 };
	struct nft_expr e;
	enum fact why = FACT_NONE;
	struct packets p;

	(void)state;
	e = expr_of(&rs, "multiport", 1, &info, sizeof(info));
	assert_int_equal(xt_match_parts(&rs, &e), 3);
	for (unsigned int part = 0; part < 3; part++) {
		p = to_ports(0, 65535);
		assert_int_equal(xt_match(&rs, &e, part, &p, &why), MATCH_SOME);
		assert_int_equal(p.port_first, bounds[part][0]);
		assert_int_equal(p.port_last, bounds[part][1]);
	}
	p = to_ports(23, 23);
	assert_int_equal(xt_match(&rs, &e, 1, &p, &why), MATCH_NO);
	ruleset_fini(&rs);

	info.invert = 1;
	e = expr_of(&rs, "multiport", 1, &info, sizeof(info));
	assert_int_equal(xt_match_parts(&rs, &e), 1);
	p = to_ports(23, 23);
	assert_int_equal(xt_match(&rs, &e, 0, &p, &why), MATCH_YES);
	p = to_ports(1005, 1005);
	assert_int_equal(xt_match(&rs, &e, 0, &p, &why), MATCH_NO);
	ruleset_fini(&rs);

	/* Either end: which port the peer has nobody knows. */
	info.flags = XT_MULTIPORT_EITHER;
	p = to_ports(23, 23);
	assert_int_equal(ASK("multiport", 1, info, &p, &why), MATCH_DEPENDS);
	info.invert = 0;
	assert_int_equal(ASK("multiport", 1, info, &p, &why), MATCH_DEPENDS);
	assert_int_equal(why, FACT_SOURCE_PORT);
	p = to_ports(22, 22);
	assert_int_equal(ASK("multiport", 1, info, &p, &why), MATCH_YES);
	info.flags = XT_MULTIPORT_SOURCE;
	assert_int_equal(ASK("multiport", 1, info, &p, &why), MATCH_DEPENDS);
	assert_int_equal(why, FACT_SOURCE_PORT);
}

/* No more ports than there is room for, whatever the count says; a struct that is cut is not read. */
static void multiport_that_is_damaged(void **state)
{
	struct xt_multiport_v1 info = { .flags = XT_MULTIPORT_DESTINATION, .count = 255 };
	struct ruleset rs = { 0 };
	struct nft_expr e;
	enum fact why = FACT_NONE;
	struct packets p = to_ports(80, 80);

	(void)state;
	for (unsigned int i = 0; i < XT_MULTI_PORTS; i++) {
		info.ports[i] = (uint16_t)(i + 1);
		info.pflags[i] = i == XT_MULTI_PORTS - 1;
	}
	e = expr_of(&rs, "multiport", 1, &info, sizeof(info));
	assert_int_equal(xt_match_parts(&rs, &e), XT_MULTI_PORTS);
	assert_int_equal(xt_match(&rs, &e, XT_MULTI_PORTS - 1, &p, &why), MATCH_NO);
	ruleset_fini(&rs);
	e = expr_of(&rs, "multiport", 1, &info, sizeof(info) - 1);
	assert_int_equal(xt_match_parts(&rs, &e), 1);
	assert_int_equal(xt_match(&rs, &e, 0, &p, &why), MATCH_DEPENDS);
	assert_int_equal(why, FACT_OTHER);
	ruleset_fini(&rs);
}

static void addrtype(void **state)
{
	struct xt_addrtype_info_v1 local = { .dest = XT_ADDRTYPE_LOCAL };
	struct xt_addrtype_info old = { .dest = XT_ADDRTYPE_LOCAL, .invert_dest = 1 };
	struct packets p = to_ports(80, 80);
	enum fact why = FACT_NONE;

	(void)state;
	assert_int_equal(ASK("addrtype", 1, local, &p, &why), MATCH_YES);
	assert_int_equal(ASK("addrtype", 0, old, &p, &why), MATCH_NO);
	local.flags = XT_ADDRTYPE_INVERT_DEST;
	assert_int_equal(ASK("addrtype", 1, local, &p, &why), MATCH_NO);
	local.dest = XT_ADDRTYPE_BROADCAST;
	assert_int_equal(ASK("addrtype", 1, local, &p, &why), MATCH_YES);
	local.dest = 0;
	assert_int_equal(ASK("addrtype", 1, local, &p, &why), MATCH_YES);
	/* An address of this host is not one of each device. */
	local.flags = XT_ADDRTYPE_LIMIT_IFACE_IN;
	assert_int_equal(ASK("addrtype", 1, local, &p, &why), MATCH_DEPENDS);
	assert_int_equal(why, FACT_ROUTE);
	local.flags = 0;
	local.source = XT_ADDRTYPE_LOCAL;
	assert_int_equal(ASK("addrtype", 1, local, &p, &why), MATCH_DEPENDS);
	assert_int_equal(why, FACT_SOURCE_ADDR);
	local.source = 0;
	local.dest = XT_ADDRTYPE_LOCAL;
	p.is_to_here = false;
	assert_int_equal(ASK("addrtype", 1, local, &p, &why), MATCH_DEPENDS);
	assert_int_equal(why, FACT_ADDR);
}

#define NEW NF_CT_STATE_BIT(IP_CT_NEW)
#define ESTABLISHED NF_CT_STATE_BIT(IP_CT_ESTABLISHED)

/* The first packet of a connection is new, and is nothing else. */
static void connections(void **state)
{
	struct xt_conntrack_mtinfo3 info = { .match_flags = XT_CONNTRACK_STATE, .state_mask = NEW };
	struct xt_state_info plain = { .statemask = ESTABLISHED };
	struct packets p = to_ports(80, 80);
	enum fact why = FACT_NONE;

	(void)state;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_YES);
	assert_int_equal(ASK("conntrack", 2, info, &p, &why), MATCH_YES);
	info.invert_flags = XT_CONNTRACK_STATE;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_NO);
	info.invert_flags = 0;
	info.state_mask = ESTABLISHED;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_NO);
	/* Was its destination translated before?  Its source is not yet. */
	info.state_mask = XT_CONNTRACK_STATE_DNAT;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_NO);
	p.is_sent_on = p.is_changed = true;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_YES);
	/* NAT may have left it as it was. */
	p.is_changed = false;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_DEPENDS);
	p.is_sent_on = false;
	info.state_mask = XT_CONNTRACK_STATE_SNAT;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_DEPENDS);
	assert_int_equal(why, FACT_CONNTRACK);
	info.match_flags = XT_CONNTRACK_ORIGSRC;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_DEPENDS);
	info.match_flags = XT_CONNTRACK_STATE | XT_CONNTRACK_STATE_ALIAS;
	info.state_mask = NEW | ESTABLISHED;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_YES);
	assert_int_equal(ASK("state", 0, plain, &p, &why), MATCH_NO);
	plain.statemask = NEW;
	assert_int_equal(ASK("state", 0, plain, &p, &why), MATCH_YES);
	/* What connection tracking does not see is not new to it. */
	p.tracking = TRACKING_OFF;
	assert_int_equal(ASK("state", 0, plain, &p, &why), MATCH_NO);
	info.match_flags = XT_CONNTRACK_STATE;
	info.state_mask = XT_CONNTRACK_STATE_UNTRACKED;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_YES);
	p.tracking = TRACKING_NOT_YET;
	assert_int_equal(ASK("conntrack", 3, info, &p, &why), MATCH_DEPENDS);
	assert_int_equal(why, FACT_CONNTRACK);
}

/* What nobody here knows has a name; so has a match, or a revision of one, that is not understood. */
static void what_it_depends_on(void **state)
{
	static const struct {
		const char *name;
		enum fact why;
	} cases[] = {
		{ "mark", FACT_MARK },		{ "connmark", FACT_MARK },
		{ "physdev", FACT_IFACE_NAME }, { "owner", FACT_SENDER },
		{ "cgroup", FACT_SENDER },	{ "recent", FACT_OTHER },
		{ "multipor", FACT_OTHER },	{ "", FACT_OTHER },
	};
	struct packets p = to_ports(80, 80);
	const struct xt_tcp info = { .dpts = { 80, 80 } };
	enum fact why = FACT_NONE;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(ask(cases[i].name, 7, "", 0, &p, &why), MATCH_DEPENDS);
		assert_int_equal(why, cases[i].why);
	}
	assert_int_equal(ask("comment", 0, "x", 1, &p, &why), MATCH_YES);
	assert_int_equal(ASK("tcp", 1, info, &p, &why), MATCH_DEPENDS);
	assert_int_equal(why, FACT_OTHER);
	assert_int_equal(ask("tcp", 0, &info, sizeof(info) - 1, &p, &why), MATCH_DEPENDS);
}

static enum xt_effect aim(const char *name, uint8_t revision, enum addr_family family,
			  const void *info, size_t len, struct nat_target *t)
{
	struct ruleset rs = { 0 };
	struct nft_expr e = expr_of(&rs, name, revision, info, len);
	enum xt_effect effect = xt_target(&rs, &e, family, t);

	ruleset_fini(&rs);
	return effect;
}

static void targets(void **state)
{
	const struct nf_nat_range range = { .flags = NF_NAT_RANGE_MAP_IPS |
						     NF_NAT_RANGE_PROTO_SPECIFIED,
					    .min_proto.all = htons(8080),
					    .max_proto.all = htons(8090) };
	struct xt_tproxy_target_info old = { .lport = htons(3129) };
	struct xt_tproxy_target_info_v1 proxy = { .laddr.ip = htonl(INADDR_LOOPBACK) };
	struct nat_target t;

	(void)state;
	assert_int_equal(aim("DNAT", 2, ADDR_INET, &range, sizeof(range), &t), XT_SENDS_ON);
	assert_true(t.has_addr && t.has_port && !t.is_prefix);
	assert_int_equal(t.port, 8080);
	assert_int_equal(t.port_last, 8090);
	assert_int_equal(aim("NETMAP", 0, ADDR_INET6, &range, sizeof(range), &t), XT_SENDS_ON);
	assert_true(t.is_prefix);

	/* Without an address to this host itself, without a port to the same one. */
	assert_int_equal(aim("TPROXY", 0, ADDR_INET, &old, sizeof(old), &t), XT_SENDS_ON);
	assert_int_equal(t.how, NAT_TPROXY);
	assert_false(t.has_addr);
	assert_true(t.has_port);
	assert_int_equal(t.port, 3129);
	old.laddr = htonl(INADDR_LOOPBACK);
	old.lport = 0;
	assert_int_equal(aim("TPROXY", 0, ADDR_INET, &old, sizeof(old), &t), XT_SENDS_ON);
	assert_false(t.has_port);
	assert_memory_equal(t.addr.bytes, "\177\0\0\1", 4);
	assert_int_equal(aim("TPROXY", 1, ADDR_INET, &proxy, sizeof(proxy), &t), XT_SENDS_ON);
	assert_true(t.has_addr && !t.has_port);

	assert_int_equal(aim("MASQUERADE", 9, ADDR_INET, "", 0, &t), XT_ACCEPTS);
	assert_int_equal(aim("REJECT", 0, ADDR_INET6, "", 0, &t), XT_REJECTS);
	assert_int_equal(aim("LOG", 0, ADDR_INET, "", 0, &t), XT_CONTINUES);
	/* Of another revision or family, cut, or of no name that is known. */
	assert_int_equal(aim("DNAT", 3, ADDR_INET, &range, sizeof(range), &t), XT_UNKNOWN);
	assert_int_equal(aim("TPROXY", 0, ADDR_INET6, &old, sizeof(old), &t), XT_UNKNOWN);
	assert_int_equal(aim("DNAT", 2, ADDR_INET, &range, sizeof(range) - 1, &t), XT_UNKNOWN);
	assert_int_equal(aim("IDLETIMER", 0, ADDR_INET, "", 0, &t), XT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp),
		cmocka_unit_test(udp),
		cmocka_unit_test(multiport),
		cmocka_unit_test(multiport_that_is_damaged),
		cmocka_unit_test(addrtype),
		cmocka_unit_test(connections),
		cmocka_unit_test(what_it_depends_on),
		cmocka_unit_test(targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

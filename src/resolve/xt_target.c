/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Targets of iptables: a table of names, revisions and functions. */
#include <config.h>

#include <netinet/in.h> /* before the kernel's own of the same names */

#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_TPROXY.h>
#include <stddef.h>
#include <string.h>

#include "resolve/xt_blob.h"

#define ANY_REVISION UINT8_MAX

static void set_ports(struct nat_target *t, unsigned int flags, __be16 first, __be16 last)
{
	t->has_port = flags & NF_NAT_RANGE_PROTO_SPECIFIED;
	t->port = ntohs(first);
	t->port_last = ntohs(last);
}

static void set_addrs(struct nat_target *t, unsigned int flags, const void *first, const void *last)
{
	size_t len = t->family == ADDR_INET ? 4 : 16;

	t->has_addr = flags & NF_NAT_RANGE_MAP_IPS;
	if (!t->has_addr)
		return;
	memcpy(t->addr.bytes, first, len);
	memcpy(t->addr_last.bytes, last, len);
}

static void take_v4_range(const uint8_t *bytes, struct nat_target *t)
{
	struct nf_nat_ipv4_multi_range_compat r;

	memcpy(&r, bytes, sizeof(r));
	set_addrs(t, r.range[0].flags, &r.range[0].min_ip, &r.range[0].max_ip);
	set_ports(t, r.range[0].flags, r.range[0].min.all, r.range[0].max.all);
}

static void take_range(const uint8_t *bytes, struct nat_target *t)
{
	struct nf_nat_range r;

	memcpy(&r, bytes, sizeof(r));
	set_addrs(t, r.flags, &r.min_addr, &r.max_addr);
	set_ports(t, r.flags, r.min_proto.all, r.max_proto.all);
}

static void take_tproxy_0(const uint8_t *bytes, struct nat_target *t)
{
	struct xt_tproxy_target_info r;

	memcpy(&r, bytes, sizeof(r));
	set_addrs(t, r.laddr ? NF_NAT_RANGE_MAP_IPS : 0, &r.laddr, &r.laddr);
	set_ports(t, r.lport ? NF_NAT_RANGE_PROTO_SPECIFIED : 0, r.lport, r.lport);
}

static void take_tproxy(const uint8_t *bytes, struct nat_target *t)
{
	struct xt_tproxy_target_info_v1 r;
	static const union nf_inet_addr none;
	bool has_addr;

	memcpy(&r, bytes, sizeof(r));
	has_addr = memcmp(&r.laddr, &none, t->family == ADDR_INET ? 4 : 16) != 0;
	set_addrs(t, has_addr ? NF_NAT_RANGE_MAP_IPS : 0, &r.laddr, &r.laddr);
	set_ports(t, r.lport ? NF_NAT_RANGE_PROTO_SPECIFIED : 0, r.lport, r.lport);
}

#define BIT(family) (1U << (family))
#define ANY_FAMILY (BIT(ADDR_INET) | BIT(ADDR_INET6))
#define V4_RANGE sizeof(struct nf_nat_ipv4_multi_range_compat)
#define RANGE sizeof(struct nf_nat_range)
#define TPROXY_0 sizeof(struct xt_tproxy_target_info)
#define CT_FLAGS sizeof(uint16_t)
#define TPROXY_1 sizeof(struct xt_tproxy_target_info_v1)

/* clang-format off */
static const struct {
	const char *name;
	size_t size; /* of the struct, at least */
	void (*take)(const uint8_t *bytes, struct nat_target *t);
	uint8_t revision;
	uint8_t families;
	uint8_t how; /* enum nat_how */
	uint8_t effect; /* enum xt_effect */
} targets[] = {
	{ "DNAT",     V4_RANGE, take_v4_range, 0, BIT(ADDR_INET), NAT_DNAT, XT_SENDS_ON },
	{ "DNAT",     RANGE, take_range, 1, ANY_FAMILY, NAT_DNAT, XT_SENDS_ON },
	{ "DNAT",     RANGE, take_range, 2, ANY_FAMILY, NAT_DNAT, XT_SENDS_ON },
	{ "REDIRECT", V4_RANGE, take_v4_range, 0, BIT(ADDR_INET), NAT_REDIRECT, XT_SENDS_ON },
	{ "REDIRECT", RANGE, take_range, 0, BIT(ADDR_INET6), NAT_REDIRECT, XT_SENDS_ON },
	{ "NETMAP",   V4_RANGE, take_v4_range, 0, BIT(ADDR_INET), NAT_DNAT, XT_SENDS_ON },
	{ "NETMAP",   RANGE, take_range, 0, BIT(ADDR_INET6), NAT_DNAT, XT_SENDS_ON },
	{ "TPROXY",   TPROXY_0, take_tproxy_0, 0, BIT(ADDR_INET), NAT_TPROXY, XT_SENDS_ON },
	{ "TPROXY",   TPROXY_1, take_tproxy, 1, ANY_FAMILY, NAT_TPROXY, XT_SENDS_ON },
	{ "MASQUERADE", 0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_ACCEPTS },
	{ "SNAT",     0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_ACCEPTS },
	{ "REJECT",   0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_REJECTS },
	{ "AUDIT",    0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "CHECKSUM", 0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "CLASSIFY", 0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "CONNMARK", 0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "CONNSECMARK", 0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "CT",       CT_FLAGS, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_STARTS_TRACKING },
	{ "DSCP",     0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "HL",       0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "LOG",      0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "MARK",     0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "NFLOG",    0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "NOTRACK",  0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_STOPS_TRACKING },
	{ "SECMARK",  0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "SET",      0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "TCPMSS",   0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "TEE",      0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "TOS",      0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "TRACE",    0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
	{ "TTL",      0, NULL, ANY_REVISION, ANY_FAMILY, 0, XT_CONTINUES },
};
/* clang-format on */

/* CT does one of two things; its flags come first in each revision. */
static enum xt_effect effect_of_ct(const uint8_t *bytes)
{
	uint16_t flags;

	memcpy(&flags, bytes, sizeof(flags));
	return flags & XT_CT_NOTRACK ? XT_STOPS_TRACKING : XT_STARTS_TRACKING;
}

enum xt_effect xt_target(const struct ruleset *rs, const struct nft_expr *e,
			 enum addr_family family, struct nat_target *target)
{
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		if (!ruleset_is_word(rs, e->u.xt.name, targets[i].name) ||
		    (targets[i].revision != e->op && targets[i].revision != ANY_REVISION) ||
		    !(targets[i].families & BIT(family)) || e->u.xt.info.len < targets[i].size)
			continue;
		*target = (struct nat_target){ .how = (enum nat_how)targets[i].how,
					       .family = family };
		if (targets[i].take)
			targets[i].take(ruleset_bytes(rs, e->u.xt.info), target);
		target->is_prefix = ruleset_is_word(rs, e->u.xt.name, "NETMAP");
		if (targets[i].effect == XT_STARTS_TRACKING)
			return effect_of_ct(ruleset_bytes(rs, e->u.xt.info));
		return (enum xt_effect)targets[i].effect;
	}
	return XT_UNKNOWN;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches of iptables: a table of names, revisions and functions. */
#include <config.h>

#include <netinet/in.h> /* before the kernel's own of the same names */

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_state.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <stddef.h>
#include <string.h>

#include "resolve/xt_blob.h"

#define ANY_REVISION UINT8_MAX
#define TCP_SYN 0x02
#define TCP_ECN 0xc0 /* may be set beside it */

/* The struct, of which there is at least what the table says. */
struct blob {
	const uint8_t *bytes;
	struct packets *p;
	unsigned int part;
	enum fact *why;
};

static enum match depends(const struct blob *b, enum fact fact)
{
	*b->why = fact;
	return MATCH_DEPENDS;
}

static enum match either(bool is_yes)
{
	return is_yes ? MATCH_YES : MATCH_NO;
}

static enum match match_port(const struct blob *b, uint16_t first, uint16_t last, bool is_inverted)
{
	uint8_t from[2] = { (uint8_t)(first >> 8), (uint8_t)first };
	uint8_t to[2] = { (uint8_t)(last >> 8), (uint8_t)last };
	struct packets narrowed = *b->p;
	struct cell cells[NFT_REG_BYTES];
	enum match m;

	if (first > last)
		return either(is_inverted);
	cells_set_field(cells, 0, sizeof(from), b->p, CELL_PORT, 0);
	m = cells_match(&narrowed, cells, sizeof(from), from, to, b->why);
	if (!is_inverted) {
		*b->p = narrowed;
		return m;
	}
	if (m == MATCH_SOME)
		return depends(b, FACT_PORT);
	return m == MATCH_DEPENDS ? m : either(m == MATCH_NO);
}

static enum match match_source_port(const struct blob *b, uint16_t first, uint16_t last,
				    bool is_inverted)
{
	if (!first && last == UINT16_MAX)
		return either(!is_inverted);
	return depends(b, FACT_SOURCE_PORT);
}

/* The weaker of two that both have to hold. */
static enum match both(enum match a, enum match b)
{
	if (a == MATCH_NO || b == MATCH_NO)
		return MATCH_NO;
	return a > b ? a : b;
}

static enum match match_tcp(const struct blob *b)
{
	struct xt_tcp m;
	enum match flags;

	memcpy(&m, b->bytes, sizeof(m));
	flags = either(((TCP_SYN & m.flg_mask) == (m.flg_cmp & ~TCP_ECN)) !=
		       (bool)(m.invflags & XT_TCP_INV_FLAGS));
	if (m.option || m.flg_mask & TCP_ECN)
		flags = both(flags, depends(b, FACT_PACKET));
	return both(both(match_source_port(b, m.spts[0], m.spts[1], m.invflags & XT_TCP_INV_SRCPT),
			 match_port(b, m.dpts[0], m.dpts[1], m.invflags & XT_TCP_INV_DSTPT)),
		    flags);
}

static enum match match_udp(const struct blob *b)
{
	struct xt_udp m;

	memcpy(&m, b->bytes, sizeof(m));
	return both(match_source_port(b, m.spts[0], m.spts[1], m.invflags & XT_UDP_INV_SRCPT),
		    match_port(b, m.dpts[0], m.dpts[1], m.invflags & XT_UDP_INV_DSTPT));
}

/* The ports of a part: one, or two with a flag at the first that begin and end a range. */
static unsigned int multiport_part(const struct xt_multiport_v1 *m, unsigned int part,
				   uint16_t *first, uint16_t *last)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < m->count && i < XT_MULTI_PORTS; i++, n++) {
		*first = *last = m->ports[i];
		if (m->pflags[i] && i + 1 < XT_MULTI_PORTS)
			*last = m->ports[++i];
		if (n == part)
			break;
	}
	return n;
}

static enum match match_multiport(const struct blob *b)
{
	struct xt_multiport_v1 m;
	uint16_t first = 1, last = 0;

	memcpy(&m, b->bytes, sizeof(m));
	if (m.flags == XT_MULTIPORT_SOURCE)
		return depends(b, FACT_SOURCE_PORT);
	if (!m.invert) {
		enum match r;

		multiport_part(&m, b->part, &first, &last);
		r = match_port(b, first, last, false);
		return m.flags == XT_MULTIPORT_EITHER && r == MATCH_NO
			       ? depends(b, FACT_SOURCE_PORT)
			       : r;
	}
	for (unsigned int i = 0; i < m.count && i < XT_MULTI_PORTS; i++) {
		enum match r;

		multiport_part(&m, i, &first, &last);
		r = match_port(b, first, last, true);
		if (r != MATCH_YES)
			return r;
	}
	return m.flags == XT_MULTIPORT_EITHER ? depends(b, FACT_SOURCE_PORT) : MATCH_YES;
}

/* Types of addresses, as XT_ADDRTYPE_ bits; 0: any.  For IPv6 several are no alternatives. */
static enum match match_types(const struct blob *b, unsigned int source, unsigned int dest,
			      bool is_inverted)
{
	if (source)
		return depends(b, FACT_SOURCE_ADDR);
	if (!dest)
		return MATCH_YES;
	if (!b->p->is_to_here || (b->p->family == ADDR_INET6 && dest != XT_ADDRTYPE_LOCAL))
		return depends(b, FACT_ADDR);
	return either((bool)(dest & XT_ADDRTYPE_LOCAL) != is_inverted);
}

static enum match match_addrtype(const struct blob *b)
{
	struct xt_addrtype_info_v1 m;

	memcpy(&m, b->bytes, sizeof(m));
	/* An address of this host is not one of each device. */
	if (m.flags & (XT_ADDRTYPE_LIMIT_IFACE_IN | XT_ADDRTYPE_LIMIT_IFACE_OUT))
		return depends(b, FACT_ROUTE);
	return match_types(b, m.source, m.dest, m.flags & XT_ADDRTYPE_INVERT_DEST);
}

static enum match match_addrtype_0(const struct blob *b)
{
	struct xt_addrtype_info m;

	memcpy(&m, b->bytes, sizeof(m));
	return match_types(b, m.source, m.dest, m.invert_dest);
}

/*
 * Of the bits that connection tracking sets some are known; untracked is the one for packets that
 * it does not see.
 */
static enum match match_states(const struct blob *b, unsigned int mask, unsigned int untracked,
			       bool is_inverted)
{
	if (b->p->tracking == TRACKING_OFF)
		return either((bool)(mask & untracked) != is_inverted);
	if (b->p->tracking != TRACKING_ON)
		return depends(b, FACT_CONNTRACK);
	return either((bool)(mask & NF_CT_STATE_BIT(IP_CT_NEW)) != is_inverted);
}

static enum match match_conntrack(const struct blob *b)
{
	const unsigned int translated = XT_CONNTRACK_STATE_SNAT | XT_CONNTRACK_STATE_DNAT;
	struct xt_conntrack_mtinfo2 m;
	enum match state = MATCH_YES;

	memcpy(&m, b->bytes, sizeof(m));
	if (m.match_flags & XT_CONNTRACK_STATE)
		state = match_states(b, m.state_mask, XT_CONNTRACK_STATE_UNTRACKED,
				     m.invert_flags & XT_CONNTRACK_STATE);
	/* What is translated has these bits beside that of its state. */
	if (m.match_flags & XT_CONNTRACK_STATE && b->p->tracking == TRACKING_ON &&
	    m.state_mask & translated && !(m.state_mask & NF_CT_STATE_BIT(IP_CT_NEW))) {
		if (m.state_mask & XT_CONNTRACK_STATE_SNAT || b->p->is_sent_on != b->p->is_changed)
			return depends(b, FACT_CONNTRACK);
		state = either(b->p->is_changed != (bool)(m.invert_flags & XT_CONNTRACK_STATE));
	}
	/* The alias is -m state. */
	if (state != MATCH_NO && m.match_flags & ~(XT_CONNTRACK_STATE | XT_CONNTRACK_STATE_ALIAS))
		return depends(b, FACT_CONNTRACK);
	return state;
}

static enum match match_state(const struct blob *b)
{
	struct xt_state_info m;

	memcpy(&m, b->bytes, sizeof(m));
	return match_states(b, m.statemask, XT_STATE_UNTRACKED, false);
}

static enum match match_always(const struct blob *b)
{
	(void)b;
	return MATCH_YES;
}

static enum match match_mark(const struct blob *b)
{
	return depends(b, FACT_MARK);
}

static enum match match_iface(const struct blob *b)
{
	return depends(b, FACT_IFACE_NAME);
}

static enum match match_owner(const struct blob *b)
{
	return depends(b, FACT_SENDER);
}

/* clang-format off */
static const struct {
	const char *name;
	size_t size; /* of the struct, at least */
	enum match (*match)(const struct blob *b);
	uint8_t revision;
} matches[] = {
	{ "addrtype",  sizeof(struct xt_addrtype_info_v1),  match_addrtype,   1 },
	{ "addrtype",  sizeof(struct xt_addrtype_info),     match_addrtype_0, 0 },
	{ "cgroup",    0,                                   match_owner,      ANY_REVISION },
	{ "comment",   0,                                   match_always,     ANY_REVISION },
	{ "connmark",  0,                                   match_mark,       ANY_REVISION },
	{ "conntrack", sizeof(struct xt_conntrack_mtinfo2), match_conntrack,  2 },
	{ "conntrack", sizeof(struct xt_conntrack_mtinfo3), match_conntrack,  3 },
	{ "mark",      0,                                   match_mark,       ANY_REVISION },
	{ "multiport", sizeof(struct xt_multiport_v1),      match_multiport,  1 },
	{ "owner",     0,                                   match_owner,      ANY_REVISION },
	{ "physdev",   0,                                   match_iface,      ANY_REVISION },
	{ "state",     sizeof(struct xt_state_info),        match_state,      0 },
	{ "tcp",       sizeof(struct xt_tcp),               match_tcp,        0 },
	{ "udp",       sizeof(struct xt_udp),               match_udp,        0 },
};
/* clang-format on */

unsigned int xt_match_parts(const struct ruleset *rs, const struct nft_expr *e)
{
	struct xt_multiport_v1 m;
	uint16_t first, last;

	if (!ruleset_is_word(rs, e->u.xt.name, "multiport") || e->op != 1 ||
	    e->u.xt.info.len < sizeof(m))
		return 1;
	memcpy(&m, ruleset_bytes(rs, e->u.xt.info), sizeof(m));
	return m.invert ? 1 : multiport_part(&m, UINT32_MAX, &first, &last);
}

enum match xt_match(const struct ruleset *rs, const struct nft_expr *e, unsigned int part,
		    struct packets *p, enum fact *why)
{
	struct blob b = { .p = p, .part = part, .why = why };

	*why = FACT_OTHER;
	for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++)
		if (ruleset_is_word(rs, e->u.xt.name, matches[i].name) &&
		    (matches[i].revision == e->op || matches[i].revision == ANY_REVISION) &&
		    e->u.xt.info.len >= matches[i].size) {
			b.bytes = ruleset_bytes(rs, e->u.xt.info);
			return matches[i].match(&b);
		}
	return MATCH_DEPENDS;
}

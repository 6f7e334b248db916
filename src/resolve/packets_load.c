/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of new packets, by the expression that asks for it: tables of fields and keys. */
#include <config.h>

#include <netinet/in.h> /* before the kernel's own of the same names */

#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>

#include "resolve/packets.h"

/* include/uapi/linux/if_packet.h, if_ether.h: headers that do not go together with libc's. */
#define PACKET_TO_HOST 0
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd
#define TCP_SYN 0x02
#define TCP_ECN 0xc0 /* ECE and CWR, RFC 3168 section 6.1.1 */

/* include/uapi/linux/netfilter/nf_conntrack_tuple_common.h, the same. */
#define DIR_ORIGINAL 0

struct header_field {
	uint8_t base;
	uint8_t at;
	uint8_t len;
	uint8_t source; /* enum cell_source */
	uint8_t fact; /* of one that is unknown */
};

/* clang-format off */
/* RFC 791 section 3.1, RFC 8200 section 3, and what begins all transport protocols with ports. */
static const struct header_field ipv4_fields[] = {
	{ NFT_PAYLOAD_NETWORK_HEADER,    9,  1, CELL_PROTO,   FACT_NONE },
	{ NFT_PAYLOAD_NETWORK_HEADER,   12,  4, CELL_UNKNOWN, FACT_SOURCE_ADDR },
	{ NFT_PAYLOAD_NETWORK_HEADER,   16,  4, CELL_ADDR,    FACT_NONE },
	{ NFT_PAYLOAD_TRANSPORT_HEADER,  0,  2, CELL_UNKNOWN, FACT_SOURCE_PORT },
	{ NFT_PAYLOAD_TRANSPORT_HEADER,  2,  2, CELL_PORT,    FACT_NONE },
};
static const struct header_field ipv6_fields[] = {
	{ NFT_PAYLOAD_NETWORK_HEADER,    6,  1, CELL_PROTO,   FACT_NONE },
	{ NFT_PAYLOAD_NETWORK_HEADER,    8, 16, CELL_UNKNOWN, FACT_SOURCE_ADDR },
	{ NFT_PAYLOAD_NETWORK_HEADER,   24, 16, CELL_ADDR,    FACT_NONE },
	{ NFT_PAYLOAD_TRANSPORT_HEADER,  0,  2, CELL_UNKNOWN, FACT_SOURCE_PORT },
	{ NFT_PAYLOAD_TRANSPORT_HEADER,  2,  2, CELL_PORT,    FACT_NONE },
};

/* What metadata it is that nothing here knows, and its length. */
static const struct {
	uint8_t key;
	uint8_t len;
	uint8_t fact;
} meta_facts[] = {
	{ NFT_META_MARK,      4, FACT_MARK },
	{ NFT_META_IIF,       4, FACT_IFACE_INDEX },
	{ NFT_META_OIF,       4, FACT_IFACE_INDEX },
	{ NFT_META_IIFNAME,  16, FACT_IFACE_NAME },
	{ NFT_META_OIFNAME,  16, FACT_IFACE_NAME },
	{ NFT_META_SKUID,     4, FACT_SENDER },
	{ NFT_META_SKGID,     4, FACT_SENDER },
	{ NFT_META_CGROUP,    4, FACT_SENDER },
	{ NFT_META_IIFKIND,  16, FACT_IFACE_NAME },
	{ NFT_META_OIFKIND,  16, FACT_IFACE_NAME },
	{ NFT_META_TIME_NS,   8, FACT_TIME },
	{ NFT_META_TIME_DAY,  1, FACT_TIME },
	{ NFT_META_TIME_HOUR, 4, FACT_TIME },
};
/* clang-format on */

/* The field in which the byte of a header lies; NULL where it is none of those above. */
static const struct header_field *find_field(const struct packets *p, uint8_t base, unsigned int at)
{
	bool is_v4 = p->family == ADDR_INET;
	const struct header_field *fields = is_v4 ? ipv4_fields : ipv6_fields;
	size_t n = is_v4 ? sizeof(ipv4_fields) / sizeof(*ipv4_fields)
			 : sizeof(ipv6_fields) / sizeof(*ipv6_fields);

	for (size_t i = 0; i < n; i++)
		if (fields[i].base == base && at >= fields[i].at &&
		    at < (unsigned int)fields[i].at + fields[i].len)
			return &fields[i];
	return NULL;
}

/* The flags of a TCP header, of which SYN begins a connection, with or without those of ECN. */
static bool is_tcp_flags(const struct packets *p, uint8_t base, unsigned int at)
{
	return base == NFT_PAYLOAD_TRANSPORT_HEADER && at == 13 && p->proto_first == IPPROTO_TCP &&
	       p->proto_last == IPPROTO_TCP;
}

static void load_payload(const struct packets *p, const struct nft_expr *e, struct cell *regs)
{
	static const struct cell syn = {
		.source = CELL_UNKNOWN, .index = FACT_PACKET, .mask = TCP_ECN, .value = TCP_SYN
	};
	size_t len = e->u.payload.len;

	if (!cells_fit(e->dreg, len))
		return;
	cells_set_unknown(regs, e->dreg, len, FACT_PACKET);
	for (size_t i = 0; i < len; i++) {
		unsigned int at = e->u.payload.offset + (unsigned int)i;
		const struct header_field *f = find_field(p, e->u.payload.base, at);
		struct cell one[4];

		if (is_tcp_flags(p, e->u.payload.base, at))
			one[0] = syn;
		else if (!f)
			continue;
		else if (f->source == CELL_UNKNOWN)
			cells_set_unknown(one, 0, 1, (enum fact)f->fact);
		else
			cells_set_field(one, 0, 1, p, (enum cell_source)f->source,
					(uint8_t)(at - f->at));
		regs[e->dreg + i] = one[0];
	}
}

static void load_u8(const struct nft_expr *e, struct cell *regs, uint8_t value)
{
	cells_set_known(regs, e->dreg, &value, sizeof(value));
}

static void load_u16(const struct nft_expr *e, struct cell *regs, uint16_t value)
{
	cells_set_known(regs, e->dreg, &value, sizeof(value));
}

static void load_u32(const struct nft_expr *e, struct cell *regs, uint32_t value)
{
	cells_set_known(regs, e->dreg, &value, sizeof(value));
}

/* What is known of a device: that there is none, or that it is the loopback device. */
enum device {
	DEVICE_UNKNOWN,
	DEVICE_NONE,
	DEVICE_LOOPBACK,
};

/* Which devices a hook hands over (nf_hook_state of include/linux/netfilter.h). */
static enum device device_of(const struct packets *p, bool is_out)
{
	bool comes_in = p->hook == NF_INET_PRE_ROUTING || p->hook == NF_INET_LOCAL_IN;
	bool goes_out = p->hook == NF_INET_LOCAL_OUT || p->hook == NF_INET_POST_ROUTING;

	if (is_out ? comes_in : p->hook == NF_INET_LOCAL_OUT)
		return DEVICE_NONE;
	if (!p->is_from_here || !p->is_to_here || !(is_out ? goes_out : comes_in))
		return DEVICE_UNKNOWN;
	return DEVICE_LOOPBACK;
}

static void load_device(const struct nft_expr *e, struct cell *regs, enum device device)
{
	static const char names[][16] = { [DEVICE_NONE] = "", [DEVICE_LOOPBACK] = "lo" };

	if (e->u.key == NFT_META_IIF || e->u.key == NFT_META_OIF)
		load_u32(e, regs, device == DEVICE_LOOPBACK);
	else if (cells_fit(e->dreg, sizeof(names[device])))
		cells_set_known(regs, e->dreg, names[device], sizeof(names[device]));
}

static void load_unknown_meta(const struct nft_expr *e, struct cell *regs)
{
	for (size_t i = 0; i < sizeof(meta_facts) / sizeof(*meta_facts); i++)
		if (meta_facts[i].key == e->u.key) {
			cells_forget(regs, e->dreg, meta_facts[i].len,
				     (enum fact)meta_facts[i].fact);
			return;
		}
	cells_forget(regs, e->dreg, NFT_REG_BYTES, FACT_PACKET);
}

static bool is_device(uint32_t key)
{
	return key == NFT_META_IIF || key == NFT_META_OIF || key == NFT_META_IIFNAME ||
	       key == NFT_META_OIFNAME;
}

static void load_meta(const struct packets *p, const struct nft_expr *e, struct cell *regs)
{
	bool is_v4 = p->family == ADDR_INET;
	bool is_out = e->u.key == NFT_META_OIF || e->u.key == NFT_META_OIFNAME;

	if (e->u.key == NFT_META_L4PROTO)
		cells_set_field(regs, e->dreg, 1, p, CELL_PROTO, 0);
	else if (e->u.key == NFT_META_NFPROTO)
		load_u8(e, regs, is_v4 ? NFPROTO_IPV4 : NFPROTO_IPV6);
	else if (e->u.key == NFT_META_PROTOCOL)
		load_u16(e, regs, htons(is_v4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6));
	else if (is_device(e->u.key) && device_of(p, is_out) != DEVICE_UNKNOWN)
		load_device(e, regs, device_of(p, is_out));
	else if (e->u.key == NFT_META_PKTTYPE && !p->is_from_here)
		load_u8(e, regs, PACKET_TO_HOST);
	else
		load_unknown_meta(e, regs);
}

/* Of the bits of ct status one is known: whether the destination was changed. */
static void load_ct_status(const struct packets *p, const struct nft_expr *e, struct cell *regs)
{
	uint32_t bit = IPS_DST_NAT, value = p->is_changed ? IPS_DST_NAT : 0;
	uint8_t bits[sizeof(bit)], values[sizeof(value)];

	if (p->is_sent_on && !p->is_changed) {
		cells_set_unknown(regs, e->dreg, sizeof(bit), FACT_CONNTRACK);
		return;
	}
	memcpy(bits, &bit, sizeof(bit));
	memcpy(values, &value, sizeof(value));
	for (size_t i = 0; i < sizeof(bits); i++)
		regs[e->dreg + i] = (struct cell){ .source = CELL_UNKNOWN,
						   .index = FACT_CONNTRACK,
						   .mask = (uint8_t)~bits[i],
						   .value = values[i] };
}

static void load_ct(const struct packets *p, const struct nft_expr *e, struct cell *regs)
{
	if (p->tracking == TRACKING_OFF && e->u.key == NFT_CT_STATE)
		load_u32(e, regs, NF_CT_STATE_UNTRACKED_BIT);
	else if (p->tracking != TRACKING_ON)
		cells_forget(regs, e->dreg, NFT_REG_BYTES, FACT_CONNTRACK);
	else if (e->u.key == NFT_CT_STATE)
		load_u32(e, regs, NF_CT_STATE_BIT(IP_CT_NEW));
	else if (e->u.key == NFT_CT_STATUS)
		load_ct_status(p, e, regs);
	else if (e->u.key == NFT_CT_DIRECTION)
		load_u8(e, regs, DIR_ORIGINAL);
	else if (e->u.key == NFT_CT_PROTOCOL)
		cells_set_field(regs, e->dreg, 1, p, CELL_PROTO, 0);
	else if (e->u.key == NFT_CT_MARK)
		cells_set_unknown(regs, e->dreg, 4, FACT_MARK);
	else
		cells_forget(regs, e->dreg, NFT_REG_BYTES, FACT_CONNTRACK);
}

static void load_fib(const struct packets *p, const struct nft_expr *e, struct cell *regs)
{
	if (e->u.fib.result == NFT_FIB_RESULT_ADDRTYPE && p->is_to_here &&
	    (e->u.fib.flags & ~(uint32_t)NFTA_FIB_F_MARK) == NFTA_FIB_F_DADDR)
		load_u32(e, regs, RTN_LOCAL);
	else
		cells_forget(regs, e->dreg, NFT_REG_BYTES, FACT_ROUTE);
}

void packets_load(const struct packets *p, const struct nft_expr *e, struct cell *regs)
{
	/* The shortest register that there is. */
	if (!cells_fit(e->dreg, 4))
		return;
	if (e->kind == NFT_KIND_PAYLOAD)
		load_payload(p, e, regs);
	else if (e->kind == NFT_KIND_META)
		load_meta(p, e, regs);
	else if (e->kind == NFT_KIND_CT)
		load_ct(p, e, regs);
	else
		load_fib(p, e, regs);
}

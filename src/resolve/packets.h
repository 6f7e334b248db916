/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * New packets to some destinations, and what a rule can know of them: registers whose bytes are
 * known, or a field of the destination, or unknown for a reason that has a name.
 */
#ifndef PORTSTAT_RESOLVE_PACKETS_H
#define PORTSTAT_RESOLVE_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "resolve/ruleset.h"

/* Does connection tracking see packets?  Only then are they new to it, and does NAT change them. */
enum tracking {
	TRACKING_ON,
	TRACKING_NOT_YET, /* it has its place behind some of the chains */
	TRACKING_OFF, /* a rule says notrack */
	TRACKING_UNSURE,
};

/*
 * The first packets of connections to each of a range of protocols, addresses and ports, inclusive.
 */
struct packets {
	enum addr_family family;
	uint8_t proto_first; /* IPPROTO_*; 0 to 255 is any */
	uint8_t proto_last;
	uint16_t port_first; /* host order */
	uint16_t port_last;
	struct addr addr_first;
	struct addr addr_last;
	struct addr hole_first; /* where has_hole, of these addresses none */
	struct addr hole_last;
	bool has_hole;
	bool is_from_here; /* sent by this host to itself, over the loopback device */
	bool is_to_here; /* each address is one of this host's */
	bool is_sent_on; /* NAT has set the destination: */
	bool is_changed; /* certainly to another one */
	uint8_t tracking; /* enum tracking */
	uint8_t hook; /* NF_INET_*: where they are on their way */
};

/* What a rule can ask for and nothing here knows: what its verdict depends on. */
enum fact {
	FACT_NONE,
	FACT_PROTO, /* one of several in question */
	FACT_ADDR,
	FACT_PORT,
	FACT_SOURCE_ADDR,
	FACT_SOURCE_PORT,
	FACT_IFACE_NAME,
	FACT_IFACE_INDEX,
	FACT_MARK,
	FACT_CONNTRACK,
	FACT_ROUTE,
	FACT_SENDER, /* user, group or cgroup of a local sender */
	FACT_TIME,
	FACT_PACKET, /* something else in the packet */
	FACT_FAMILY, /* IPv4 or IPv6 */
	FACT_PROXY, /* a rule hands them to a transparent proxy */
	FACT_DEVICE, /* chains of devices and bridges, which are not walked */
	FACT_RULE, /* a rule that is not understood, or that was not read */
	FACT_UNREAD, /* what is beside nf_tables */
	FACT_OTHER, /* an expression, match or target, which has a name */
};

/* In English, for "depends on ...": "the source address".  Static. */
const char *fact_text(enum fact fact);

/* One byte of a register: (byte & mask) ^ value of where it is from. */
enum cell_source {
	CELL_KNOWN, /* value alone */
	CELL_PROTO,
	CELL_ADDR,
	CELL_PORT,
	CELL_UNKNOWN,
};

struct cell {
	uint8_t source; /* enum cell_source */
	uint8_t index; /* of the field, the byte, in network order; of unknown the enum fact */
	uint8_t mask;
	uint8_t value;
};

/* How packets fare with a condition. */
enum match {
	MATCH_NO,
	MATCH_YES, /* all of them */
	MATCH_SOME, /* those to which they were narrowed */
	MATCH_DEPENDS, /* on a fact */
};

/*
 * Sets len cells from the register on, which has room for them, and zeroes the rest of the last 4
 * bytes as the kernel does.  A field that can be one value only becomes known.
 */
void cells_set_known(struct cell *regs, uint8_t reg, const void *data, size_t len);
void cells_set_unknown(struct cell *regs, uint8_t reg, size_t len, enum fact fact);
/* Up to len cells, as many as there are from the register on. */
void cells_forget(struct cell *regs, uint8_t reg, size_t len, enum fact fact);

void cells_set_field(struct cell *regs, uint8_t reg, size_t len, const struct packets *p,
		     enum cell_source field, uint8_t index);

/* Is there room for len bytes in the register? */
static inline bool cells_fit(uint8_t reg, size_t len)
{
	return reg < NFT_REG_BYTES && len <= (size_t)NFT_REG_BYTES - reg;
}

/* Copies n known cells; false where one is not. */
bool cells_get(const struct cell *cells, size_t n, uint8_t *out);

/*
 * Holds n bytes, read as one big-endian number, against from to to.  MATCH_SOME narrows p;
 * MATCH_DEPENDS sets *why, and leaves p as it was or narrower.
 */
enum match cells_match(struct packets *p, const struct cell *cells, size_t n, const uint8_t *from,
		       const uint8_t *to, enum fact *why);

/* Loads what payload, meta, ct and fib expressions ask for. */
void packets_load(const struct packets *p, const struct nft_expr *e, struct cell *regs);

#endif

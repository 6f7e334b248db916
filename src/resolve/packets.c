/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers of which some bytes are known, and comparisons with them in three values. */
#include <config.h>

#include "resolve/packets.h"

#include <string.h>

const char *fact_text(enum fact fact)
{
	/* clang-format off */
	static const char *const texts[] = {
		[FACT_NONE]        = "nothing",
		[FACT_PROTO]       = "the protocol",
		[FACT_ADDR]        = "the destination address",
		[FACT_PORT]        = "the port",
		[FACT_SOURCE_ADDR] = "the source address",
		[FACT_SOURCE_PORT] = "the source port",
		[FACT_IFACE_NAME]  = "the interface",
		[FACT_IFACE_INDEX] = "the interface",
		[FACT_MARK]        = "the packet mark",
		[FACT_CONNTRACK]   = "connection tracking",
		[FACT_ROUTE]       = "the route",
		[FACT_SENDER]      = "the sending process",
		[FACT_TIME]        = "the time",
		[FACT_PACKET]      = "the content of the packet",
		[FACT_FAMILY]      = "the IP version",
		[FACT_PROXY]       = "a transparent proxy",
		[FACT_DEVICE]      = "rules of a device or a bridge",
		[FACT_RULE]        = "a rule that is not understood",
		[FACT_UNREAD]      = "what is not read:",
		[FACT_OTHER]       = "the condition",
	};
	/* clang-format on */

	return texts[fact];
}

/* The widest field is an IPv6 address. */
#define FIELD_MAX 16

/* The lowest and highest value of a field, in network byte order. */
struct bounds {
	uint8_t low[FIELD_MAX];
	uint8_t high[FIELD_MAX];
	size_t width;
};

static void get_bounds(const struct packets *p, enum cell_source field, struct bounds *b)
{
	*b = (struct bounds){ .width = 1 };
	if (field == CELL_ADDR) {
		b->width = p->family == ADDR_INET ? 4 : 16;
		memcpy(b->low, p->addr_first.bytes, b->width);
		memcpy(b->high, p->addr_last.bytes, b->width);
	} else if (field == CELL_PORT) {
		b->width = 2;
		b->low[0] = (uint8_t)(p->port_first >> 8);
		b->low[1] = (uint8_t)p->port_first;
		b->high[0] = (uint8_t)(p->port_last >> 8);
		b->high[1] = (uint8_t)p->port_last;
	} else {
		b->low[0] = p->proto_first;
		b->high[0] = p->proto_last;
	}
}

static void put_bounds(struct packets *p, enum cell_source field, const struct bounds *b)
{
	if (field == CELL_ADDR) {
		memcpy(p->addr_first.bytes, b->low, b->width);
		memcpy(p->addr_last.bytes, b->high, b->width);
	} else if (field == CELL_PORT) {
		p->port_first = (uint16_t)(b->low[0] << 8 | b->low[1]);
		p->port_last = (uint16_t)(b->high[0] << 8 | b->high[1]);
	} else {
		p->proto_first = b->low[0];
		p->proto_last = b->high[0];
	}
}

static enum fact field_fact(enum cell_source field)
{
	if (field == CELL_ADDR)
		return FACT_ADDR;
	return field == CELL_PORT ? FACT_PORT : FACT_PROTO;
}

static void pad(struct cell *regs, size_t end)
{
	for (; end % 4 && end < NFT_REG_BYTES; end++)
		regs[end] = (struct cell){ .source = CELL_KNOWN };
}

void cells_set_known(struct cell *regs, uint8_t reg, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		regs[reg + i] = (struct cell){ .source = CELL_KNOWN, .value = bytes[i] };
	pad(regs, reg + len);
}

void cells_set_unknown(struct cell *regs, uint8_t reg, size_t len, enum fact fact)
{
	for (size_t i = 0; i < len; i++)
		regs[reg + i] = (struct cell){ .source = CELL_UNKNOWN,
					       .index = (uint8_t)fact,
					       .mask = UINT8_MAX };
	pad(regs, reg + len);
}

void cells_forget(struct cell *regs, uint8_t reg, size_t len, enum fact fact)
{
	if (reg < NFT_REG_BYTES)
		cells_set_unknown(regs, reg,
				  cells_fit(reg, len) ? len : NFT_REG_BYTES - (size_t)reg, fact);
}

void cells_set_field(struct cell *regs, uint8_t reg, size_t len, const struct packets *p,
		     enum cell_source field, uint8_t index)
{
	struct bounds b;

	get_bounds(p, field, &b);
	if (!memcmp(b.low, b.high, b.width)) {
		cells_set_known(regs, reg, b.low + index, len);
		return;
	}
	for (size_t i = 0; i < len; i++)
		regs[reg + i] = (struct cell){ .source = (uint8_t)field,
					       .index = (uint8_t)(index + i),
					       .mask = UINT8_MAX };
	pad(regs, reg + len);
}

bool cells_get(const struct cell *cells, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n; i++) {
		if (cells[i].source != CELL_KNOWN)
			return false;
		out[i] = cells[i].value;
	}
	return true;
}

/* Which leading bits of a field are the same in all its values: the mask of each byte. */
static void common_bits(const struct bounds *b, uint8_t mask[static FIELD_MAX])
{
	bool is_common = true;

	for (size_t i = 0; i < b->width; i++) {
		uint8_t differ = b->low[i] ^ b->high[i];

		mask[i] = 0;
		for (uint8_t bit = 0x80; bit && is_common; bit >>= 1) {
			is_common = !(differ & bit);
			if (is_common)
				mask[i] |= bit;
		}
	}
}

/* Ones, then zeros? */
static bool is_prefix(const uint8_t *mask, size_t n)
{
	bool is_over = false;

	for (size_t i = 0; i < n; i++)
		for (uint8_t bit = 0x80; bit; bit >>= 1) {
			if (mask[i] & bit && is_over)
				return false;
			is_over |= !(mask[i] & bit);
		}
	return true;
}

static enum match intersect(struct packets *p, enum cell_source field, struct bounds *b,
			    const uint8_t *low, const uint8_t *high)
{
	size_t n = b->width;
	bool is_some = false;

	/* Also of a range that ends before it begins. */
	if (memcmp(low, high, n) > 0 || memcmp(high, b->low, n) < 0 || memcmp(low, b->high, n) > 0)
		return MATCH_NO;
	if (memcmp(low, b->low, n) > 0) {
		memcpy(b->low, low, n);
		is_some = true;
	}
	if (memcmp(high, b->high, n) < 0) {
		memcpy(b->high, high, n);
		is_some = true;
	}
	if (field == CELL_ADDR && p->has_hole && memcmp(b->low, p->hole_first.bytes, n) >= 0 &&
	    memcmp(b->high, p->hole_last.bytes, n) <= 0)
		return MATCH_NO;
	if (!is_some)
		return MATCH_YES;
	put_bounds(p, field, b);
	return MATCH_SOME;
}

/*
 * Some bytes of a field, masked, against a value or a range: an interval of the field's values
 * where all bits above the ones that are asked for are the same in all of them.
 */
static enum match match_field(struct packets *p, const struct cell *cells, size_t n,
			      const uint8_t *from, const uint8_t *to, enum fact *why)
{
	enum cell_source field = (enum cell_source)cells->source;
	uint8_t mask[FIELD_MAX], low[FIELD_MAX], high[FIELD_MAX];
	bool is_range = memcmp(from, to, n) != 0;
	struct bounds b;

	get_bounds(p, field, &b);
	common_bits(&b, mask);
	for (size_t i = 0; i < b.width; i++) {
		low[i] = b.low[i] & mask[i];
		high[i] = low[i] | (uint8_t)~mask[i];
	}
	for (size_t i = 0; i < n; i++) {
		size_t at = cells->index + i;
		uint8_t keep = mask[at] & (uint8_t)~cells[i].mask;
		uint8_t want = from[i] ^ cells[i].value;

		if (is_range && (cells[i].mask != UINT8_MAX || cells[i].value)) {
			*why = field_fact(field);
			return MATCH_DEPENDS;
		}
		if (want & ~cells[i].mask)
			return MATCH_NO;
		mask[at] |= cells[i].mask;
		low[at] = (low[at] & keep) | want;
		high[at] = is_range ? to[i] : low[at] | (uint8_t)~mask[at];
	}
	if (!is_prefix(mask, b.width)) {
		*why = field_fact(field);
		return MATCH_DEPENDS;
	}
	return intersect(p, field, &b, low, high);
}

static bool is_all(const uint8_t *from, const uint8_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (from[i] || to[i] != UINT8_MAX)
			return false;
	return true;
}

/* The interface is not known, but a packet from outside does not come over the loopback device. */
static bool is_loopback_device(const struct cell *cells, size_t n, const uint8_t *from)
{
	uint32_t index = 0;

	if (cells->index == FACT_IFACE_NAME)
		return n > 2 && !memcmp(from, "lo", 3);
	if (cells->index == FACT_IFACE_INDEX && n == sizeof(index))
		memcpy(&index, from, sizeof(index));
	return index == 1;
}

static enum match match_unknown(const struct packets *p, const struct cell *cells, size_t n,
				const uint8_t *from, const uint8_t *to, enum fact *why)
{
	if (is_all(from, to, n))
		return MATCH_YES;
	if (!memcmp(from, to, n)) {
		for (size_t i = 0; i < n; i++)
			if ((from[i] ^ cells[i].value) & ~cells[i].mask)
				return MATCH_NO;
		if (!p->is_from_here && is_loopback_device(cells, n, from))
			return MATCH_NO;
	}
	*why = (enum fact)cells->index;
	return MATCH_DEPENDS;
}

static enum match match_known(const struct cell *cells, size_t n, const uint8_t *from,
			      const uint8_t *to)
{
	uint8_t value[NFT_REG_BYTES];

	cells_get(cells, n, value);
	return memcmp(value, from, n) >= 0 && memcmp(value, to, n) <= 0 ? MATCH_YES : MATCH_NO;
}

/* How many cells from the first on are from one place. */
static size_t run_length(const struct cell *cells, size_t n)
{
	size_t i = 1;

	while (i < n && cells[i].source == cells->source &&
	       (cells->source == CELL_KNOWN ||
		cells[i].index == cells->index + (cells->source == CELL_UNKNOWN ? 0 : i)))
		i++;
	return i;
}

static enum match match_run(struct packets *p, const struct cell *cells, size_t n,
			    const uint8_t *from, const uint8_t *to, enum fact *why)
{
	if (cells->source == CELL_KNOWN)
		return match_known(cells, n, from, to);
	if (cells->source == CELL_UNKNOWN)
		return match_unknown(p, cells, n, from, to, why);
	return match_field(p, cells, n, from, to, why);
}

enum match cells_match(struct packets *p, const struct cell *cells, size_t n, const uint8_t *from,
		       const uint8_t *to, enum fact *why)
{
	enum match result = MATCH_YES;

	for (size_t i = 0, len; i < n; i += len) {
		enum match m;

		len = run_length(cells + i, n - i);
		m = match_run(p, cells + i, len, from + i, to + i, why);
		if (m == MATCH_NO)
			return MATCH_NO;
		if (m > result)
			result = m;
		/* Behind bytes that differ the rest counts at the edges only. */
		if (memcmp(from + i, to + i, len) != 0) {
			if (is_all(from + i + len, to + i + len, n - i - len))
				break;
			if (cells[i].source == CELL_KNOWN &&
			    match_known(cells + i, len, from + i, from + i) == MATCH_NO &&
			    match_known(cells + i, len, to + i, to + i) == MATCH_NO)
				break;
			*why = FACT_PACKET;
			return MATCH_DEPENDS;
		}
	}
	return result;
}

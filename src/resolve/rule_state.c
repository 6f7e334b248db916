/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of packets within a rule: its registers, its conditions, and why others go another
 * way.
 */
#include <config.h>

#include "resolve/rule_state.h"

#include <linux/netfilter/nf_tables.h>
#include <string.h>

/*
 * Some of the packets go another way: the first reason is kept, one that is no field of the
 * destination first.
 */
void rule_split(struct rule_state *st, enum fact why, struct nft_span name)
{
	st->is_partial = true;
	if (st->depends && (st->why > FACT_PORT || why <= FACT_PORT))
		return;
	st->depends = true;
	st->why = why;
	st->name = name;
}

/* The field that tells two packets apart which are treated differently. */
enum fact packets_narrowed(const struct packets *before, const struct packets *after)
{
	if (before->port_first != after->port_first || before->port_last != after->port_last)
		return FACT_PORT;
	if (before->proto_first != after->proto_first || before->proto_last != after->proto_last)
		return FACT_PROTO;
	return FACT_ADDR;
}

/* Takes the result of a condition up; false where no packet goes on. */
bool rule_take_match(struct rule_state *st, const struct packets *before, enum match m,
		     enum fact why, struct nft_span name)
{
	if (m == MATCH_NO)
		return false;
	if (m == MATCH_DEPENDS)
		rule_split(st, why, name);
	else if (m == MATCH_SOME)
		rule_split(st, packets_narrowed(before, &st->packets), name);
	return true;
}

enum match rule_not_match(enum match m, const struct packets *before, struct rule_state *st,
			  enum fact *why)
{
	struct packets narrowed = st->packets;

	st->packets = *before;
	if (m == MATCH_SOME) {
		*why = packets_narrowed(before, &narrowed);
		if (*why != FACT_ADDR || before->has_hole)
			return MATCH_DEPENDS;
		/* "! -d 127.0.0.0/8" in front of a published port. */
		st->packets.has_hole = true;
		st->packets.hole_first = narrowed.addr_first;
		st->packets.hole_last = narrowed.addr_last;
		return MATCH_SOME;
	}
	if (m == MATCH_DEPENDS)
		return m;
	return m == MATCH_NO ? MATCH_YES : MATCH_NO;
}

/* The big-endian numbers next to one; false where there is none. */
static bool step_down(uint8_t *bytes, size_t n)
{
	while (n)
		if (bytes[--n]--)
			return true;
	return false;
}

static bool step_up(uint8_t *bytes, size_t n)
{
	while (n)
		if (++bytes[--n])
			return true;
	return false;
}

/* The range that a comparison (NFT_CMP_*) with the number in both stands for; false for none. */
static bool range_of(uint8_t op, uint8_t *from, uint8_t *to, size_t n)
{
	if ((op == NFT_CMP_LT && !step_down(to, n)) || (op == NFT_CMP_GT && !step_up(from, n)))
		return false;
	if (op == NFT_CMP_LT || op == NFT_CMP_LTE)
		memset(from, 0, n);
	if (op == NFT_CMP_GT || op == NFT_CMP_GTE)
		memset(to, UINT8_MAX, n);
	return true;
}

enum match rule_compare(const struct ruleset *rs, const struct nft_expr *e, struct rule_state *st,
			enum fact *why)
{
	size_t n = e->u.data.from.len;
	uint8_t from[NFT_REG_BYTES], to[NFT_REG_BYTES];
	struct packets before = st->packets;
	uint8_t op = e->op;
	enum match m;

	if (!n || e->u.data.to.len != n || !cells_fit(e->sreg, n)) {
		*why = FACT_PACKET;
		return MATCH_DEPENDS;
	}
	memcpy(from, ruleset_bytes(rs, e->u.data.from), n);
	memcpy(to, ruleset_bytes(rs, e->u.data.to), n);
	if (e->kind == NFT_KIND_CMP && !range_of(op, from, to, n))
		return MATCH_NO;
	m = cells_match(&st->packets, st->regs + e->sreg, n, from, to, why);
	if (op == (e->kind == NFT_KIND_CMP ? NFT_CMP_NEQ : NFT_RANGE_NEQ))
		return rule_not_match(m, &before, st, why);
	return m;
}

static void bitwise(const struct ruleset *rs, const struct nft_expr *e, struct cell *regs)
{
	size_t n = e->u.data.from.len;
	const uint8_t *mask = ruleset_bytes(rs, e->u.data.from);
	const uint8_t *flip = ruleset_bytes(rs, e->u.data.to);

	if (e->u.data.to.len != n || !cells_fit(e->sreg, n) || !cells_fit(e->dreg, n)) {
		cells_forget(regs, e->dreg, NFT_REG_BYTES, FACT_PACKET);
		return;
	}
	memmove(regs + e->dreg, regs + e->sreg, n * sizeof(*regs));
	for (size_t i = 0; i < n; i++) {
		struct cell *c = &regs[e->dreg + i];

		c->mask &= mask[i];
		c->value = (uint8_t)((c->value & mask[i]) ^ flip[i]);
		/* Nothing of it is left. */
		if (!c->mask)
			c->source = CELL_KNOWN;
	}
}

/* On a host that is big-endian nothing has to be swapped. */
static void byteorder(const struct nft_expr *e, struct cell *regs)
{
	size_t len = e->u.byteorder.len, size = e->u.byteorder.size;
	struct cell from[NFT_REG_BYTES];

	if (!size || len % size || !cells_fit(e->sreg, len) || !cells_fit(e->dreg, len)) {
		cells_forget(regs, e->dreg, NFT_REG_BYTES, FACT_PACKET);
		return;
	}
	memcpy(from, regs + e->sreg, len * sizeof(*regs));
	for (size_t i = 0; i < len; i++) {
		size_t at = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
				    ? i
				    : i / size * size + (size - 1 - i % size);

		regs[e->dreg + i] = from[at];
	}
}

static void load_registers(const struct ruleset *rs, const struct nft_expr *e,
			   struct rule_state *st)
{
	if (e->kind == NFT_KIND_IMMEDIATE) {
		if (cells_fit(e->dreg, e->u.data.from.len))
			cells_set_known(st->regs, e->dreg, ruleset_bytes(rs, e->u.data.from),
					e->u.data.from.len);
	} else if (e->kind == NFT_KIND_OTHER_LOAD) {
		cells_forget(st->regs, e->dreg, NFT_REG_BYTES, FACT_OTHER);
		st->loaded = e->u.xt.name;
	} else {
		packets_load(&st->packets, e, st->regs);
	}
}

/* A key against an element, field by field; each is padded to 4 bytes. */
enum match rule_match_elem(const struct ruleset *rs, const struct nft_set *set,
			   const struct nft_elem *elem, const struct cell *key, struct packets *p,
			   enum fact *why)
{
	const uint8_t *from = (const uint8_t *)rs->bytes.data + elem->key;
	const uint8_t *to = (const uint8_t *)rs->bytes.data + elem->key_end;
	enum match result = MATCH_YES;
	size_t at = 0;

	if (set->n_fields < 2)
		return cells_match(p, key, set->key_len, from, to, why);
	for (unsigned int i = 0; i < set->n_fields && at < set->key_len; i++) {
		size_t len = set->fields[i];
		enum match m;

		if (len > set->key_len - at)
			len = set->key_len - at;
		m = cells_match(p, key + at, len, from + at, to + at, why);
		if (m == MATCH_NO)
			return m;
		if (m > result)
			result = m;
		at += (len + 3) / 4 * 4;
	}
	return result;
}

void rule_compute(const struct ruleset *rs, const struct nft_expr *e, struct rule_state *st)
{
	if (e->kind == NFT_KIND_BITWISE)
		bitwise(rs, e, st->regs);
	else if (e->kind == NFT_KIND_BYTEORDER)
		byteorder(e, st->regs);
	else
		load_registers(rs, e, st);
}

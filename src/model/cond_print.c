/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints a condition as text of the filter language. */
#include <config.h>

#include "model/cond.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/vocab.h"

static void put_ports(const char *key, const struct port_list *ports, struct buf *out)
{
	buf_printf(out, "%s ", key);
	port_list_print(ports, "", out);
}

static void put_prefix(const char *key, const struct cond_prefix *prefix, struct buf *out)
{
	buf_printf(out, "%s ", key);
	addr_text(out, (enum addr_family)prefix->family, &prefix->addr);
	buf_printf(out, "/%u", prefix->len);
}

/* The names of the bits that are set, separated by commas. */
static void put_names(const char *key, uint32_t bits, const char *(*name)(unsigned int bit),
		      struct buf *out)
{
	bool is_first = true;

	buf_printf(out, "%s ", key);
	for (unsigned int bit = 0; bit < 32; bit++) {
		if (!(bits >> bit & 1) || !name(bit))
			continue;
		buf_printf(out, "%s%s", is_first ? "" : ",", name(bit));
		is_first = false;
	}
}

static const char *proto_bit(unsigned int bit)
{
	return bit < PROTO_COUNT ? proto_name((enum sock_proto)bit) : NULL;
}

static const char *family_bit(unsigned int bit)
{
	return bit < ADDR_FAMILIES ? family_name((enum addr_family)bit) : NULL;
}

static const char *state_bit(unsigned int bit)
{
	return bit < SOCK_STATE_COUNT ? state_name((enum sock_state)bit) : NULL;
}

static void put_leaf(const struct cond_node *node, struct buf *out)
{
	if (node->is_negated)
		buf_str(out, "not ");
	switch ((enum cond_kind)node->kind) {
	case COND_FALSE:
	case COND_TRUE:
	case COND_AND:
	case COND_OR:
		buf_str(out, node->kind == COND_FALSE ? "nothing" : "everything");
		return;
	case COND_PROTO:
		put_names("proto", node->bits, proto_bit, out);
		return;
	case COND_FAMILY:
		put_names("family", node->bits, family_bit, out);
		return;
	case COND_STATE:
		put_names("state", node->bits, state_bit, out);
		return;
	case COND_LOCAL_PORT:
		put_ports("lport", &node->ports, out);
		return;
	case COND_REMOTE_PORT:
		put_ports("rport", &node->ports, out);
		return;
	case COND_LOCAL_ADDR:
		put_prefix("laddr", &node->prefix, out);
		return;
	case COND_REMOTE_ADDR:
		put_prefix("raddr", &node->prefix, out);
		return;
	case COND_IFINDEX:
		buf_printf(out, "ifindex %u", node->number);
		return;
	case COND_MARK:
		buf_printf(out, "mark %u/0x%x", node->mark.value, node->mark.mask);
		return;
	case COND_CGROUP:
		buf_printf(out, "cgroup-id %llu", (unsigned long long)node->cgroup);
		return;
	}
}

/* A stack of what is still to be printed: long lists make trees too deep for recursion. */
struct piece {
	const char *text; /* NULL: print the node at */
	uint32_t at;
	enum cond_kind outer;
};

struct pieces {
	struct piece *list;
	size_t n;
	size_t cap;
};

static void push(struct pieces *p, struct piece piece)
{
	p->list = mem_grow(p->list, p->n, &p->cap, sizeof(*p->list));
	p->list[p->n++] = piece;
}

static void push_args(struct pieces *p, const struct cond_node *node, enum cond_kind outer)
{
	enum cond_kind kind = (enum cond_kind)node->kind;
	bool needs_brackets = kind == COND_OR && outer == COND_AND;

	if (needs_brackets)
		push(p, (struct piece){ .text = ")" });
	push(p, (struct piece){ .at = node->args.right, .outer = kind });
	push(p, (struct piece){ .text = kind == COND_AND ? " and " : " or " });
	push(p, (struct piece){ .at = node->args.left, .outer = kind });
	if (needs_brackets)
		push(p, (struct piece){ .text = "(" });
}

void cond_print(const struct cond *c, struct buf *out)
{
	struct pieces p = { 0 };

	push(&p, (struct piece){ .at = c->root, .outer = COND_OR });
	while (p.n) {
		struct piece piece = p.list[--p.n];
		const struct cond_node *node = &c->nodes[piece.at];

		if (piece.text)
			buf_str(out, piece.text);
		else if (node->kind == COND_AND || node->kind == COND_OR)
			push_args(&p, node, piece.outer);
		else
			put_leaf(node, out);
	}
	free(p.list);
}

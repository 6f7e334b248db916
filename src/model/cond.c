/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A condition on the socket alone: the part of a query that a source may check for us. */
#include <config.h>

#include "model/cond.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/vocab.h"

static uint32_t add(struct cond *c, const struct cond_node *node)
{
	c->nodes = mem_grow(c->nodes, c->n, &c->cap, sizeof(*c->nodes));
	c->nodes[c->n] = *node;
	return (uint32_t)c->n++;
}

void cond_init(struct cond *c)
{
	*c = (struct cond){ .root = COND_TRUE_AT };
	add(c, &(struct cond_node){ .kind = COND_FALSE });
	add(c, &(struct cond_node){ .kind = COND_TRUE });
}

static bool is_port(const struct cond_node *node)
{
	return node->kind == COND_LOCAL_PORT || node->kind == COND_REMOTE_PORT;
}

void cond_fini(struct cond *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (is_port(&c->nodes[i]))
			port_list_fini(&c->nodes[i].ports);
	free(c->nodes);
	*c = (struct cond){ 0 };
}

uint32_t cond_leaf(struct cond *c, const struct cond_node *leaf)
{
	struct cond_node node = *leaf;

	if (is_port(leaf)) {
		if (!leaf->ports.n || port_list_is_all(&leaf->ports))
			return !leaf->ports.n == leaf->is_negated ? COND_TRUE_AT : COND_FALSE_AT;
		node.ports = port_list_copy(&leaf->ports);
	}
	return add(c, &node);
}

uint32_t cond_and(struct cond *c, uint32_t left, uint32_t right)
{
	if (left == COND_FALSE_AT || right == COND_FALSE_AT)
		return COND_FALSE_AT;
	if (left == COND_TRUE_AT)
		return right;
	if (right == COND_TRUE_AT)
		return left;
	return add(c, &(struct cond_node){ .kind = COND_AND, .args = { left, right } });
}

uint32_t cond_or(struct cond *c, uint32_t left, uint32_t right)
{
	if (left == COND_TRUE_AT || right == COND_TRUE_AT)
		return COND_TRUE_AT;
	if (left == COND_FALSE_AT)
		return right;
	if (right == COND_FALSE_AT)
		return left;
	return add(c, &(struct cond_node){ .kind = COND_OR, .args = { left, right } });
}

static bool leaf_holds(const struct cond_node *node, const struct sock *sk)
{
	const struct cond_prefix *prefix = &node->prefix;

	switch ((enum cond_kind)node->kind) {
	case COND_FALSE:
	case COND_AND:
	case COND_OR:
		break;
	case COND_TRUE:
		return true;
	case COND_PROTO:
		return node->bits & PROTO_BIT(sk->proto);
	case COND_FAMILY:
		return node->bits & FAMILY_BIT(sk->family);
	case COND_STATE:
		return node->bits & STATE_BIT(sk->state);
	case COND_LOCAL_PORT:
		return port_list_has(&node->ports, sk->local.port);
	case COND_REMOTE_PORT:
		return port_list_has(&node->ports, sk->remote.port);
	case COND_LOCAL_ADDR:
		return addr_in_prefix((enum addr_family)sk->family, &sk->local.addr,
				      (enum addr_family)prefix->family, &prefix->addr, prefix->len);
	case COND_REMOTE_ADDR:
		return addr_in_prefix((enum addr_family)sk->family, &sk->remote.addr,
				      (enum addr_family)prefix->family, &prefix->addr, prefix->len);
	case COND_IFINDEX:
		return node->number == sk->ifindex;
	case COND_MARK:
		return (sk->mark & node->mark.mask) == node->mark.value;
	case COND_CGROUP:
		return sk->cgroup == node->cgroup;
	}
	return false;
}

/* Does the source know the field that the leaf tests? */
static bool is_known(const struct cond_node *node, const struct sock *sk)
{
	switch ((enum cond_kind)node->kind) {
	case COND_IFINDEX:
		return sock_has(sk, SOCK_HAS_IFACE);
	case COND_MARK:
		return sock_has(sk, SOCK_HAS_MARK);
	case COND_CGROUP:
		return sock_has(sk, SOCK_HAS_CGROUP);
	case COND_FALSE:
	case COND_TRUE:
	case COND_AND:
	case COND_OR:
	case COND_PROTO:
	case COND_FAMILY:
	case COND_STATE:
	case COND_LOCAL_PORT:
	case COND_REMOTE_PORT:
	case COND_LOCAL_ADDR:
	case COND_REMOTE_ADDR:
		break;
	}
	return true;
}

/* Operands precede the nodes that use them, so one forward pass suffices, without recursion. */
bool cond_holds(const struct cond *c, const struct sock *sk)
{
	bool inline_results[64] = { false };
	bool *holds = c->n <= 64 ? inline_results : mem_alloc(c->n);
	bool result;

	for (size_t i = 0; i < c->n; i++) {
		const struct cond_node *node = &c->nodes[i];

		if (node->kind == COND_AND)
			holds[i] = holds[node->args.left] && holds[node->args.right];
		else if (node->kind == COND_OR)
			holds[i] = holds[node->args.left] || holds[node->args.right];
		else
			holds[i] = !is_known(node, sk) || leaf_holds(node, sk) != node->is_negated;
	}
	result = holds[c->root];
	if (holds != inline_results)
		free(holds);
	return result;
}

/* Do protocol and family alone determine the leaf? */
static bool is_decided(const struct cond_node *node, enum sock_proto proto)
{
	return node->kind == COND_PROTO || node->kind == COND_FAMILY || node->kind == COND_TRUE ||
	       node->kind == COND_FALSE || (is_port(node) && !proto_has_ports(proto));
}

/* The leaf for these kinds of sockets: a constant if the kind determines it, else a copy. */
static uint32_t restrict_leaf(const struct cond_node *node, enum sock_proto proto,
			      unsigned int families, unsigned int states, struct cond *out)
{
	unsigned int wanted = node->is_negated ? ~node->bits : node->bits;
	struct sock any = { .proto = (uint8_t)proto };

	if (node->kind == COND_FAMILY)
		return families & wanted ? COND_TRUE_AT : COND_FALSE_AT;
	if (node->kind == COND_STATE)
		return states & wanted ? COND_TRUE_AT : COND_FALSE_AT;
	if (is_decided(node, proto))
		return leaf_holds(node, &any) != node->is_negated ? COND_TRUE_AT : COND_FALSE_AT;
	return cond_leaf(out, node);
}

void cond_restrict(const struct cond *c, enum sock_proto proto, unsigned int families,
		   unsigned int states, struct cond *out)
{
	uint32_t *at = mem_resize(NULL, c->n, sizeof(*at));

	cond_init(out);
	for (size_t i = 0; i < c->n; i++) {
		const struct cond_node *node = &c->nodes[i];

		if (node->kind == COND_AND)
			at[i] = cond_and(out, at[node->args.left], at[node->args.right]);
		else if (node->kind == COND_OR)
			at[i] = cond_or(out, at[node->args.left], at[node->args.right]);
		else
			at[i] = restrict_leaf(node, proto, families, states, out);
	}
	out->root = at[c->root];
	free(at);
}

/* The states in which a leaf can hold for a protocol and family: STATE_BIT()s. */
static unsigned int leaf_states(const struct cond_node *node, enum sock_proto proto,
				enum addr_family family)
{
	struct sock any = { .proto = (uint8_t)proto, .family = (uint8_t)family };

	if (node->kind == COND_STATE)
		return node->is_negated ? ~node->bits : node->bits;
	if (is_decided(node, proto))
		return leaf_holds(node, &any) != node->is_negated ? UINT32_MAX : 0;
	return UINT32_MAX;
}

/* Equivalent to cond_restrict() for each single state, in one pass. */
unsigned int cond_states(const struct cond *c, enum sock_proto proto, enum addr_family family,
			 unsigned int states)
{
	unsigned int *possible = mem_resize(NULL, c->n, sizeof(*possible));

	for (size_t i = 0; i < c->n; i++) {
		const struct cond_node *node = &c->nodes[i];

		if (node->kind == COND_AND)
			possible[i] = possible[node->args.left] & possible[node->args.right];
		else if (node->kind == COND_OR)
			possible[i] = possible[node->args.left] | possible[node->args.right];
		else
			possible[i] = leaf_states(node, proto, family);
	}
	states &= possible[c->root];
	free(possible);
	return states;
}

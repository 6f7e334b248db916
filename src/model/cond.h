/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A condition on the socket alone: the part of a query that a source may check for us.  It is a
 * tree of and/or over facts that INET_DIAG bytecode knows; negation stands at the leaves.
 */
#ifndef PORTSTAT_MODEL_COND_H
#define PORTSTAT_MODEL_COND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/port_list.h"
#include "model/sock.h"

struct buf;

enum cond_kind {
	COND_FALSE,
	COND_TRUE,
	COND_AND,
	COND_OR,
	COND_PROTO, /* bits: PROTO_BIT()s */
	COND_FAMILY, /* bits: FAMILY_BIT()s */
	COND_STATE, /* bits: STATE_BIT()s */
	COND_LOCAL_PORT, /* ports; as the kernel compares: 0 where there is none, also for raw */
	COND_REMOTE_PORT,
	COND_LOCAL_ADDR, /* prefix; as addr_in_prefix(), like the kernel's S_COND */
	COND_REMOTE_ADDR,
	COND_IFINDEX, /* number: the device that the socket is bound to, 0 for none */
	COND_MARK, /* number and mask: (mark & mask) == number */
	COND_CGROUP, /* id */
};

struct cond_prefix {
	struct addr addr;
	uint8_t family; /* enum addr_family */
	uint8_t len; /* bits */
};

struct cond_node {
	uint8_t kind; /* enum cond_kind */
	bool is_negated; /* leaves only */
	union {
		struct {
			uint32_t left;
			uint32_t right;
		} args; /* AND, OR: indexes of nodes */
		uint32_t bits;
		struct port_list ports;
		struct cond_prefix prefix;
		uint32_t number;
		struct {
			uint32_t value;
			uint32_t mask;
		} mark;
		uint64_t cgroup;
	};
};

/* Nodes 0 and 1 are FALSE and TRUE; arguments stand before what uses them. */
struct cond {
	struct cond_node *nodes;
	size_t n;
	size_t cap;
	uint32_t root;
};

#define COND_FALSE_AT 0U
#define COND_TRUE_AT 1U

/* Starts with the constants; the root is TRUE. */
void cond_init(struct cond *c);
void cond_fini(struct cond *c);

/*
 * Each adds a node and returns its index; and/or fold constants.  A leaf is copied, with its ports;
 * one of no port or of all ports is a constant.
 */
uint32_t cond_leaf(struct cond *c, const struct cond_node *leaf);
uint32_t cond_and(struct cond *c, uint32_t left, uint32_t right);
uint32_t cond_or(struct cond *c, uint32_t left, uint32_t right);

/* Does the whole condition hold?  A mark or cgroup that is not known makes its leaf true. */
bool cond_holds(const struct cond *c, const struct sock *sk);

/* The states, of those asked for, in which a socket of this protocol and family can meet the condition. */
unsigned int cond_states(const struct cond *c, enum sock_proto proto, enum addr_family family,
			 unsigned int states);

/*
 * For sockets of one protocol and of no other families and states than these (FAMILY_BIT()s,
 * STATE_BIT()s): a copy of the condition into out with those leaves decided.  For raw sockets port
 * leaves are decided, too.  Leaves that hold for some of the families or states become TRUE.
 */
void cond_restrict(const struct cond *c, enum sock_proto proto, unsigned int families,
		   unsigned int states, struct cond *out);

/* Adds the condition in the words of the filter language. */
void cond_print(const struct cond *c, struct buf *out);

#endif

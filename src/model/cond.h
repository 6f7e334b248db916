/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A condition on the socket alone: the part of a query that a source can evaluate for us.  A tree
 * of and/or over tests that INET_DIAG bytecode can express; only leaves are negated.
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
	COND_LOCAL_PORT, /* ports; as the kernel compares: 0 if there is none, also for raw */
	COND_REMOTE_PORT,
	COND_LOCAL_ADDR, /* prefix; as addr_in_prefix(), like the kernel's INET_DIAG_BC_S_COND */
	COND_REMOTE_ADDR,
	COND_IFINDEX, /* number: the index of the device that the socket is bound to, 0 for none */
	COND_MARK, /* mark: (the socket's mark & mask) == value */
	COND_CGROUP, /* cgroup: id of the cgroup v2 directory */
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
		} args; /* AND, OR: indexes of the operands */
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

/* Nodes 0 and 1 are FALSE and TRUE; operands precede the nodes that use them. */
struct cond {
	struct cond_node *nodes;
	size_t n;
	size_t cap;
	uint32_t root;
};

#define COND_FALSE_AT 0U
#define COND_TRUE_AT 1U

/* Adds the two constants; the root is TRUE.  cond_fini() frees the nodes. */
void cond_init(struct cond *c);
void cond_fini(struct cond *c);

/*
 * Each returns the index of a node, adding it unless it folds to a constant: and/or fold constant
 * operands, a leaf with no port or all ports is a constant.  The leaf is copied, with its ports.
 */
uint32_t cond_leaf(struct cond *c, const struct cond_node *leaf);
uint32_t cond_and(struct cond *c, uint32_t left, uint32_t right);
uint32_t cond_or(struct cond *c, uint32_t left, uint32_t right);

/* Does the condition hold?  A leaf whose field (device, mark, cgroup) is unknown is true. */
bool cond_holds(const struct cond *c, const struct sock *sk);

/* Those of the states in which a socket of this protocol and family may satisfy the condition. */
unsigned int cond_states(const struct cond *c, enum sock_proto proto, enum addr_family family,
			 unsigned int states);

/*
 * Initialises out with a simpler condition for sockets that have this protocol and only these
 * families and states (FAMILY_BIT()s, STATE_BIT()s): leaves that test these become constants, TRUE
 * if they hold for any of them.  So do port leaves if the protocol has no ports (raw).
 */
void cond_restrict(const struct cond *c, enum sock_proto proto, unsigned int families,
		   unsigned int states, struct cond *out);

/* Adds the condition as text of the filter language; defined in cond_print.c. */
void cond_print(const struct cond *c, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dumps that a query takes, and each as the netlink message that asks for it. */
#ifndef PORTSTAT_SOURCE_REQUEST_H
#define PORTSTAT_SOURCE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "model/port_set.h"
#include "model/sock.h"

struct buf;
struct cond;
struct source_query;

/* One dump: sockets of one protocol and some states, of one family or, of TCP, of both. */
struct request {
	enum sock_proto proto;
	unsigned int families; /* FAMILY_BIT()s */
	unsigned int states; /* STATE_BIT()s that can matter; a reply may hold others */
	bool is_listeners_only; /* may be asked again for what one dump loses */
	struct port_range part; /* of connections those with such a port; 0 to 0: all */
};

/* Listeners may be asked for apart; of TCP bound ports and two parts of the rest are, too. */
#define REQUESTS_MAX ((2 * PROTO_COUNT + 2) * ADDR_FAMILIES)

/*
 * Fills in the dumps of a query and returns how many.  split_port: 0, or for more connections than one
 * dump should bring, so that two can ask at once, the port at which they are divided.  For each part
 * the kernel goes through all of them, so there are no more than two.
 */
size_t request_plan(const struct source_query *query, uint16_t split_port,
		    struct request out[REQUESTS_MAX]);

/* The condition, a node added to c, that makes a dump the part that the request is for. */
uint32_t request_part_cond(const struct request *r, struct cond *c);

/*
 * The same request for one of its families alone, for kernels that do not take both at once.
 * False where it has not that family, or no other.
 */
bool request_split(const struct request *r, enum addr_family family, struct request *out);

/*
 * What an error that came for the request means: a kernel that does not know protocols above 255
 * (before 5.9) takes the attribute with their number for bytecode, and says EINVAL; it has no
 * list of them, -ENOENT.
 */
int request_error(const struct request *r, int err);

/* How one asking of a request differs from another. */
struct request_params {
	unsigned int extras; /* SOCK_EXTRA_BIT()s to bring along */
	uint32_t seq;
	uint32_t repeat; /* 0, or how often the same was asked before within one listing */
	const struct buf *bytecode; /* empty: none */
};

/*
 * Adds the message, whole and padded to 4 bytes: SOCK_DIAG_BY_FAMILY, or for both families
 * TCPDIAG_GETSOCK, which knows no family (linux/inet_diag.h).
 */
void request_encode(const struct request *r, const struct request_params *params, struct buf *out);

/*
 * Reads what follows the netlink header of a request of this type.  -EBADMSG where it does not fit,
 * -EPROTO where the type, protocol or family is none of ours.
 */
int request_decode(struct request *r, uint16_t type, const void *payload, size_t len);

#endif

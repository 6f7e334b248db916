/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans the dumps that a query needs, and encodes and decodes their netlink requests. */
#ifndef PORTSTAT_SOURCE_REQUEST_H
#define PORTSTAT_SOURCE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "model/port_set.h"
#include "model/sock.h"

struct buf;
struct cond;
struct source_query;

/* One dump: sockets of one protocol and some states, of one family or, for TCP, of both. */
struct request {
	enum sock_proto proto;
	unsigned int families; /* FAMILY_BIT()s */
	unsigned int states; /* STATE_BIT()s that are needed; a reply may have others */
	bool is_listeners_only; /* or datagram sockets: few, so the dump is repeated to miss none */
	struct port_range part; /* only connections with a port in it; 0 to 0: all */
};

/* For each family: listeners and the rest; for TCP also bound sockets and a second part. */
#define REQUESTS_MAX ((2 * PROTO_COUNT + 2) * ADDR_FAMILIES)

/*
 * Fills in the dumps of a query and returns their number.  If split_port is not 0, TCP connections
 * are split into two parts at that port (request_part_cond()), so that two sockets can dump them in
 * parallel.  Not into more, because the kernel walks its whole table for each part.
 */
size_t request_plan(const struct source_query *query, uint16_t split_port,
		    struct request out[REQUESTS_MAX]);

/* Adds nodes to c for the request's part; returns the index of their root, TRUE if part is all. */
uint32_t request_part_cond(const struct request *r, struct cond *c);

/*
 * Sets out to the request for only one of its families, to retry when the dump of both failed.
 * False if the request does not have this family, or has no other.
 */
bool request_split(const struct request *r, enum addr_family family, struct request *out);

/*
 * Translates an -errno that the request got.  A kernel that does not support protocols above 255
 * (before 5.9) takes the attribute with the number for bytecode and returns EINVAL; it cannot list
 * them: SOURCE_ERROR_UNSUPPORTED.  Other errors are returned unchanged.
 */
int request_error(const struct request *r, int err);

/* What differs each time that a request is sent. */
struct request_params {
	unsigned int extras; /* SOCK_EXTRA_BIT()s to request */
	uint32_t seq; /* nlmsg_seq */
	uint32_t repeat; /* how often this listing sent it before; in nlmsg_pid, for replay */
	const struct buf *bytecode; /* borrowed; empty: none */
};

/*
 * Appends the complete message, padded to 4 bytes: SOCK_DIAG_BY_FAMILY, or for both families
 * TCPDIAG_GETSOCK, which has no family (linux/inet_diag.h).
 */
void request_encode(const struct request *r, const struct request_params *params, struct buf *out);

/*
 * Decodes the payload of a request of this nlmsg_type: sets proto, families and states.  Returns 0,
 * -EBADMSG if it is malformed, or -EPROTO if we never send this type, protocol or family.
 */
int request_decode(struct request *r, uint16_t type, const void *payload, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One inet_diag message of the kernel, or of a recording, to one socket in the table. */
#ifndef PORTSTAT_SOURCE_DIAG_H
#define PORTSTAT_SOURCE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "model/sock.h"

struct sock_table;

/* An SCTP endpoint that is connected: its associations come right behind it. */
struct diag_endpoint {
	uint64_t cookie;
	uint8_t family; /* enum addr_family */
	struct addr local; /* all zero: none */
};

/* What a dump is of, which its messages do not say, and what of it is wanted. */
struct diag_wanted {
	enum sock_proto proto;
	unsigned int families; /* FAMILY_BIT()s */
	unsigned int states; /* STATE_BIT()s */
	unsigned int extras; /* SOCK_EXTRA_BIT()s */
	bool orphans_have_uid; /* kernel_orphans_have_uid() */
	struct diag_endpoint
		*endpoint; /* of SCTP: the last one, from call to call; NULL: not kept */
};

/*
 * Adds the socket of one message to the table, with its extras, unless it is not wanted or there
 * already.  payload is what follows the netlink header: struct inet_diag_msg (linux/inet_diag.h)
 * and attributes, in any alignment.  -EBADMSG where a length does not fit, -EPROTO where a family
 * or state has no name; then nothing is added.
 */
int diag_add(struct sock_table *table, const struct diag_wanted *wanted, const void *payload,
	     size_t len);

#endif

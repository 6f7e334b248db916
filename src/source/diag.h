/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes an inet_diag message, of the kernel or a recording, into a socket of the table. */
#ifndef PORTSTAT_SOURCE_DIAG_H
#define PORTSTAT_SOURCE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "model/sock.h"

struct sock_table;

/* An SCTP endpoint; in a dump its associations directly follow it. */
struct diag_endpoint {
	uint64_t cookie;
	uint8_t family; /* enum addr_family */
	struct addr local; /* all zero if it is not connected */
};

/* What was requested, which the messages do not repeat; other sockets are ignored. */
struct diag_wanted {
	enum sock_proto proto;
	uint16_t netns; /* the sockets': see struct sock */
	unsigned int families; /* FAMILY_BIT()s */
	unsigned int states; /* STATE_BIT()s */
	unsigned int extras; /* SOCK_EXTRA_BIT()s */
	bool orphans_have_uid; /* kernel_orphans_have_uid() */
	/* Where to keep SCTP's last endpoint from call to call; NULL: do not keep it. */
	struct diag_endpoint *endpoint;
};

/*
 * Adds the socket of one message to the table, with its extras, unless it is not wanted or the
 * table has it.  payload is what follows the netlink header: struct inet_diag_msg
 * (linux/inet_diag.h) and attributes, in any alignment.  Returns 0; on error nothing is added:
 * -EBADMSG if a length is wrong, -EPROTO if the family or state is unknown.
 */
int diag_add(struct sock_table *table, const struct diag_wanted *wanted, const void *payload,
	     size_t len);

#endif

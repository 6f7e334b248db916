/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of one dump, from wherever they come, into the table, up to the dump's end. */
#ifndef PORTSTAT_SOURCE_DUMP_H
#define PORTSTAT_SOURCE_DUMP_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>

#include "source/diag.h"

struct sock_table;

/* A netlink message among others in a buffer of bytes from outside. */
struct dump_message {
	struct nlmsghdr head;
	const uint8_t *start; /* borrowed: the header's first byte */
	const uint8_t *payload; /* borrowed */
	size_t len; /* of the payload */
	size_t step; /* from start to the next message */
};

/* Reads the message at data.  0; -ENODATA where nothing is left, -EBADMSG where it does not fit. */
int dump_next(const uint8_t *data, size_t left, struct dump_message *out);

struct dump {
	struct diag_wanted wanted;
	struct sock_table *table;
	struct diag_endpoint endpoint; /* dump_take() has it in wanted */
	bool is_done; /* NLMSG_DONE or an error has come */
	bool is_interrupted; /* the kernel says that the table changed meanwhile (NLM_F_DUMP_INTR)
			      */
	int error; /* 0, or why the dump is not whole: -errno; the first one stays */
	size_t n_socks; /* messages about sockets, wanted or not */
	size_t n_added; /* of those the ones that were not in the table before */
};

/*
 * Takes one message: a socket into the table, an error or the end into the dump.  A damaged message
 * is an error of the dump, and what follows is taken all the same.
 */
void dump_take(struct dump *d, const struct dump_message *msg);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the messages of one dump, of the kernel or a recording, into the table. */
#ifndef PORTSTAT_SOURCE_DUMP_H
#define PORTSTAT_SOURCE_DUMP_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>

#include "source/diag.h"

struct sock_table;

/* A netlink message in a buffer of untrusted bytes. */
struct dump_message {
	struct nlmsghdr head;
	const uint8_t *start; /* borrowed: the header's first byte */
	const uint8_t *payload; /* borrowed */
	size_t len; /* of the payload */
	size_t step; /* from start to the next message, in bytes */
};

/*
 * Finds the first message in the left bytes at data.  Returns 0, -ENODATA if none are left, or
 * -EBADMSG if the message is longer than that.
 */
int dump_next(const uint8_t *data, size_t left, struct dump_message *out);

/* Set wanted and table; the rest is the result. */
struct dump {
	struct diag_wanted wanted;
	struct sock_table *table;
	struct diag_endpoint endpoint; /* dump_take() lets wanted point to it */
	bool is_done; /* NLMSG_DONE or an error has come */
	bool is_interrupted; /* NLM_F_DUMP_INTR: the kernel's table changed meanwhile */
	int error; /* 0, or the first reason why the dump is incomplete: -errno */
	size_t n_socks; /* messages about sockets, wanted or not */
	size_t n_added; /* those of them that were new to the table */
};

/*
 * Processes one message: adds its socket to the table, or notes the error or the end of the dump.
 * A damaged message sets d->error; messages after it may still be passed.
 */
void dump_take(struct dump *d, const struct dump_message *msg);

#endif

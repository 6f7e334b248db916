/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sockets of one moment, each once, in one array. */
#ifndef PORTSTAT_MODEL_SOCK_TABLE_H
#define PORTSTAT_MODEL_SOCK_TABLE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/map.h"
#include "model/sock.h"

/* Attributes of varying length that some sockets carry, as the kernel sent them. */
enum sock_extra {
	SOCK_EXTRA_TCP_INFO, /* struct tcp_info, as long as this kernel's is */
	SOCK_EXTRA_CONGESTION, /* name, without the NUL */
	SOCK_EXTRA_MEMORY, /* skmeminfo: array of u32 */
	SOCK_EXTRA_MPTCP, /* struct mptcp_info, as long as this kernel's is */
};
#define SOCK_EXTRA_COUNT 4
#define SOCK_EXTRA_BIT(kind) (1U << (kind))

/* Zero-initialised is empty and ready. */
struct sock_table {
	struct sock *socks;
	size_t n;
	size_t cap;
	struct map seen; /* the identities of all of socks */
	struct buf extra;
};

void sock_table_fini(struct sock_table *t);

/* Empties the table and keeps its memory for the next dump. */
void sock_table_clear(struct sock_table *t);

/* Makes room for n sockets in all. */
void sock_table_reserve(struct sock_table *t, size_t n);

/*
 * Adds a copy unless the socket is there: the same cookie, or without one the same protocol,
 * endpoints, state and inode.  Returns the added one for filling in, NULL for a duplicate.
 * Valid until the next addition.
 */
struct sock *sock_table_add(struct sock_table *t, const struct sock *sk);

/* Attaches len bytes of a kind to the socket that was added last. */
void sock_table_attach(struct sock_table *t, enum sock_extra kind, const void *data, size_t len);

/*
 * Borrowed until the table changes; NULL where the socket has none of this kind.  The data is
 * aligned to 4 bytes; it may be shorter or longer than today's struct.
 */
const void *sock_table_extra(const struct sock_table *t, const struct sock *sk,
			     enum sock_extra kind, size_t *len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sockets of one listing, without duplicates, in one array. */
#ifndef PORTSTAT_MODEL_SOCK_TABLE_H
#define PORTSTAT_MODEL_SOCK_TABLE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/map.h"
#include "model/sock.h"

/* Attributes that only some sockets have, stored as the kernel sent them (model/sock_info.h). */
enum sock_extra {
	SOCK_EXTRA_TCP_INFO, /* struct tcp_info, of this kernel's length */
	SOCK_EXTRA_CONGESTION, /* its name, not NUL-terminated */
	SOCK_EXTRA_MEMORY, /* INET_DIAG_SKMEMINFO: struct sock_meminfo */
	SOCK_EXTRA_MPTCP, /* struct mptcp_info, of this kernel's length */
	/*
	 * Not sent by the kernel: struct sock_traffic, where no more of the first is needed; and the
	 * wish for the memory of those sockets alone that drop packets, of UDP.
	 */
	SOCK_EXTRA_TRAFFIC,
	SOCK_EXTRA_DROPS,
};
#define SOCK_EXTRA_COUNT 4 /* that the kernel sends */
#define SOCK_EXTRA_BIT(kind) (1U << (kind))

/* Ready when zero-initialised. */
struct sock_table {
	struct sock *socks;
	size_t n;
	size_t cap;
	struct map seen; /* the identities of all socks */
	struct buf extra; /* all attributes; see sock_table_extra() */
	size_t extra_before; /* bytes of those that were forgotten: the next ones take as many */
};

/* Frees the sockets and leaves an empty table. */
void sock_table_fini(struct sock_table *t);

/* Empties the table and keeps its memory for the next dump. */
void sock_table_clear(struct sock_table *t);

/* Frees all attributes: no socket has any then. */
void sock_table_forget_extras(struct sock_table *t);

/* Makes room for n sockets in all. */
void sock_table_reserve(struct sock_table *t, size_t n);

/*
 * Adds a copy of a socket, unless the table has it: one with the same cookie, or if that is unknown
 * with the same protocol, family, endpoints, state, inode and namespace.  Returns the copy, which
 * may be changed and is valid until the next addition, or NULL for a duplicate.
 */
struct sock *sock_table_add(struct sock_table *t, const struct sock *sk);

/* The same without looking for duplicates, for sockets that were listed before. */
struct sock *sock_table_append(struct sock_table *t, const struct sock *sk);

/*
 * Adds all attributes of another table.  Sets *shift to what must be added to the extra of each of its
 * sockets that has one.  False if there is no room for them.
 */
bool sock_table_join_extras(struct sock_table *t, const struct sock_table *from, uint32_t *shift);

/* Attaches an attribute of len bytes, which are copied, to the socket that was added last. */
void sock_table_attach(struct sock_table *t, enum sock_extra kind, const void *data, size_t len);

/*
 * The socket's attribute of a kind, and its length; NULL if it has none.  Aligned to 4 bytes, and
 * borrowed until the table changes.  May be shorter or longer than the struct we know.
 */
const void *sock_table_extra(const struct sock_table *t, const struct sock *sk,
			     enum sock_extra kind, size_t *len);

#endif

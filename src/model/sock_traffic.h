/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few of the kernel's measurements that rates are made of, and what tells trouble. */
#ifndef PORTSTAT_MODEL_SOCK_TRAFFIC_H
#define PORTSTAT_MODEL_SOCK_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sock;
struct sock_table;

struct sock_traffic {
	uint64_t received; /* bytes; UINT64_MAX: unknown */
	uint64_t sent; /* the same; before Linux 4.19 those that were acknowledged */
	uint32_t acked; /* bytes, the low 32 bits; this and the following are 0 if unknown */
	uint32_t segments; /* that were sent with data */
	uint32_t retransmitted; /* segments */
	uint32_t last_ack_ms; /* time since the last one */
};

/* Picks them out of struct tcp_info, of which the kernel sent len bytes. */
void sock_traffic_read(struct sock_traffic *out, const void *info, size_t len);

/* The traffic of a socket of the table, from either attribute that has it.  False if it has none. */
bool sock_traffic_of(struct sock_traffic *out, const struct sock_table *t, const struct sock *sk);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sockets are listeners: listening streams, and datagram and raw sockets without a peer. */
#ifndef PORTSTAT_QUERY_LISTENING_H
#define PORTSTAT_QUERY_LISTENING_H

#include <stdbool.h>
#include <stdint.h>

struct cond;
struct sock;

bool is_listening(const struct sock *sk);

/* Adds the same test to c as a condition and returns its index. */
uint32_t listening_cond(struct cond *c);

#endif

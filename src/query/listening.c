/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sockets are listeners: streams that listen, datagram and raw sockets without a peer. */
#include <config.h>

#include "query/listening.h"

#include "model/cond.h"
#include "model/sock.h"

#define STREAM_PROTOS (PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_SCTP) | PROTO_BIT(PROTO_MPTCP))
#define DATAGRAM_PROTOS (PROTO_ALL & ~STREAM_PROTOS)

/* The states in which sockets of these protocols wait for peers. */
static unsigned int serving_states(unsigned int protos)
{
	unsigned int states = 0;

	if (protos & STREAM_PROTOS)
		states |= STATE_BIT(SOCK_STATE_LISTEN);
	if (protos & DATAGRAM_PROTOS)
		states |= STATE_BIT(SOCK_STATE_BOUND);
	return states;
}

static uint32_t bits_leaf(struct cond *c, enum cond_kind kind, unsigned int bits)
{
	return cond_leaf(c, &(struct cond_node){ .kind = (uint8_t)kind, .bits = bits });
}

/* A stream that listens, or a datagram socket that is bound: a bound stream waits for nobody. */
uint32_t listening_cond(struct cond *c)
{
	uint32_t stream = cond_and(c, bits_leaf(c, COND_PROTO, STREAM_PROTOS),
				   bits_leaf(c, COND_STATE, serving_states(STREAM_PROTOS)));
	uint32_t datagram = cond_and(c, bits_leaf(c, COND_PROTO, DATAGRAM_PROTOS),
				     bits_leaf(c, COND_STATE, serving_states(DATAGRAM_PROTOS)));

	return cond_or(c, stream, datagram);
}

bool is_listening(const struct sock *sk)
{
	return serving_states(PROTO_BIT(sk->proto)) & STATE_BIT(sk->state);
}

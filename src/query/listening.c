/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sockets are listeners: listening streams, and datagram and raw sockets without a peer. */
#include <config.h>

#include "query/listening.h"

#include "model/cond.h"
#include "model/protos.h"
#include "model/sock.h"

/* The state of a listener. */
static enum sock_state serving_state(bool is_datagram)
{
	return is_datagram ? SOCK_STATE_BOUND : SOCK_STATE_LISTEN;
}

static uint32_t bits_leaf(struct cond *c, enum cond_kind kind, unsigned int bits)
{
	return cond_leaf(c, &(struct cond_node){ .kind = (uint8_t)kind, .bits = bits });
}

/* A listening stream, or a bound datagram socket; a stream that is only bound is not a listener. */
uint32_t listening_cond(struct cond *c)
{
	unsigned int datagrams = protos_where(proto_is_datagram);
	uint32_t stream = cond_and(c, bits_leaf(c, COND_PROTO, PROTO_ALL & ~datagrams),
				   bits_leaf(c, COND_STATE, STATE_BIT(serving_state(false))));
	uint32_t datagram = cond_and(c, bits_leaf(c, COND_PROTO, datagrams),
				     bits_leaf(c, COND_STATE, STATE_BIT(serving_state(true))));

	return cond_or(c, stream, datagram);
}

bool is_listening(const struct sock *sk)
{
	return sk->state == serving_state(proto_is_datagram((enum sock_proto)sk->proto));
}

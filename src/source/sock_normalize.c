/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Translates the kernel's state, uid, inode and timer of a socket, from whichever source. */
#include <config.h>

#include "source/sock_normalize.h"

#include <errno.h>

#include "base/addr.h"
#include "base/kernel.h"

/* TCP_NEW_SYN_RECV of include/net/tcp_states.h: a half-open connection inside the kernel. */
#define KERNEL_NEW_SYN_RECV 12

/* What minisockets lack: the kernel reports zeros. */
#define NOT_IN_MINISOCKETS ((unsigned int)(SOCK_HAS_UID | SOCK_HAS_INODE | SOCK_HAS_QUEUES))

/*
 * TCP_CLOSE means "not connected" for datagram and raw sockets, and "only bound" for the others,
 * because a closed one is not in any table but that of bound ports.
 */
static int state_from_kernel(const struct sock *sk, unsigned int kernel_state)
{
	if (kernel_state == KERNEL_NEW_SYN_RECV)
		return SOCK_STATE_SYN_RECV;
	if (kernel_state == SOCK_STATE_CLOSE &&
	    (proto_is_datagram((enum sock_proto)sk->proto) || (sk->local.port && !sk->remote.port)))
		return SOCK_STATE_BOUND;
	if (!kernel_state || kernel_state >= 32 || !(STATE_ALL & STATE_BIT(kernel_state)))
		return -EPROTO;
	return (int)kernel_state;
}

/* Is it half-open, or time-wait, which may also stand for fin-wait-2? */
static bool is_minisocket(const struct sock *sk)
{
	if (!proto_is_like_tcp((enum sock_proto)sk->proto))
		return false;
	if (sk->state == SOCK_STATE_SYN_RECV)
		return !sk->inode;
	return sk->state == SOCK_STATE_TIME_WAIT || sk->timer == SOCK_TIMER_TIMEWAIT;
}

/*
 * A connection that its process closed has no inode either, but after close(2) it is neither in
 * ESTABLISHED nor in CLOSE_WAIT.
 */
static bool is_not_accepted(const struct sock *sk)
{
	if (!proto_is_like_tcp((enum sock_proto)sk->proto))
		return false;
	if (sk->state == SOCK_STATE_SYN_RECV)
		return true;
	return !sk->inode &&
	       (sk->state == SOCK_STATE_ESTABLISHED || sk->state == SOCK_STATE_CLOSE_WAIT);
}

static bool has_peer(const struct sock *sk)
{
	return !sock_is_serving(sk) && (sk->remote.port || !addr_is_any(&sk->remote.addr));
}

int sock_normalize(struct sock *sk, unsigned int kernel_state, bool orphans_have_uid)
{
	int state = state_from_kernel(sk, kernel_state);
	unsigned int known = sk->known;

	if (state < 0)
		return state;
	sk->state = (uint8_t)state;
	if (sk->proto == PROTO_RAW) {
		sk->ip_protocol = sk->ip_protocol ? sk->ip_protocol : (uint8_t)sk->local.port;
		sk->local.port = 0;
		sk->remote.port = 0;
	}
	if (!sk->inode)
		known &= ~(unsigned int)SOCK_HAS_INODE;
	if (!sk->inode && !sk->uid && !orphans_have_uid)
		known &= ~(unsigned int)SOCK_HAS_UID;
	if (is_minisocket(sk))
		known &= ~NOT_IN_MINISOCKETS;
	if (is_not_accepted(sk))
		known |= SOCK_NOT_ACCEPTED;
	if (has_peer(sk))
		known |= SOCK_HAS_PEER;
	sk->known = (uint16_t)known;
	return 0;
}

bool release_orphans_have_uid(const char *release)
{
	return kernel_release_is(release, 6, 17);
}

bool kernel_orphans_have_uid(void)
{
	return kernel_is(6, 17);
}

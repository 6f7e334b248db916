/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One socket as the kernel tells of it: a plain value of about 100 bytes. */
#ifndef PORTSTAT_MODEL_SOCK_H
#define PORTSTAT_MODEL_SOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/protos.h"

#define FAMILY_BIT(family) (1U << (family))
#define FAMILY_ALL (FAMILY_BIT(ADDR_INET) | FAMILY_BIT(ADDR_INET6))

/* The kernel's numbers (include/net/tcp_states.h); BOUND is ours for "has a port and no more". */
enum sock_state {
	SOCK_STATE_ESTABLISHED = 1,
	SOCK_STATE_SYN_SENT,
	SOCK_STATE_SYN_RECV,
	SOCK_STATE_FIN_WAIT_1,
	SOCK_STATE_FIN_WAIT_2,
	SOCK_STATE_TIME_WAIT,
	SOCK_STATE_CLOSE,
	SOCK_STATE_CLOSE_WAIT,
	SOCK_STATE_LAST_ACK,
	SOCK_STATE_LISTEN,
	SOCK_STATE_CLOSING,
	SOCK_STATE_BOUND = 13,
};
#define SOCK_STATE_COUNT 14
#define STATE_BIT(state) (1U << (state))
/* Every state of the enumeration. */
#define STATE_ALL 0x2ffeU

/* idiag_timer of inet_diag (tcp_diag.c, inet_diag.c); a newer kernel may send others. */
enum sock_timer {
	SOCK_TIMER_NONE,
	SOCK_TIMER_ON,
	SOCK_TIMER_KEEPALIVE,
	SOCK_TIMER_TIMEWAIT,
	SOCK_TIMER_PERSIST,
};

struct endpoint {
	struct addr addr;
	uint16_t port; /* host order */
};

/* What is known of a socket: a field whose bit is clear is unknown, whatever it holds. */
enum sock_known {
	SOCK_HAS_COOKIE = 1 << 0,
	SOCK_HAS_UID = 1 << 1,
	SOCK_HAS_INODE = 1 << 2, /* also clear where the kernel says 0: minisockets, not accepted */
	SOCK_HAS_QUEUES = 1 << 3, /* of a listener from procfs recv_q alone */
	SOCK_HAS_IFACE = 1 << 4, /* set: ifindex is what it is bound to, 0 for nothing */
	SOCK_HAS_V6ONLY = 1 << 5,
	SOCK_HAS_MARK = 1 << 6,
	SOCK_HAS_CGROUP = 1 << 7,
	SOCK_HAS_TIMER = 1 << 8, /* set with SOCK_TIMER_NONE: no timer runs */
	SOCK_HAS_PEER = 1 << 9, /* remote is a peer's address */
	SOCK_HAS_SHUTDOWN = 1 << 10,
	SOCK_FROM_PROCFS = 1 << 11, /* came from the fallback, which lacks fields */
	SOCK_NOT_ACCEPTED = 1 << 12, /* full socket in its listener's accept queue, or half-open */
};

struct sock {
	uint64_t cookie;
	uint64_t cgroup; /* id: the inode of the cgroup v2 directory */
	struct endpoint local;
	struct endpoint remote;
	uint16_t known; /* enum sock_known */
	uint16_t netns; /* index of the source's namespace; 0 is the one portstat runs in */
	uint8_t proto; /* enum sock_proto */
	uint8_t family; /* enum addr_family */
	uint8_t state; /* enum sock_state */
	uint8_t timer; /* enum sock_timer, or a number newer than it */
	uint8_t retransmits;
	uint8_t ip_protocol; /* raw sockets; their ports are 0 */
	uint8_t v6only;
	uint8_t shutdown; /* bit 0 receive, bit 1 send */
	uint32_t inode; /* idiag_inode: 32 bits, wraps */
	uint32_t uid;
	uint32_t recv_q;
	uint32_t send_q;
	uint32_t ifindex;
	uint32_t mark;
	uint32_t timer_ms;
	uint32_t extra; /* sock_table_extra(): attributes of varying length, 0 for none */
};

static inline bool sock_has(const struct sock *sk, enum sock_known what)
{
	return sk->known & what;
}

/* Waits for peers: listening TCP (SCTP, MPTCP), or datagram and raw sockets without a peer. */
static inline bool sock_is_serving(const struct sock *sk)
{
	return sk->state == SOCK_STATE_LISTEN || sk->state == SOCK_STATE_BOUND;
}

/*
 * An IPv6 wildcard that is known to serve IPv4, too.  IPv6 raw sockets never do, though they have
 * the option (net/ipv6/raw.c).
 */
static inline bool sock_is_dual_stack(const struct sock *sk)
{
	return sk->family == ADDR_INET6 && sk->proto != PROTO_RAW &&
	       sock_has(sk, SOCK_HAS_V6ONLY) && !sk->v6only && addr_is_any(&sk->local.addr);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One socket as the kernel reports it: a plain value of about 100 bytes.  In the state forward it is
 * not a socket, but what a rule of the firewall sends on: only protocol, family, state and both ends
 * are set, and mean all from local to remote, inclusive, as a rule can match a range of ports or
 * addresses.
 */
#ifndef PORTSTAT_MODEL_SOCK_H
#define PORTSTAT_MODEL_SOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"
#include "model/protos.h"

#define FAMILY_BIT(family) (1U << (family))
#define FAMILY_ALL (FAMILY_BIT(ADDR_INET) | FAMILY_BIT(ADDR_INET6))

/*
 * The kernel's numbers (include/net/tcp_states.h).  BOUND (TCP_BOUND_INACTIVE) is here also the
 * state of datagram and raw sockets without a peer.
 */
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
	SOCK_STATE_FORWARD, /* no socket: a rule sends the port on */
};
#define SOCK_STATE_COUNT 15
#define STATE_BIT(state) (1U << (state))
/* All states that a socket can have: what sources are asked for. */
#define STATE_ALL 0x2ffeU
/* All states that a row can have. */
#define STATE_ANY (STATE_ALL | STATE_BIT(SOCK_STATE_FORWARD))

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

/* Which fields are known: if the bit is clear, the field's value is meaningless. */
enum sock_known {
	SOCK_HAS_COOKIE = 1 << 0,
	SOCK_HAS_UID = 1 << 1,
	SOCK_HAS_INODE = 1 << 2, /* clear if the kernel reports 0: minisockets, not accepted */
	SOCK_HAS_QUEUES = 1 << 3, /* for a listener from /proc only recv_q */
	SOCK_HAS_IFACE = 1 << 4, /* ifindex is the device that it is bound to, 0 for none */
	SOCK_HAS_V6ONLY = 1 << 5,
	SOCK_HAS_MARK = 1 << 6,
	SOCK_HAS_CGROUP = 1 << 7,
	SOCK_HAS_TIMER = 1 << 8, /* set with SOCK_TIMER_NONE: no timer is running */
	SOCK_HAS_PEER = 1 << 9, /* remote is the address of a peer */
	SOCK_HAS_SHUTDOWN = 1 << 10,
	SOCK_FROM_PROCFS = 1 << 11, /* read from /proc/net, which lacks fields */
	SOCK_NOT_ACCEPTED = 1 << 12, /* in its listener's accept queue, or half-open */
};

struct sock {
	uint64_t cookie;
	uint64_t cgroup; /* id: the inode number of the cgroup v2 directory */
	struct endpoint local;
	struct endpoint remote;
	uint16_t known; /* enum sock_known */
	uint16_t netns; /* index of the source's namespace; 0 is the one portstat runs in */
	uint8_t proto; /* enum sock_proto */
	uint8_t family; /* enum addr_family */
	uint8_t state; /* enum sock_state */
	uint8_t timer; /* enum sock_timer, or a number that a newer kernel sent */
	uint8_t retransmits;
	uint8_t ip_protocol; /* of raw sockets, whose ports are 0 */
	uint8_t v6only;
	uint8_t shutdown; /* bit 0: receive, bit 1: send */
	uint32_t inode; /* idiag_inode: 32 bits, wraps */
	uint32_t uid;
	uint32_t recv_q; /* bytes; of a TCP listener connections, as its send_q (the backlog) */
	uint32_t send_q;
	uint32_t ifindex;
	uint32_t mark;
	uint32_t timer_ms; /* until the timer expires */
	uint32_t extra; /* where sock_table_extra() finds the extras, 0 for none */
};

/* Is the field known? */
static inline bool sock_has(const struct sock *sk, enum sock_known what)
{
	return sk->known & what;
}

/* Is it a listener, a datagram or raw socket without a peer, or a TCP socket that is only bound? */
static inline bool sock_is_serving(const struct sock *sk)
{
	return sk->state == SOCK_STATE_LISTEN || sk->state == SOCK_STATE_BOUND;
}

static inline bool sock_is_forward(const struct sock *sk)
{
	return sk->state == SOCK_STATE_FORWARD;
}

/* Does it stand for one local port, and for one local address or all of them? */
static inline bool sock_has_one_port(const struct sock *sk)
{
	return !sock_is_forward(sk) || sk->local.port == sk->remote.port;
}

static inline bool sock_has_one_addr(const struct sock *sk)
{
	return !sock_is_forward(sk) ||
	       !memcmp(&sk->local.addr, &sk->remote.addr, sizeof(struct addr));
}

/*
 * Is it bound to the IPv6 wildcard, and known to serve IPv4, too?  IPv6 raw sockets never do,
 * though they have the option IPV6_V6ONLY (net/ipv6/raw.c).
 */
static inline bool sock_is_dual_stack(const struct sock *sk)
{
	return sk->family == ADDR_INET6 && sk->proto != PROTO_RAW &&
	       sock_has(sk, SOCK_HAS_V6ONLY) && !sk->v6only && addr_is_any(&sk->local.addr);
}

#endif

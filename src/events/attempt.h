/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet to a port where nobody listens, as the BPF program writes it to the ring buffer. */
#ifndef PORTSTAT_EVENTS_ATTEMPT_H
#define PORTSTAT_EVENTS_ATTEMPT_H

#include <linux/types.h>

/* The size of the ring buffer in bytes. */
#define ATTEMPTS_RING_SIZE (1 << 20)

/* What became of the packet. */
enum attempt_fate {
	ATTEMPT_REFUSED, /* no socket: answered with a reset, or for UDP with an ICMP message */
	ATTEMPT_DROPPED, /* a rule of netfilter dropped it */
};

struct attempt {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u32 netns; /* inode of the network namespace */
	__u8 from[16]; /* as struct addr */
	__u8 to[16];
	__u16 port; /* the destination's, host order */
	__u8 family; /* enum addr_family */
	__u8 protocol; /* IPPROTO_TCP: opens a connection; IPPROTO_UDP */
	__u8 fate; /* enum attempt_fate */
	__u8 unused[7];
};

#endif

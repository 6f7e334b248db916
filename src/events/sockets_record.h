/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sockets.bpf.c writes into its ring buffer: one record for each thing that happened. */
#ifndef PORTSTAT_EVENTS_SOCKETS_RECORD_H
#define PORTSTAT_EVENTS_SOCKETS_RECORD_H

#include <linux/types.h>

/* 4 MiB.  A reader that sleeps is woken where a quarter is used. */
#define SOCKETS_RING (4U << 20)
#define SOCKETS_RING_WAKE (SOCKETS_RING / 4)

/* So many bound sockets, and connected ones of UDP, that were there before are followed. */
#define SOCKETS_BEFORE_MAX 65536

/* So many datagram sockets are counted. */
#define SOCKETS_COUNTED_MAX 65536

/* What a datagram socket carried since it was first seen to carry anything: payload only. */
struct sockets_count {
	__u64 sent;
	__u64 received;
	__u64 packets_sent;
	__u64 packets_received;
};

enum sockets_record_kind {
	RECORD_LISTENING,
	RECORD_BOUND,
	RECORD_UNLISTENED,
	RECORD_UNBOUND,
	RECORD_CONNECTED,
	RECORD_ACCEPTED,
	RECORD_CLOSED,
	RECORD_FAILED,
	/* No event: the process that uses an accepted connection is now known. */
	RECORD_USED,
};

/* Who did it; via is an enum event_via. */
struct sockets_owner {
	__u64 start_ns; /* of the process: nanoseconds after boot, the clock of CLOCK_BOOTTIME */
	__s32 pid; /* in the reader's pid namespace, 0 outside it */
	__u32 uid;
	__u32 via;
	char name[16];
};

#define RECORD_HAS_CGROUP (1U << 0)
#define RECORD_IS_V6ONLY (1U << 1)
/* Mark, interface and IPV6_V6ONLY are told. */
#define RECORD_HAS_OPTIONS (1U << 3)
/* The storage of the socket was there from its beginning: duration and bytes are all of it. */
#define RECORD_IS_WHOLE (1U << 2)

struct sockets_record {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 cookie;
	__u64 cgroup;
	__u64 duration_ns;
	__u64 sent;
	__u64 received;
	struct sockets_owner owner;
	__u32 netns; /* inode */
	__u32 inode; /* of the socket; 0: it has none */
	__u32 uid; /* of the socket */
	__u32 mark;
	__u32 ifindex;
	__u32 error; /* positive errno */
	__u32 packets_sent;
	__u32 packets_received;
	__u16 local_port; /* host order */
	__u16 remote_port;
	__u8 kind; /* enum sockets_record_kind */
	__u8 flags;
	__u8 protocol; /* IPPROTO_ */
	__u8 is_ipv6;
	__u8 local[16];
	__u8 remote[16];
};

#endif

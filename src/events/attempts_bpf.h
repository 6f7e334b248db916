/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attempts at closed ports, as the kernel meets them: BPF counts them by source, port and way of
 * refusal, and is read and emptied a few times a second.  What they mean (refused, scan, knock) is
 * decided in attempts.c.
 */
#ifndef PORTSTAT_EVENTS_ATTEMPTS_BPF_H
#define PORTSTAT_EVENTS_ATTEMPTS_BPF_H

#include <stdint.h>

#include "model/sock.h"

enum attempt_how {
	ATTEMPT_RESET, /* TCP: answered with RST, since no socket is there */
	ATTEMPT_UNREACHABLE, /* UDP: no socket is there */
	ATTEMPT_DROPPED, /* by the firewall: a SYN, or UDP */
};

/* What one source sent to one port since the last reading. */
struct attempt {
	uint64_t netns; /* inode */
	uint64_t first_ms; /* Unix time */
	uint64_t last_ms;
	uint64_t first_ns; /* orders the attempts of one source: a clock without steps */
	uint64_t count;
	struct addr source;
	struct addr local; /* of the first */
	uint16_t port;
	uint8_t family; /* enum addr_family */
	uint8_t proto; /* enum sock_proto */
	uint8_t how; /* enum attempt_how */
	uint8_t tcp_flags; /* all that came: bit 1 SYN, bit 2 RST, bit 4 ACK, as in the header */
};

struct attempts_bpf;

/*
 * Loads and attaches the programs: for_udp also counts UDP and what the firewall drops, which costs
 * each dropped packet of the host.  Freed, and detached, by attempts_bpf_free().  Returns 0; -EPERM
 * without the privilege, -EOPNOTSUPP where the kernel or the build does not have it.
 */
int attempts_bpf_open(struct attempts_bpf **out, bool for_udp);
void attempts_bpf_free(struct attempts_bpf *a);

/*
 * Passes on what was counted since the last call, in no order.  Returns how many attempts found no
 * room (many sources at once): they are in no record.
 */
uint64_t attempts_bpf_read(struct attempts_bpf *a,
			   void (*add)(void *data, const struct attempt *attempt), void *data);

#endif

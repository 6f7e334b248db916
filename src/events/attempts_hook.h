/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets to closed ports, from a BPF program on the tracepoint kfree_skb (with reasons: 5.17). */
#ifndef PORTSTAT_EVENTS_ATTEMPTS_HOOK_H
#define PORTSTAT_EVENTS_ATTEMPTS_HOOK_H

#include <stdbool.h>
#include <stdint.h>

struct attempt;
struct attempts_hook;

/*
 * Loads the program and attaches it.  only_netns: the inode of the one network namespace to report,
 * 0 for all of them.  Returns 0; -EPERM without the privilege, -EOPNOTSUPP if this kernel or this
 * build does not have it.
 */
int attempts_hook_open(struct attempts_hook **out, uint32_t only_netns, bool reads_udp);

/* Detaches and unloads it; h may be NULL. */
void attempts_hook_free(struct attempts_hook *h);

/* Readable when the ring is filling: before that, look now and then. */
int attempts_hook_fd(const struct attempts_hook *h);

/* The next packet; NULL if there is none.  Valid until the next call. */
const struct attempt *attempts_hook_next(struct attempts_hook *h);

/* How many packets found no room in the ring since the last call. */
uint64_t attempts_hook_lost(struct attempts_hook *h);

#endif

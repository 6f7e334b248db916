/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the nftables rules of a network namespace. */
#ifndef PORTSTAT_RESOLVE_RULESET_READ_H
#define PORTSTAT_RESOLVE_RULESET_READ_H

#include <stddef.h>
#include <stdint.h>

struct ruleset;

/*
 * Asks the kernel over NETLINK_NETFILTER for tables, chains, sets, elements and rules into an empty
 * rule set. Rules that change meanwhile are read again, three times at most; is_cut is set where
 * they still did. No module is loaded for it (nf_loaded.h): where nf_tables is not loaded, there
 * are no rules.
 *
 * proc_root is a descriptor of /proc, of this namespace.  No socket is left open.
 *
 * 0; -EPERM without CAP_NET_ADMIN; -ETIMEDOUT where the kernel does not answer; another -errno.
 */
int ruleset_read(struct ruleset *rs, int proc_root);

/* For ruleset_read_in(): a socket of the caller's own network namespace. */
int netlink_open_here(void *data, int protocol);

/*
 * The same of the network namespace to which the sockets belong that open(data, NETLINK_...) makes:
 * it returns a descriptor or -errno.  To be called only where nf_tables_is_loaded().
 */
int ruleset_read_in(struct ruleset *rs, int (*open)(void *data, int protocol), void *data);

/*
 * The number of the generation of these rules, which every change of them raises; elements that come
 * and go by packets and by time do not.  The arguments and errors are those of ruleset_read_in().
 */
int ruleset_generation(int (*open)(void *data, int protocol), void *data, uint32_t *generation);

/*
 * Takes up one datagram of a dump.  *seen is 0 at the start of the reading, and then identifies the
 * generation of the rules.  1 where the dump goes on, 0 at its end, -EAGAIN where the rules
 * changed, or what else the kernel says, as -errno.
 */
int ruleset_take(struct ruleset *rs, const void *data, size_t len, unsigned int *seen);

#endif

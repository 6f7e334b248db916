/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sees packets that come in, besides the rules of nf_tables. */
#ifndef PORTSTAT_RESOLVE_PACKET_HOOKS_H
#define PORTSTAT_RESOLVE_PACKET_HOOKS_H

struct buf;

/*
 * Adds the names of those that a network namespace has, separated by commas: "iptables-legacy (filter
 * nat), IPVS, XDP, tc".  No module is loaded for it.  A part that cannot be read counts as there.
 *
 * folder is a descriptor of /proc, for the caller's own namespace, or of /proc/PID for that of a
 * process; -1: nothing is known of it.  route is a socket of the protocol NETLINK_ROUTE that belongs
 * to the namespace, or -errno.  Programs of tcx, netkit, of control groups and of sockets are not
 * looked for.
 */
void packet_hooks_find(int folder, int route, struct buf *out);

#endif

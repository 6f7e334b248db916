/* SPDX-License-Identifier: GPL-2.0-or-later */
/* BPF programs that choose the socket of a connection, whatever its port. */
#ifndef PORTSTAT_RESOLVE_SK_LOOKUP_H
#define PORTSTAT_RESOLVE_SK_LOOKUP_H

/*
 * How many programs of the kind sk_lookup (Linux 5.9) are attached to the network namespace, by a
 * descriptor of /proc/PID/ns/net; or -errno: -EPERM without CAP_NET_ADMIN.
 */
int sk_lookup_count(int netns);

#endif

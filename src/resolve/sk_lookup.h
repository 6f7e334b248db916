/* SPDX-License-Identifier: GPL-2.0-or-later */
/* BPF programs that choose the socket of a connection, whatever its port (sk_lookup). */
#ifndef PORTSTAT_RESOLVE_SK_LOOKUP_H
#define PORTSTAT_RESOLVE_SK_LOOKUP_H

/*
 * How many are attached to the network namespace of the descriptor (/proc/PID/ns/net).  -EPERM
 * without CAP_NET_ADMIN and CAP_BPF (or CAP_SYS_ADMIN), -EINVAL or -ENOSYS where the kernel has no
 * such programs (before Linux 5.9).
 */
int sk_lookup_count(int netns);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control group whose BPF program may have refused a bind(2), as SocketBindDeny= of systemd does. */
#ifndef PORTSTAT_EXPLAIN_BIND_PROGRAM_H
#define PORTSTAT_EXPLAIN_BIND_PROGRAM_H

#include "base/addr.h"

struct buf;

/*
 * Adds the path of the nearest control group (version 2) that has such a program and this process, or,
 * where that may not be asked (BPF_PROG_QUERY, CAP_NET_ADMIN), of this process's own.  proc_root: a
 * descriptor of /proc.
 */
void bind_program_cgroup(int proc_root, enum addr_family family, struct buf *out);

#endif

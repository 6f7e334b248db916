/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many sockets there are, before any is listed. */
#ifndef PORTSTAT_SOURCE_SOCKSTAT_H
#define PORTSTAT_SOURCE_SOCKSTAT_H

#include <stddef.h>

/*
 * About how many TCP sockets the network namespace of this process has, time-wait ones included,
 * from /proc/self/net/sockstat and sockstat6 (proc_pid_net(5)); 0 where they cannot be read.
 */
size_t sockstat_connections(void);

#endif

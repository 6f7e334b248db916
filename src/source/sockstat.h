/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many sockets there are, and which protocols the kernel has, without a listing. */
#ifndef PORTSTAT_SOURCE_SOCKSTAT_H
#define PORTSTAT_SOURCE_SOCKSTAT_H

#include <stddef.h>

#include "model/sock.h"

/*
 * The approximate number of TCP sockets, including time-wait, in the network namespace of this
 * process: from /proc/self/net/sockstat and sockstat6 (proc_pid_net(5)).  0 if these cannot be
 * read.
 */
size_t sockstat_connections(void);

/*
 * The protocols (PROTO_BIT()s) that have sockets of these families (FAMILY_BIT()s), from a file
 * like /proc/net/protocols; dir and path as for openat(2).  0 if the file cannot be read.
 */
unsigned int sockstat_in_use(int dir, const char *path, unsigned int families);

/* The protocols in such a file: built in, or their module is loaded.  0 if it cannot be read. */
unsigned int sockstat_known(int dir, const char *path);

#endif

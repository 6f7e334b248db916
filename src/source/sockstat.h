/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many sockets there are, before any is listed. */
#ifndef PORTSTAT_SOURCE_SOCKSTAT_H
#define PORTSTAT_SOURCE_SOCKSTAT_H

#include <stddef.h>

#include "model/sock.h"

/*
 * About how many TCP sockets the network namespace of this process has, time-wait ones included,
 * from /proc/self/net/sockstat and sockstat6 (proc_pid_net(5)); 0 where they cannot be read.
 */
size_t sockstat_connections(void);

/*
 * The protocols, PROTO_BIT()s, of which sockets of these families, FAMILY_BIT()s, are in use, from a
 * file like /proc/net/protocols (path from the folder dir, as in openat(2)); none where it cannot be read.
 */
unsigned int sockstat_in_use(int dir, const char *path, unsigned int families);

/* The protocols that such a file has at all: a protocol that is a module only once that is loaded. */
unsigned int sockstat_known(int dir, const char *path);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network namespace that a process keeps open to go into it. */
#ifndef PORTSTAT_RESOLVE_HELD_NETNS_H
#define PORTSTAT_RESOLVE_HELD_NETNS_H

#include <stdint.h>

/*
 * The inode number of the one network namespace of which the process has a descriptor
 * (namespaces(7)); 0 if there is none, there are several, or this user may not look.  proc_root: a
 * descriptor of /proc.
 */
uint64_t held_netns(int proc_root, int32_t pid);

#endif

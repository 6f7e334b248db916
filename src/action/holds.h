/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a process still hold a socket? */
#ifndef PORTSTAT_ACTION_HOLDS_H
#define PORTSTAT_ACTION_HOLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a process was seen to hold a socket. */
struct held {
	uint32_t inode; /* the low 32 bits, which sock_diag reports */
	int32_t ring; /* the descriptor of the io_uring that has it as a fixed file; -1: none */
};

/*
 * Does the process still hold one of these n sockets, in its descriptor table or in that of one of
 * its threads?  Of a fixed file, only whether the ring is still there is known.  proc_root is a
 * directory descriptor of /proc.
 */
bool action_still_holds(int proc_root, int32_t pid, const struct held *list, size_t n);

#endif

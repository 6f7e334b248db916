/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Translates the kernel's state, uid, inode and timer of a socket, from whichever source. */
#ifndef PORTSTAT_SOURCE_SOCK_NORMALIZE_H
#define PORTSTAT_SOURCE_SOCK_NORMALIZE_H

#include <stdbool.h>

#include "model/sock.h"

/*
 * Completes a socket whose protocol, family, endpoints, timer, uid, inode and known are set from
 * the kernel's report: sets its state, SOCK_HAS_PEER and SOCK_NOT_ACCEPTED, clears the SOCK_HAS_
 * bits of fields that the kernel filled with zeros, and moves a raw socket's protocol from the port
 * to ip_protocol.  orphans_have_uid: see kernel_orphans_have_uid().  Returns 0, or -EPROTO if the
 * state is unknown.
 */
int sock_normalize(struct sock *sk, unsigned int kernel_state, bool orphans_have_uid);

/*
 * Does this kernel report the uid of a socket without an inode (not accepted yet, or closed by its
 * process)?  Since Linux 6.17; earlier kernels report 0.
 */
bool kernel_orphans_have_uid(void);

/* The same for a kernel of this release, as reported by uname(2). */
bool release_orphans_have_uid(const char *release);

#endif

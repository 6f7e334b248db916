/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel's numbers mean for a socket, however they came. */
#ifndef PORTSTAT_SOURCE_SOCK_NORMALIZE_H
#define PORTSTAT_SOURCE_SOCK_NORMALIZE_H

#include <stdbool.h>

#include "model/sock.h"

/*
 * Completes a socket whose protocol, family, endpoints, timer, uid and inode are as the kernel gave
 * them: sets its state and SOCK_HAS_PEER, and takes back from known what the kernel filled in with
 * zeros.  orphans_have_uid: see kernel_orphans_have_uid().  -EPROTO where the state has no name.
 */
int sock_interpret(struct sock *sk, unsigned int kernel_state, bool orphans_have_uid);

/*
 * Does this kernel know the uid of a socket without an inode (not accepted yet, or closed by its
 * owner)?  From Linux 6.17 on; before, it says 0.
 */
bool kernel_orphans_have_uid(void);

/* The same of a kernel of this release, as uname(2) has it. */
bool release_orphans_have_uid(const char *release);

#endif

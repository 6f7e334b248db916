/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closes a socket in the kernel, whichever process has it open. */
#ifndef PORTSTAT_ACTION_DESTROY_H
#define PORTSTAT_ACTION_DESTROY_H

#include "action/outcome.h"

struct sock;

/*
 * Closes the socket with SOCK_DESTROY (sock_diag(7), Linux 4.5; needs CAP_NET_ADMIN).  The kernel
 * compares the cookie, so another socket at the same address is never closed; a socket whose cookie
 * is unknown is OUTCOME_NOT_SUPPORTED.  diag: a NETLINK_SOCK_DIAG socket in the network namespace of
 * sk, closed before this returns; -1 to open one, in the caller's own namespace.  Sets *error, to an
 * errno value, only for OUTCOME_FAILED.
 */
enum action_outcome action_destroy(const struct sock *sk, int diag, int *error);

#endif

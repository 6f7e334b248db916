/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closes one socket in the kernel. */
#ifndef PORTSTAT_ACTION_DESTROY_H
#define PORTSTAT_ACTION_DESTROY_H

#include "action/outcome.h"

struct sock;

/*
 * Closes the socket (SOCK_DESTROY of sock_diag(7)): its cookie decides, so that another one at the
 * same address is left alone.  Without a cookie it is not tried (OUTCOME_NOT_SUPPORTED).  *error is
 * an errno value with OUTCOME_FAILED.
 */
enum action_outcome action_destroy(const struct sock *sk, int *error);

#endif

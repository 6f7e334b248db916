/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SCTP's own states, its ends of several addresses, and its files below /proc/net. */
#ifndef PORTSTAT_SOURCE_SCTP_H
#define PORTSTAT_SOURCE_SCTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sock.h"

/* The state of an association (enum sctp_state, net/sctp/constants.h); UINT32_MAX: has no name. */
unsigned int sctp_state(unsigned int association_state);

/*
 * How likely an association with this peer uses this local address; the highest wins.  Of
 * all that the socket may use it takes one of the peer's family and scope, and a near one
 * (sctp_v6_get_dst()).  Both are written in the socket's family.
 */
unsigned int sctp_fit(enum addr_family family, const struct addr *own, const struct addr *peer);

/*
 * Reads a line of len bytes, without its newline, that is not the heading of /proc/net/sctp/eps or
 * assocs.  0; -EBADMSG where it does not read as one, -EPROTO where its state has no name, -ENOMSG
 * for an endpoint that says nothing that its association does not.
 */
int sctp_parse_endpoint(struct sock *sk, const char *line, size_t len);
int sctp_parse_association(struct sock *sk, const char *line, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is special about SCTP: states, several addresses at each end, files below /proc/net. */
#ifndef PORTSTAT_SOURCE_SCTP_H
#define PORTSTAT_SOURCE_SCTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sock.h"

/*
 * The kernel's number of a socket state (TCP_ESTABLISHED ...) for that of an association (enum
 * sctp_state, net/sctp/constants.h); UINT32_MAX if unknown.
 */
unsigned int sctp_state(unsigned int association_state);

/*
 * A score of how likely an association with this peer uses this local address; the highest wins.
 * Among the socket's addresses the kernel prefers one of the peer's family and scope, and then the
 * longest common prefix (sctp_v6_get_dst()).  Both addresses are in the socket's family.
 */
unsigned int sctp_fit(enum addr_family family, const struct addr *own, const struct addr *peer);

/*
 * Each parses a line of len bytes, without its newline, of /proc/net/sctp/eps or assocs; not the
 * heading.  Returns 0, -EBADMSG if the line is malformed, -EPROTO if its state is unknown, or
 * -ENOMSG for a connected endpoint, to be skipped: its association has all that it has.
 */
int sctp_parse_endpoint(struct sock *sk, const char *line, size_t len);
int sctp_parse_association(struct sock *sk, const char *line, size_t len);

#endif

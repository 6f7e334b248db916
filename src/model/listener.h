/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which listener owns a connection: the one rule, used to find owners, to tell which end serves,
 * and to group connections in the live view.  It scores like the kernel for an incoming connection
 * (compute_score() in net/ipv4/inet_hashtables.c and net/ipv6/inet6_hashtables.c, since 5.1): an
 * exact address beats a wildcard, then a listener bound to the device an unbound one, then a
 * listener of the connection's family a dual-stack wildcard.
 */
#ifndef PORTSTAT_MODEL_LISTENER_H
#define PORTSTAT_MODEL_LISTENER_H

#include "model/sock.h"

/*
 * The score of a listener, or of a datagram or raw socket without a peer, for the local end of the
 * connection sk; 0 if it cannot own it.  The listener with the highest score owns it.  Listeners
 * with equal scores are a SO_REUSEPORT group; the kernel does not report which of them got a
 * connection.
 */
unsigned int listener_fit(const struct sock *listener, const struct sock *sk);

/* The same for the remote end of the connection, if that is on this host, too. */
unsigned int listener_fit_peer(const struct sock *listener, const struct sock *sk);

#endif

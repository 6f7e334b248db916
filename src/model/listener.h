/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which listener owns a connection: the one rule for owners, for the end that serves and for the
 * tree of the live view.  It scores as the kernel does when a connection comes in (compute_score() in
 * net/ipv4/inet_hashtables.c and net/ipv6/inet6_hashtables.c, since 5.1): an exact address counts
 * more than a wildcard, then a listener bound to the device more than an unbound one, then the
 * connection's own family more than the other one on a dual-stack wildcard.
 */
#ifndef PORTSTAT_MODEL_LISTENER_H
#define PORTSTAT_MODEL_LISTENER_H

#include "model/sock.h"

/*
 * How well a listener, or a datagram or raw socket without a peer, fits the local end of a
 * connection; 0: it does not own it.  The best one owns it.  Several with the same score are a
 * SO_REUSEPORT group: which of them took a connection the kernel does not tell.
 */
unsigned int listener_fit(const struct sock *listener, const struct sock *sk);

/* The same for the connection's other end, where that is on this host. */
unsigned int listener_fit_peer(const struct sock *listener, const struct sock *sk);

#endif

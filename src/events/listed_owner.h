/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The owner of a socket, from a scan, as that of an event. */
#ifndef PORTSTAT_EVENTS_LISTED_OWNER_H
#define PORTSTAT_EVENTS_LISTED_OWNER_H

struct event_owner;
struct owners;
struct sock;

/* Sets *owner if the last owners_scan(), which included the socket, has found one. */
void listed_owner(const struct owners *owners, const struct sock *sk, struct event_owner *owner);

#endif

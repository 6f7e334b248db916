/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The owner of a socket, from a listing, as that of an event. */
#ifndef PORTSTAT_EVENTS_LISTED_OWNER_H
#define PORTSTAT_EVENTS_LISTED_OWNER_H

struct event_owner;
struct owners;
struct process;
struct sock;

/* Makes the process, as a listing saw it, the owner of an event. */
void listed_process(const struct process *process, struct event_owner *owner);

/* Sets *owner if the last owners_scan(), which included the socket, has found one. */
void listed_owner(const struct owners *owners, const struct sock *sk, struct event_owner *owner);

#endif

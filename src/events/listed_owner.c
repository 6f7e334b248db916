/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies a process, and the first owner of a socket. */
#include <config.h>

#include "events/listed_owner.h"

#include "events/event.h"
#include "resolve/owners.h"

void listed_process(const struct process *process, struct event_owner *owner)
{
	owner->via = EVENT_VIA_LISTING;
	owner->pid = process->pid;
	owner->uid = process->uid;
	owner->start_time = process->start_time;
	event_owner_set_name(owner, process->name, process->name_len);
}

void listed_owner(const struct owners *owners, const struct sock *sk, struct event_owner *owner)
{
	struct owner_span span = { 0 };

	if (sock_has(sk, SOCK_HAS_INODE))
		span = owners_of(owners, sk->inode, sk->cookie);
	if (span.n)
		listed_process(owners_process(owners, span.list[0].process), owner);
}

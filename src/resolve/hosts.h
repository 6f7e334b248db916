/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host names of addresses, looked up beside everything else by a few threads. */
#ifndef PORTSTAT_RESOLVE_HOSTS_H
#define PORTSTAT_RESOLVE_HOSTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct hosts;

/* What is known of an address's name. */
enum host_answer {
	HOST_NOT_ASKED,
	HOST_PENDING, /* asked for, the answer has not come */
	HOST_FAILED, /* nobody could answer: no server, no memory, too many addresses */
	HOST_NAMELESS, /* it has no name */
	HOST_NAMED,
};

/*
 * Looks one name up, for as long as it takes, into name (size bytes, ended by NUL).  Called by
 * several threads at once.  HOST_NAMED, HOST_NAMELESS or HOST_FAILED.
 */
typedef enum host_answer host_lookup(enum addr_family family, const struct addr *addr, char *name,
				     size_t size);

/* As getnameinfo(3) knows it: /etc/hosts, DNS, whatever nsswitch.conf(5) says. */
host_lookup host_lookup_system;

/* At most so many threads; they start when there is something to look up. */
struct hosts *hosts_new(unsigned int threads, host_lookup *lookup);

/* Never waits: a thread whose look-up hangs is left to itself. */
void hosts_free(struct hosts *h);

/*
 * Asks for an address unless that was done before: each answer is kept until hosts_free().  IPv4
 * and its v4-mapped form are one address; the wildcard is nameless.
 */
void hosts_ask(struct hosts *h, enum addr_family family, const struct addr *addr);

/*
 * Waits until every answer is there, at most for timeout_ms.  Returns how many of the addresses
 * that were asked for have none: pending or failed.
 */
size_t hosts_wait(struct hosts *h, unsigned int timeout_ms);

/* What is known now; *name is set with HOST_NAMED: bytes from outside, borrowed until hosts_free().
 */
enum host_answer hosts_name(struct hosts *h, enum addr_family family, const struct addr *addr,
			    const char **name);

/* Grows with every answer that comes: the same number says that nothing is new. */
uint64_t hosts_generation(struct hosts *h);

#endif

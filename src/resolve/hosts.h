/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves addresses to host names in the background, in a few threads. */
#ifndef PORTSTAT_RESOLVE_HOSTS_H
#define PORTSTAT_RESOLVE_HOSTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct hosts;

/* The state of an address's lookup. */
enum host_answer {
	HOST_NOT_ASKED,
	HOST_PENDING, /* requested; no answer yet */
	HOST_FAILED, /* the lookup failed: no server, no memory, too many addresses */
	HOST_NAMELESS, /* the address has no name */
	HOST_NAMED,
};

/*
 * Resolves one address and blocks as long as that takes.  Writes a NUL-terminated name to name
 * (size bytes).  Several threads call it at once.  Returns HOST_NAMED, HOST_NAMELESS or
 * HOST_FAILED.
 */
typedef enum host_answer host_lookup(enum addr_family family, const struct addr *addr, char *name,
				     size_t size);

/* threads: the maximum number of threads, which are started on demand.  Never NULL. */
struct hosts *hosts_new(unsigned int threads, host_lookup *lookup);

/* Does not wait: a thread whose lookup hangs frees what it needs when the lookup returns. */
void hosts_free(struct hosts *h);

/*
 * Requests the name of an address, once: each answer is kept until hosts_free().  An IPv4 address
 * and its v4-mapped form count as one address; the wildcard address has no name.
 */
void hosts_ask(struct hosts *h, enum addr_family family, const struct addr *addr);

/*
 * Waits until every answer has arrived, at most timeout_ms.  Returns how many of the requested
 * addresses are still pending or have failed.
 */
size_t hosts_wait(struct hosts *h, unsigned int timeout_ms);

/*
 * The current state of an address.  HOST_NAMED also sets *name: bytes from outside, borrowed until
 * hosts_free().
 */
enum host_answer hosts_name(struct hosts *h, enum addr_family family, const struct addr *addr,
			    const char **name);

/* Increases with every answer: if it has not changed, there is no new name. */
uint64_t hosts_generation(struct hosts *h);

#endif

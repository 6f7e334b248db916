/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds a port, and what bind(2) looks at besides. */
#ifndef PORTSTAT_EXPLAIN_FACTS_H
#define PORTSTAT_EXPLAIN_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explain/rules.h"
#include "explain/trial.h"
#include "model/protos.h"
#include "query/namespaces.h"
#include "query/snapshot.h"
#include "resolve/own_addrs.h"

struct resolver;
struct sources;

/* Where facts come from; all borrowed. */
struct why_scene {
	const struct sources *sources;
	const struct resolver *names;
	int proc_root;
	uint64_t time_ms; /* Unix time */
	uint64_t boot_ms; /* CLOCK_BOOTTIME, as of the start times of processes */
	uint64_t netns; /* inode of the caller's network namespace; 0: unknown */
	const char *host;
};

struct facts {
	struct snapshot snap; /* a row for each socket of the port, and for what is sent on */
	struct holder *holders; /* one for each row, in their order */
	bool has_all; /* every namespace was read to see where the port leads */
	struct namespaces all; /* what was read to see where the port leads; else none */
	struct own_addrs own;
	bool is_elsewhere; /* another namespace, whose settings are not known */
	uint16_t netns; /* its index in the sources' namespaces */
	uint16_t first_unprivileged;
	bool has_ipv6;
	bool is_ipv6_disabled;
	bool may_bind_any; /* net.ipv4.ip_nonlocal_bind, or that of IPv6 */
};

/*
 * Reads everything about one port.  Returns 0 or -errno if no socket could be listed; call
 * facts_fini() either way.
 */
int facts_take(struct facts *facts, const struct why_scene *scene, enum sock_proto proto,
	       uint16_t port);
void facts_fini(struct facts *facts);

/* Completes a case whose place is set, for this user (NULL: the caller). */
void facts_fill_case(const struct facts *facts, const struct trial_user *user, struct bind_case *c);

#endif

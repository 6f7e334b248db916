/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that resolves numbers to names, in one struct to pass around. */
#ifndef PORTSTAT_RESOLVE_RESOLVER_H
#define PORTSTAT_RESOLVE_RESOLVER_H

#include <stdbool.h>

#include "model/port_set.h"

struct candidates;
struct cgroups;
struct containers;
struct forward_rules;
struct hosts;
struct ifaces;
struct owners;
struct services;
struct users;

/* Each part is owned by its creator.  A part may be NULL: then none of its names is known. */
struct resolver {
	struct services *services;
	struct users *users;
	struct owners *owners;
	struct cgroups *cgroups;
	struct candidates *candidates;
	struct containers *containers;
	struct hosts *hosts;
	struct ifaces *ifaces;
	struct forward_rules *forwards;
	bool finds_addrs; /* filters may resolve host names */
	struct port_range ephemeral; /* ip_local_port_range (ip(7)) of this host */
};

#endif

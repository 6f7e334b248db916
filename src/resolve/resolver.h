/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that turns numbers into names, in one place to hand around. */
#ifndef PORTSTAT_RESOLVE_RESOLVER_H
#define PORTSTAT_RESOLVE_RESOLVER_H

#include <stdbool.h>

#include "model/port_set.h"

struct cgroups;
struct containers;
struct hosts;
struct ifaces;
struct owners;
struct services;
struct users;

/* Each part is owned by whoever made it; a part that is NULL knows nothing. */
struct resolver {
	struct services *services;
	struct users *users;
	struct owners *owners;
	struct cgroups *cgroups;
	struct containers *containers;
	struct hosts *hosts;
	struct ifaces *ifaces;
	bool finds_addrs; /* may a filter have host names looked up? */
	struct port_range ephemeral; /* ip_local_port_range of this host */
};

#endif

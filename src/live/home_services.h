/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Services that have their home on the loopback: databases, caches, debuggers. */
#ifndef PORTSTAT_LIVE_HOME_SERVICES_H
#define PORTSTAT_LIVE_HOME_SERVICES_H

#include <stdbool.h>

struct row;
struct snapshot;

/* Is the listener one of them, by its port or by the name of an owner? */
bool home_services_has(const struct snapshot *snap, const struct row *row);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of ports in which "ephemeral" stands for what each host has in its own ip_local_port_range. */
#ifndef PORTSTAT_QUERY_HOST_PORTS_H
#define PORTSTAT_QUERY_HOST_PORTS_H

#include <stdbool.h>

#include "model/port_list.h"

struct buf;

struct host_ports {
	struct port_list in; /* both without the ephemeral ports */
	struct port_list out;
	bool has_in; /* otherwise all ports are in but those that are out */
	bool in_ephemeral; /* the ephemeral ports are in, or out */
	bool out_ephemeral;
};

/* NULL is accepted. */
void host_ports_free(struct host_ports *ports);

/* A copy on the heap; NULL for NULL. */
struct host_ports *host_ports_copy(const struct host_ports *ports);

/*
 * As a host has them whose ephemeral ports these are: new lists, to be ended with port_list_fini().  A
 * port matches that is in *in and not in *out.
 */
void host_ports_at(const struct host_ports *ports, struct port_range ephemeral,
		   struct port_list *in, struct port_list *out);

/* Adds text of the filter language: "80,ephemeral,!443". */
void host_ports_print(const struct host_ports *ports, struct buf *out);

#endif

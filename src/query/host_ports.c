/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of ports in which "ephemeral" stands for what each host has in its own ip_local_port_range. */
#include <config.h>

#include "query/host_ports.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

void host_ports_free(struct host_ports *ports)
{
	if (!ports)
		return;
	port_list_fini(&ports->in);
	port_list_fini(&ports->out);
	free(ports);
}

struct host_ports *host_ports_copy(const struct host_ports *ports)
{
	struct host_ports *copy;

	if (!ports)
		return NULL;
	copy = mem_alloc(sizeof(*copy));
	*copy = *ports;
	copy->in = port_list_copy(&ports->in);
	copy->out = port_list_copy(&ports->out);
	return copy;
}

void host_ports_at(const struct host_ports *ports, struct port_range ephemeral,
		   struct port_list *in, struct port_list *out)
{
	*in = port_list_copy(&ports->in);
	*out = port_list_copy(&ports->out);
	if (!ports->has_in)
		port_list_add(in, (struct port_range){ 0, PORT_MAX });
	if (ports->in_ephemeral)
		port_list_add(in, ephemeral);
	if (ports->out_ephemeral)
		port_list_add(out, ephemeral);
}

void host_ports_print(const struct host_ports *ports, struct buf *out)
{
	size_t start = out->len;

	port_list_print(&ports->in, "", out);
	if (ports->in_ephemeral)
		buf_str(out, out->len > start ? ",ephemeral" : "ephemeral");
	if (ports->out.n && out->len > start)
		buf_char(out, ',');
	port_list_print(&ports->out, "!", out);
	if (ports->out_ephemeral)
		buf_str(out, out->len > start ? ",!ephemeral" : "!ephemeral");
}

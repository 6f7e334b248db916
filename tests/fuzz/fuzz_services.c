/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as a file of services: each name that it gives must lead back to its port. */
#include <config.h>

#include <string.h>

#include "fuzz.h"
#include "model/port_set.h"
#include "resolve/services.h"

/* All the low ports, and some of the others. */
#define LOW_PORTS 256U
#define PORTS 512U

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum sock_proto protos[] = { PROTO_TCP, PROTO_UDP, PROTO_SCTP, PROTO_RAW };
	struct services *iana = services_new(NULL), *services = services_new(NULL);

	services_read(services, (const char *)data, size);
	for (unsigned int i = 0; i < PORTS * 4; i++) {
		enum sock_proto proto = protos[i % 4];
		uint16_t port = (uint16_t)(i / 4 < LOW_PORTS ? i / 4 : i / 4 * 65535 / (PORTS - 1));
		const char *name = services_name(services, proto, port);
		const char *built_in = services_name(iana, proto, port);
		struct port_set ports = { 0 };

		/* Where the file has no name for the port, but gives the port's to another one. */
		if (!name || (built_in && !strcmp(name, built_in)))
			continue;
		CHECK(*name && !strpbrk(name, " \t\n\v\f\r#"));
		CHECK(services_ports(services, name, strlen(name), &ports));
		CHECK(port_set_has(&ports, port));
	}
	services_free(services);
	services_free(iana);
	return 0;
}

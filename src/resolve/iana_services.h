/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IANA registry of service names (RFC 6335), compiled in; the tables are made at build time. */
#ifndef PORTSTAT_RESOLVE_IANA_SERVICES_H
#define PORTSTAT_RESOLVE_IANA_SERVICES_H

#include <stddef.h>
#include <stdint.h>

/* The protocols of a service; MPTCP and UDP-Lite go by the names of TCP and UDP. */
enum service_proto {
	SERVICE_TCP = 1 << 0,
	SERVICE_UDP = 1 << 1,
	SERVICE_SCTP = 1 << 2,
};

/* A name has at most 15 characters (RFC 6335 section 5.1). */
struct iana_service {
	uint16_t port;
	uint8_t protos; /* enum service_proto bits */
	char name[16];
};

/* By port, lowest first; a port may have several rows, each protocol is in one of them. */
extern const struct iana_service iana_services[];
extern const size_t iana_services_n;

/* Indexes of the rows by name in lower case, compared as bytes. */
extern const uint16_t iana_services_by_name[];

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IANA registry of service names (RFC 6335), generated from iana-services.tsv at build time. */
#ifndef PORTSTAT_RESOLVE_IANA_SERVICES_H
#define PORTSTAT_RESOLVE_IANA_SERVICES_H

#include <stddef.h>
#include <stdint.h>

#include "model/protos.h"

/* A name has at most 15 characters (RFC 6335 section 5.1). */
struct iana_service {
	uint16_t port;
	uint16_t protos; /* PROTO_BIT()s */
	char name[16];
};
_Static_assert(PROTO_ALL <= UINT16_MAX, "a service's protocols are 16 bits");

/* Sorted by port.  A port may have several rows; each of its protocols is in one of them. */
extern const struct iana_service iana_services[];
extern const size_t iana_services_n;

/* Indexes of the rows, sorted by name in lower case, compared as bytes. */
extern const uint16_t iana_services_by_name[];

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IANA registry of service names (RFC 6335), generated from iana-services.tsv at build time. */
#ifndef PORTSTAT_RESOLVE_IANA_SERVICES_H
#define PORTSTAT_RESOLVE_IANA_SERVICES_H

#include <stddef.h>
#include <stdint.h>

#include "model/protos.h"

struct iana_service {
	uint16_t port;
	uint16_t protos; /* PROTO_BIT()s */
	uint16_t name; /* where it begins in iana_names */
};
_Static_assert(PROTO_ALL <= UINT16_MAX, "a service's protocols are 16 bits");

/* The names, each of them once, each ended by a NUL. */
extern const char iana_names[];

/* Sorted by port.  A port may have several rows; each of its protocols is in one of them. */
extern const struct iana_service iana_services[];
extern const size_t iana_services_n;

#endif

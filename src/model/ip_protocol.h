/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of IP protocols: what a raw socket receives. */
#ifndef PORTSTAT_MODEL_IP_PROTOCOL_H
#define PORTSTAT_MODEL_IP_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Static, never translated: the name in protocols(5), "raw" for 255; NULL where there is none. */
const char *ip_protocol_name(uint8_t number);

/*
 * A protocol by its name, or by another one that is in use (icmpv6, ospfigp), in either case.  False
 * where there is none; numbers are not read.
 */
bool ip_protocol_parse(const char *s, size_t n, uint8_t *out);

#endif

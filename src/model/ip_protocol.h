/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of IP protocols: what a raw socket receives. */
#ifndef PORTSTAT_MODEL_IP_PROTOCOL_H
#define PORTSTAT_MODEL_IP_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The name in protocols(5), "raw" for 255, or NULL if it has none.  Static, never translated. */
const char *ip_protocol_name(uint8_t number);

/*
 * Looks up a protocol by its name or an alias (icmpv6, ospfigp); case is ignored.  False if there
 * is none.  Does not parse numbers.
 */
bool ip_protocol_parse(const char *s, size_t n, uint8_t *out);

#endif

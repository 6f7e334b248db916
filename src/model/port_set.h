/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of port numbers, one bit (8 KiB) each; and port ranges and classes. */
#ifndef PORTSTAT_MODEL_PORT_SET_H
#define PORTSTAT_MODEL_PORT_SET_H

#include <stdbool.h>
#include <stdint.h>

#define PORT_MAX 65535U

/* Both ends are included. */
struct port_range {
	uint16_t first;
	uint16_t last;
};

/* The empty set when zero-initialised. */
struct port_set {
	uint64_t bits[(PORT_MAX + 1) / 64];
};

/* The class of a port (RFC 6335 section 6). */
enum port_class {
	PORT_CLASS_WELL_KNOWN,
	PORT_CLASS_REGISTERED,
	PORT_CLASS_DYNAMIC,
};
#define PORT_CLASS_COUNT 3

/* The class of a port, and the ports of a class. */
enum port_class port_class_of(uint16_t port);
struct port_range port_class_range(enum port_class class);

/* By enum port_class: well-known, registered, dynamic; never translated.  Ends with NULL. */
extern const char *const port_class_words[];

static inline bool port_in_range(struct port_range range, uint16_t port)
{
	return port >= range.first && port <= range.last;
}

/* Union, difference and complement, in place.  A range must not be reversed. */
void port_set_add(struct port_set *set, struct port_range range);
void port_set_remove(struct port_set *set, struct port_range range);
void port_set_add_set(struct port_set *set, const struct port_set *other);
void port_set_remove_set(struct port_set *set, const struct port_set *other);
void port_set_invert(struct port_set *set);
bool port_set_is_empty(const struct port_set *set);

static inline bool port_set_has(const struct port_set *set, uint16_t port)
{
	return set->bits[port / 64] >> (port % 64) & 1;
}

/*
 * Sets *range to the first run of ports at or above from (0 to 65536).  False if there is none.
 * To visit all: for (from = 0; port_set_next(set, from, &range); from = range.last + 1U)
 */
bool port_set_next(const struct port_set *set, uint32_t from, struct port_range *range);

#endif

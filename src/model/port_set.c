/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of port numbers, one bit each. */
#include <config.h>

#include "model/port_set.h"

#define WORDS ((PORT_MAX + 1) / 64)

static const struct {
	const char *name;
	struct port_range range;
} classes[PORT_CLASS_COUNT] = {
	[PORT_CLASS_WELL_KNOWN] = { "well-known", { 0, 1023 } },
	[PORT_CLASS_REGISTERED] = { "registered", { 1024, 49151 } },
	[PORT_CLASS_DYNAMIC] = { "dynamic", { 49152, 65535 } },
};

enum port_class port_class_of(uint16_t port)
{
	unsigned int class = PORT_CLASS_WELL_KNOWN;

	while (port > classes[class].range.last)
		class ++;
	return (enum port_class)class;
}

struct port_range port_class_range(enum port_class class)
{
	return classes[class].range;
}

const char *port_class_name(enum port_class class)
{
	return classes[class].name;
}

void port_set_add(struct port_set *set, struct port_range range)
{
	for (uint32_t port = range.first; port <= range.last; port++)
		set->bits[port / 64] |= 1ULL << (port % 64);
}

void port_set_remove(struct port_set *set, struct port_range range)
{
	for (uint32_t port = range.first; port <= range.last; port++)
		set->bits[port / 64] &= ~(1ULL << (port % 64));
}

void port_set_add_set(struct port_set *set, const struct port_set *other)
{
	for (uint32_t i = 0; i < WORDS; i++)
		set->bits[i] |= other->bits[i];
}

void port_set_remove_set(struct port_set *set, const struct port_set *other)
{
	for (uint32_t i = 0; i < WORDS; i++)
		set->bits[i] &= ~other->bits[i];
}

void port_set_invert(struct port_set *set)
{
	for (uint32_t i = 0; i < WORDS; i++)
		set->bits[i] = ~set->bits[i];
}

bool port_set_is_empty(const struct port_set *set)
{
	struct port_range range;

	return !port_set_next(set, 0, &range);
}

bool port_set_next(const struct port_set *set, uint32_t from, struct port_range *range)
{
	uint32_t last;

	while (from <= PORT_MAX && !port_set_has(set, (uint16_t)from))
		from += set->bits[from / 64] >> (from % 64) ? 1 : 64 - from % 64;
	if (from > PORT_MAX)
		return false;
	for (last = from; last < PORT_MAX && port_set_has(set, (uint16_t)(last + 1)); last++)
		;
	*range = (struct port_range){ (uint16_t)from, (uint16_t)last };
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of port numbers, one bit each. */
#include <config.h>

#include "model/port_set.h"

#include <stddef.h>

#define WORDS ((PORT_MAX + 1) / 64)

const char *const port_class_words[] = {
	[PORT_CLASS_WELL_KNOWN] = "well-known",
	[PORT_CLASS_REGISTERED] = "registered",
	[PORT_CLASS_DYNAMIC] = "dynamic",
	[PORT_CLASS_COUNT] = NULL,
};

static const struct port_range class_ranges[PORT_CLASS_COUNT] = {
	[PORT_CLASS_WELL_KNOWN] = { 0, 1023 },
	[PORT_CLASS_REGISTERED] = { 1024, 49151 },
	[PORT_CLASS_DYNAMIC] = { 49152, 65535 },
};

enum port_class port_class_of(uint16_t port)
{
	unsigned int class = PORT_CLASS_WELL_KNOWN;

	while (port > class_ranges[class].last)
		class ++;
	return (enum port_class) class;
}

struct port_range port_class_range(enum port_class class)
{
	return class_ranges[class];
}

/* The bits of word number word that belong to the range. */
static uint64_t word_mask(uint32_t word, struct port_range range)
{
	uint64_t mask = UINT64_MAX;

	if (word == range.first / 64)
		mask &= UINT64_MAX << (range.first % 64);
	if (word == range.last / 64)
		mask &= UINT64_MAX >> (63 - range.last % 64);
	return mask;
}

void port_set_add(struct port_set *set, struct port_range range)
{
	for (uint32_t i = range.first / 64; i <= range.last / 64; i++)
		set->bits[i] |= word_mask(i, range);
}

void port_set_remove(struct port_set *set, struct port_range range)
{
	for (uint32_t i = range.first / 64; i <= range.last / 64; i++)
		set->bits[i] &= ~word_mask(i, range);
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

/* The first port >= from that is in the set (or is not, if !is_in); PORT_MAX + 1 if none. */
static uint32_t find(const struct port_set *set, uint32_t from, bool is_in)
{
	while (from <= PORT_MAX) {
		uint64_t word = is_in ? set->bits[from / 64] : ~set->bits[from / 64];

		word >>= from % 64;
		if (word)
			return from + (uint32_t)__builtin_ctzll(word);
		from += 64 - from % 64;
	}
	return PORT_MAX + 1;
}

bool port_set_is_empty(const struct port_set *set)
{
	return find(set, 0, true) > PORT_MAX;
}

bool port_set_next(const struct port_set *set, uint32_t from, struct port_range *range)
{
	uint32_t first = find(set, from, true);

	if (first > PORT_MAX)
		return false;
	*range = (struct port_range){ (uint16_t)first, (uint16_t)(find(set, first, false) - 1) };
	return true;
}

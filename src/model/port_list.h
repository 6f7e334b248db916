/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of ports as sorted ranges: what a filter, a condition and the bytecode hold.  Where ports are
 * gathered one by one in any order, from sockets or from a text, that is a struct port_set.
 */
#ifndef PORTSTAT_MODEL_PORT_LIST_H
#define PORTSTAT_MODEL_PORT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/port_set.h"

struct buf;

/* Sorted, disjoint and not touching.  Zero-initialised is empty. */
struct port_list {
	struct port_range *ranges;
	size_t n;
	size_t cap;
};

void port_list_fini(struct port_list *list);

/* Each gives a list to be freed with port_list_fini(). */
struct port_list port_list_of(const struct port_set *set);
struct port_list port_list_copy(const struct port_list *list);
/* All ports that are not in the list. */
struct port_list port_list_rest(const struct port_list *list);

void port_list_add(struct port_list *list, struct port_range range);
void port_list_add_list(struct port_list *list, const struct port_list *other);

bool port_list_has(const struct port_list *list, uint16_t port);
bool port_list_is_all(const struct port_list *list);

/* Adds "22,80-90" as the filter language writes it, with a mark before each range. */
void port_list_print(const struct port_list *list, const char *mark, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ports as a list of sorted ranges: small, for filters, conditions and bytecode.  To collect single
 * ports in any order, from sockets or from text, use a struct port_set.
 */
#ifndef PORTSTAT_MODEL_PORT_LIST_H
#define PORTSTAT_MODEL_PORT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/port_set.h"

struct buf;

/* The ranges neither overlap nor touch.  An empty list when zero-initialised. */
struct port_list {
	struct port_range *ranges;
	size_t n;
	size_t cap;
};

/* Frees the ranges and leaves an empty list. */
void port_list_fini(struct port_list *list);

/* Each returns a new list; call port_list_fini() on it. */
struct port_list port_list_of(const struct port_set *set);
struct port_list port_list_copy(const struct port_list *list);
/* The complement: all ports that are not in the list. */
struct port_list port_list_rest(const struct port_list *list);

/* Union with a range or with another list, in place. */
void port_list_add(struct port_list *list, struct port_range range);
void port_list_add_list(struct port_list *list, const struct port_list *other);

/* Does the list contain the port, or all ports? */
bool port_list_has(const struct port_list *list, uint16_t port);
/* One of these ports, or each of them. */
bool port_list_has_any(const struct port_list *list, struct port_range ports);
bool port_list_has_each(const struct port_list *list, struct port_range ports);
bool port_list_is_all(const struct port_list *list);

/* Adds text of the filter language, "22,80-90", with a mark ("" or "!") before each range. */
void port_list_print(const struct port_list *list, const char *mark, struct buf *out);

#endif

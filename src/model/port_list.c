/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of ports as sorted ranges. */
#include <config.h>

#include "model/port_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

void port_list_fini(struct port_list *list)
{
	free(list->ranges);
	*list = (struct port_list){ 0 };
}

static void append(struct port_list *list, uint32_t first, uint32_t last)
{
	list->ranges = mem_grow(list->ranges, list->n, &list->cap, sizeof(*list->ranges));
	list->ranges[list->n++] = (struct port_range){ (uint16_t)first, (uint16_t)last };
}

struct port_list port_list_of(const struct port_set *set)
{
	struct port_list list = { 0 };
	struct port_range range;

	for (uint32_t from = 0; port_set_next(set, from, &range); from = range.last + 1U)
		append(&list, range.first, range.last);
	return list;
}

struct port_list port_list_copy(const struct port_list *list)
{
	struct port_list copy = { .n = list->n, .cap = list->n };

	copy.ranges = mem_resize(NULL, list->n, sizeof(*copy.ranges));
	if (list->n)
		memcpy(copy.ranges, list->ranges, list->n * sizeof(*copy.ranges));
	return copy;
}

struct port_list port_list_rest(const struct port_list *list)
{
	struct port_list rest = { 0 };
	uint32_t from = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (list->ranges[i].first > from)
			append(&rest, from, list->ranges[i].first - 1U);
		from = list->ranges[i].last + 1U;
	}
	if (from <= PORT_MAX)
		append(&rest, from, PORT_MAX);
	return rest;
}

/* The index of the first range that ends at or above the port. */
static size_t find(const struct port_list *list, uint32_t port)
{
	size_t low = 0, high = list->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (port > list->ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void port_list_add(struct port_list *list, struct port_range range)
{
	/* The ranges from at up to end overlap or touch the new one. */
	size_t at = find(list, range.first ? range.first - 1U : 0), end = at;

	while (end < list->n && list->ranges[end].first <= range.last + 1U)
		end++;
	if (end > at) {
		if (list->ranges[at].first < range.first)
			range.first = list->ranges[at].first;
		if (list->ranges[end - 1].last > range.last)
			range.last = list->ranges[end - 1].last;
	} else {
		list->ranges = mem_grow(list->ranges, list->n, &list->cap, sizeof(*list->ranges));
	}
	memmove(list->ranges + at + 1, list->ranges + end, (list->n - end) * sizeof(range));
	list->ranges[at] = range;
	list->n = list->n + 1 + at - end;
}

void port_list_add_list(struct port_list *list, const struct port_list *other)
{
	for (size_t i = 0; i < other->n; i++)
		port_list_add(list, other->ranges[i]);
}

bool port_list_has(const struct port_list *list, uint16_t port)
{
	size_t at = find(list, port);

	return at < list->n && port >= list->ranges[at].first;
}

bool port_list_has_any(const struct port_list *list, struct port_range ports)
{
	size_t at = find(list, ports.first);

	return at < list->n && ports.last >= list->ranges[at].first;
}

bool port_list_has_each(const struct port_list *list, struct port_range ports)
{
	size_t at = find(list, ports.last);

	/* Ranges do not touch, so one has to hold them all. */
	return at < list->n && ports.first >= list->ranges[at].first;
}

bool port_list_is_all(const struct port_list *list)
{
	return list->n == 1 && list->ranges[0].first == 0 && list->ranges[0].last == PORT_MAX;
}

void port_list_print(const struct port_list *list, const char *mark, struct buf *out)
{
	for (size_t i = 0; i < list->n; i++) {
		buf_str(out, i ? "," : "");
		buf_str(out, mark);
		buf_u64(out, list->ranges[i].first);
		if (list->ranges[i].last > list->ranges[i].first) {
			buf_char(out, '-');
			buf_u64(out, list->ranges[i].last);
		}
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which values stand where in a row without keys. */
#include <config.h>

#include "query/row_layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static size_t place_for(struct column_set *set, const struct column *c)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->list[i] == c)
			return i;
	set->list = mem_grow(set->list, set->n, &set->cap, sizeof(*set->list));
	set->list[set->n] = c;
	return set->n++;
}

void row_layout_init(struct row_layout *layout, const struct column *const *list, size_t n)
{
	*layout = (struct row_layout){ .members = mem_calloc(n, sizeof(*layout->members)) };
	for (size_t i = 0; i < n; i++) {
		const struct column *c = list[i];
		const char *dot = strchr(c->key, '.');
		size_t at = place_for(&layout->top,
				      dot ? column_find(c->key, (size_t)(dot - c->key)) : c);

		if (dot)
			place_for(&layout->members[at], c);
	}
}

void row_layout_fini(struct row_layout *layout)
{
	for (size_t i = 0; i < layout->top.n; i++)
		free(layout->members[i].list);
	free(layout->members);
	free(layout->top.list);
}

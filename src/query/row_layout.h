/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which values stand where in a row without keys: in the "rows" that one portstat answers another. */
#ifndef PORTSTAT_QUERY_ROW_LAYOUT_H
#define PORTSTAT_QUERY_ROW_LAYOUT_H

#include <stddef.h>

#include "query/columns.h"

struct column_set {
	const struct column **list;
	size_t n;
	size_t cap;
};

struct row_layout {
	struct column_set top; /* for the members of a group that group, at the first one's place */
	struct column_set *members; /* by that place; empty: it is no group */
};

/* Lays out a list of n columns, none of which is a group itself.  row_layout_fini() frees it. */
void row_layout_init(struct row_layout *layout, const struct column *const *list, size_t n);
void row_layout_fini(struct row_layout *layout);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may change of a row that stays. */
#ifndef PORTSTAT_QUERY_DIFF_FACTS_H
#define PORTSTAT_QUERY_DIFF_FACTS_H

#include <stdbool.h>
#include <stddef.h>

struct row;
struct snapshot;

/* Rows that are compared as one. */
struct diff_rows {
	const struct snapshot *snap;
	const struct row *const *list;
	size_t n;
};

/*
 * The bits of what changed: the two have no value in common, or of owners' names not the same ones.
 * has_moved: the place is compared, too.
 */
unsigned int diff_changed(const struct diff_rows *was, const struct diff_rows *now, bool has_moved);

#endif

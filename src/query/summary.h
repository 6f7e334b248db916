/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups rows by some columns, counts each group, and sums its byte totals. */
#ifndef PORTSTAT_QUERY_SUMMARY_H
#define PORTSTAT_QUERY_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct column;
struct row;
struct snapshot;

struct summary_group {
	const struct row *row; /* the first of its rows; the others show the same */
	size_t count;
	size_t totals; /* index of its first total */
};

/* Zero-initialised is empty and ready. */
struct summary {
	const struct column *const *columns; /* borrowed */
	size_t n_columns;
	struct summary_group *groups;
	size_t n;
	size_t cap;
	struct value *totals;
	size_t totals_cap;
};

struct summary_request {
	const struct column *const *columns;
	size_t n_columns;
	/*
	 * Writes the cell by which rows are grouped: column_text(), column_exact() or
	 * column_plain().
	 */
	void (*cell)(const struct column *c, const struct snapshot *snap, const struct row *row,
		     struct buf *out);
	bool is_ranked; /* largest groups first; else by protocol, family and state, the columns */
};

/*
 * Groups the snapshot's rows by all columns except totals (is_total), counts each group and sums
 * its totals.  An unknown value is a value of its own.
 */
void summary_take(struct summary *s, const struct snapshot *snap,
		  const struct summary_request *request);
void summary_fini(struct summary *s);

/* The sum of an is_total column; VALUE_NULL if no row of the group has a value.  Borrowed. */
const struct value *summary_total(const struct summary *s, const struct summary_group *group,
				  const struct column *c);

#endif

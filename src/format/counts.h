/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by all formats of a summary: counts the rows by columns. */
#ifndef PORTSTAT_FORMAT_COUNTS_H
#define PORTSTAT_FORMAT_COUNTS_H

#include "query/summary.h"

struct format_options;

/* Protocol, family and state, if no columns are given. */
#define COUNTS_COLUMNS 3

struct counts_columns {
	const struct column *list[COUNTS_COLUMNS];
	void (*cell)(const struct column *c, const struct snapshot *snap, const struct row *row,
		     struct buf *out); /* see struct summary_request */
};

/* Counts by the columns of opt.  The caller sets by->cell before; by must live as long as s. */
void counts_take(struct summary *s, const struct snapshot *snap, const struct format_options *opt,
		 struct counts_columns *by);

#endif

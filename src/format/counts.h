/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all forms of a summary share: by which columns rows are counted. */
#ifndef PORTSTAT_FORMAT_COUNTS_H
#define PORTSTAT_FORMAT_COUNTS_H

#include "query/summary.h"

struct format_options;

/* Protocol, family and state, where no columns are named. */
#define COUNTS_COLUMNS 3

struct counts_columns {
	const struct column *list[COUNTS_COLUMNS];
	void (*cell)(const struct column *c, const struct snapshot *snap, const struct row *row,
		     struct buf *out); /* as in struct summary_request */
};

/* Counts by the view's columns; by->cell is set before, and by must live as long. */
void counts_take(struct summary *s, const struct snapshot *snap, const struct format_options *opt,
		 struct counts_columns *by);

#endif

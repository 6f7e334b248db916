/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes a snapshot: the one function that fills it. */
#ifndef PORTSTAT_QUERY_TAKE_H
#define PORTSTAT_QUERY_TAKE_H

#include <stdint.h>

struct filter;
struct plan;
struct problems;
struct resolver;
struct row;
struct snapshot;
struct sources;

/*
 * Takes a snapshot: asks the sources what the plan says, joins names, filters, sorts.  What was in the
 * snapshot goes, its memory stays.  time_ms is Unix time.  Returns 0, also where something is missing
 * (that is in snap->problems), or -errno where nothing could be read at all.
 */
int snapshot_take(struct snapshot *snap, const struct plan *plan, const struct sources *sources,
		  const struct resolver *names, uint64_t time_ms);

/*
 * Adds one to the count of rows that the filter cannot judge (FILTER_UNTESTABLE): such a row is not
 * listed, and not left out in silence.
 */
void problems_add_untested(struct problems *problems, const struct snapshot *snap,
			   const struct filter *filter, const struct row *row);

/* Leaves out what the plan's expectations are about, once all is resolved. */
void snapshot_compare_expected(struct snapshot *snap, const struct plan *plan);

/* Notes in the row which owner the filter names. */
void row_name_owner(struct row *row, const struct snapshot *snap, const struct filter *filter);

#endif

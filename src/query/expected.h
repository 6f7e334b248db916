/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is expected: filters, one on each line of a text, and the rows and lines that they leave. */
#ifndef PORTSTAT_QUERY_EXPECTED_H
#define PORTSTAT_QUERY_EXPECTED_H

#include <stdbool.h>
#include <stddef.h>

#include "query/filter.h"

struct expected_line {
	struct filter *filter;
	size_t start; /* of the filter in the text, without blanks around it and without a comment */
	size_t len;
};

/* Zero-initialised: nothing is expected. */
struct expected {
	struct expected_line *list;
	size_t n;
	size_t cap;
};

void expected_fini(struct expected *e);

/*
 * Parses the lines of the text; a # at the start of a line or after a blank begins a comment.  names:
 * as for filter_parse().  Returns 0, or -EINVAL and fills in error, whose pos counts from the start
 * of the text, and number, the line's number from 1.
 */
int expected_parse(struct expected *e, const char *text, size_t len, const struct resolver *names,
		   struct filter_error *error, size_t *number);

/* enum need bits of all filters. */
unsigned int expected_needs(const struct expected *e);

/* Is there a line that certainly matches the row?  What the line needs must be resolved. */
bool expected_has(const struct expected *e, const struct snapshot *snap, const struct row *row);

/*
 * Does the line match a row of the snapshot?  FILTER_NO: certainly none; FILTER_UNTESTABLE: perhaps
 * the row *doubtful (may be NULL).
 */
enum filter_result expected_match(const struct expected_line *line, const struct snapshot *snap,
				  const struct row **doubtful);

/* How many lines certainly match no row. */
size_t expected_missing(const struct expected *e, const struct snapshot *snap);

#endif

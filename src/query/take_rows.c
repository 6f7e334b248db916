/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of rows in any snapshot: doubts of the filter, expectations, the owner that is named. */
#include <config.h>

#include "query/take.h"

#include "base/buf.h"
#include "base/text.h"
#include "query/columns.h"
#include "query/expected.h"
#include "query/filter.h"
#include "query/plan.h"
#include "query/snapshot.h"

void row_name_owner(struct row *row, const struct snapshot *snap, const struct filter *filter)
{
	size_t n = row_owners(snap, row).n;

	row->named = 0;
	if (n < 2 || !filter)
		return;
	for (unsigned int i = 0; i < n && i < ROW_NAMED_MAX && !row->named; i++)
		if (filter_owner_is_named(filter, snap, row, i))
			row->named = (i + 1) & ROW_NAMED_MAX;
}

/* So much of a test stands in the sentence about it, in bytes. */
#define TEST_SHOWN_MAX 60

void problems_add_untested(struct problems *problems, const struct snapshot *snap,
			   const struct filter *filter, const struct row *row)
{
	struct filter_doubt doubt = filter_doubt(filter, snap, row);
	struct problem problem = {
		.code = PROBLEM_UNTESTED,
		.proto = PROBLEM_NO_PROTO,
		.count = 1,
		.lack = doubt.lack,
		.key = doubt.key,
	};
	struct buf test = { 0 };

	filter_print_test(doubt.test, &test);
	if (test.len > TEST_SHOWN_MAX)
		text_shorten(&test, 0, TEST_SHOWN_MAX, "...", 0);
	buf_cstr(&test);
	problem.test = test.data;
	problems_add(problems, &problem);
	buf_fini(&test);
}

/* Leaves out what is expected, now that all is resolved. */
static void leave_out_expected(struct snapshot *snap, const struct expected *expected)
{
	size_t n = 0;

	for (size_t i = 0; i < snap->n_rows; i++)
		if (!expected_has(expected, snap, &snap->rows[i]))
			snap->rows[n++] = snap->rows[i];
	snap->n_rows = n;
}

/* A line that perhaps matches nothing is not listed as missing, and not left out in silence. */
static void tell_doubtful_lines(struct snapshot *snap, const struct expected *expected)
{
	for (size_t i = 0; i < expected->n; i++) {
		const struct row *row;

		if (expected_match(&expected->list[i], snap, &row) == FILTER_UNTESTABLE)
			problems_add_untested(&snap->problems, snap, expected->list[i].filter, row);
	}
}

void snapshot_compare_expected(struct snapshot *snap, const struct plan *plan)
{
	if (!plan->request.expected)
		return;
	snap->resolved |= plan->needs;
	if (plan->request.lists_unexpected)
		leave_out_expected(snap, plan->request.expected);
	else
		tell_doubtful_lines(snap, plan->request.expected);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about what a refresh could not list. */
#include <config.h>

#include "live/missing.h"

#include "base/buf.h"
#include "model/problem.h"

/* Rows themselves show that their owner or host name is missing; other hosts have a line of their own. */
static bool is_told_elsewhere(const struct problem *problem)
{
	return problem->code == PROBLEM_PROCESSES || problem->code == PROBLEM_HOSTS ||
	       problem->code == PROBLEM_REMOTE;
}

void missing_text(const struct problems *problems, bool with_counts, struct buf *out)
{
	for (size_t i = 0; i < problems->n; i++) {
		struct problem problem = problems->list[i];

		if (is_told_elsewhere(&problem))
			continue;
		if (!with_counts)
			problem.count = 0;
		if (out->len)
			buf_str(out, "; ");
		problem_text(&problem, true, out);
	}
}

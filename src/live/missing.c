/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a look could not list. */
#include <config.h>

#include "live/missing.h"

#include "base/buf.h"
#include "model/problem.h"

/* Rows tell themselves whose owner or name is missing; what has no row does not. */
static bool is_about_rows(const struct problem *problem)
{
	return problem->code == PROBLEM_PROCESSES || problem->code == PROBLEM_HOSTS ||
	       problem->code == PROBLEM_UNTESTED;
}

void missing_text(const struct problems *problems, struct buf *out)
{
	for (size_t i = 0; i < problems->n; i++) {
		if (is_about_rows(&problems->list[i]))
			continue;
		if (out->len)
			buf_str(out, "; ");
		problem_text(&problems->list[i], true, out);
	}
}

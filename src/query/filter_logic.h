/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Four-valued logic for filters: Kleene's, with two kinds of unknown. */
#ifndef PORTSTAT_QUERY_FILTER_LOGIC_H
#define PORTSTAT_QUERY_FILTER_LOGIC_H

#include <stdbool.h>

#include "query/filter.h"

static inline enum filter_result filter_yes_or_no(bool holds)
{
	return holds ? FILTER_YES : FILTER_NO;
}

/* Combines two undecided results: MAYBE if either may still be decided. */
static inline enum filter_result filter_doubtful(enum filter_result a, enum filter_result b)
{
	return a == FILTER_MAYBE || b == FILTER_MAYBE ? FILTER_MAYBE : FILTER_UNTESTABLE;
}

static inline bool filter_is_doubt(enum filter_result result)
{
	return result == FILTER_MAYBE || result == FILTER_UNTESTABLE;
}

static inline enum filter_result filter_opposite(enum filter_result result)
{
	if (filter_is_doubt(result))
		return result;
	return filter_yes_or_no(result == FILTER_NO);
}

/* "and" if decisive is NO, "or" if it is YES. */
static inline enum filter_result filter_join(enum filter_result decisive, enum filter_result a,
					     enum filter_result b)
{
	if (a == decisive || b == decisive)
		return decisive;
	if (filter_is_doubt(a) && filter_is_doubt(b))
		return filter_doubtful(a, b);
	return filter_is_doubt(a) ? a : b;
}

#endif

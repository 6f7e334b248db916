/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of a filter test, from the values of a row and the items of the test's list. */
#ifndef PORTSTAT_QUERY_FILTER_STATE_H
#define PORTSTAT_QUERY_FILTER_STATE_H

#include <stdbool.h>

#include "query/filter.h"
#include "query/filter_logic.h"

/* The values of a row that were compared so far.  Zero-initialised is ready: no value yet. */
struct match_state {
	bool is_known; /* there is a value */
	bool is_in; /* a value is in the list */
	bool is_out; /* a value is excluded */
	enum filter_result
		in_doubt; /* of plain items that could not be decided; NO: there are none */
	enum filter_result out_doubt; /* the same for negated items */
};

/* One value compared with the items of a list so far.  Zero-initialised is ready. */
struct list_state {
	bool has_in; /* there are items that are not negated */
	bool is_in;
	bool is_out;
};

/* Adds an item of the list; holds: it matches the value. */
static inline void list_state_add(struct list_state *list, bool is_negated, bool holds)
{
	list->has_in |= !is_negated;
	list->is_in |= !is_negated && holds;
	list->is_out |= is_negated && holds;
}

/* Adds a value that was compared with every item. */
static inline void match_state_add_list(struct match_state *state, const struct list_state *list)
{
	state->is_known = true;
	state->is_in |= list->is_in || !list->has_in;
	state->is_out |= list->is_out;
}

/* Adds an item that could not be decided: FILTER_MAYBE or FILTER_UNTESTABLE. */
static inline void match_state_add_doubt(struct match_state *state, bool is_negated,
					 enum filter_result result)
{
	enum filter_result *doubt = is_negated ? &state->out_doubt : &state->in_doubt;

	*doubt = *doubt ? filter_doubtful(*doubt, result) : result;
}

/* The result of a test; is_negated: it has a negated operator (!=, !~). */
static inline enum filter_result match_state_result(const struct match_state *state,
						    bool is_negated)
{
	enum filter_result in = state->is_in ? FILTER_YES : state->in_doubt;
	enum filter_result out = state->is_out ? FILTER_YES : state->out_doubt;
	enum filter_result result = filter_join(FILTER_NO, in, filter_opposite(out));

	if (!state->is_known)
		return FILTER_NO;
	return is_negated ? filter_opposite(result) : result;
}

#endif

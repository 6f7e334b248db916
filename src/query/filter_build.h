/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds conditions.  Negation is pushed down to the leaves: "not (a and b)" is built from a and b
 * negated.
 */
#ifndef PORTSTAT_QUERY_FILTER_BUILD_H
#define PORTSTAT_QUERY_FILTER_BUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "model/cond.h"

struct resolver;

struct cond_builder {
	struct cond *c;
	const struct resolver *names; /* NULL: names are not resolved */
	bool with_mark;
	bool is_exact; /* the condition is exact so far */
};

static inline uint32_t build_constant(bool truth)
{
	return truth ? COND_TRUE_AT : COND_FALSE_AT;
}

uint32_t build_leaf(struct cond_builder *b, struct cond_node node, bool is_negated);

/* For a test that the source cannot do: a condition that is always true, so that no row is lost. */
uint32_t build_unknown(struct cond_builder *b);

/*
 * "a and b", "a or b"; if is_negated, their negation by De Morgan: left and right must be negated
 * already.
 */
uint32_t build_both(struct cond_builder *b, bool is_negated, uint32_t left, uint32_t right);
uint32_t build_either(struct cond_builder *b, bool is_negated, uint32_t left, uint32_t right);

/* A list under construction: matches any plain item, and none of the negated ones. */
struct build_list {
	uint32_t in;
	uint32_t out;
	bool has_in;
	bool is_negated;
};

struct build_list build_list_start(bool is_negated);

/* at: the item's condition, negated if the list is, and again if the item is. */
void build_list_add(struct cond_builder *b, struct build_list *list, bool is_negated, uint32_t at);

/* known: the condition that there is a value, negated if the list is; used if no item is plain. */
uint32_t build_list_end(struct cond_builder *b, const struct build_list *list, uint32_t known);

#endif

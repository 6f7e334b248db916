/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds conditions: leaves, "and", "or", and lists of items. */
#include <config.h>

#include "query/filter_build.h"

uint32_t build_both(struct cond_builder *b, bool is_negated, uint32_t left, uint32_t right)
{
	return is_negated ? cond_or(b->c, left, right) : cond_and(b->c, left, right);
}

uint32_t build_either(struct cond_builder *b, bool is_negated, uint32_t left, uint32_t right)
{
	return build_both(b, !is_negated, left, right);
}

uint32_t build_leaf(struct cond_builder *b, struct cond_node node, bool is_negated)
{
	node.is_negated = is_negated;
	return cond_leaf(b->c, &node);
}

uint32_t build_unknown(struct cond_builder *b)
{
	b->is_exact = false;
	return COND_TRUE_AT;
}

struct build_list build_list_start(bool is_negated)
{
	return (struct build_list){ .in = build_constant(is_negated),
				    .out = build_constant(!is_negated),
				    .is_negated = is_negated };
}

void build_list_add(struct cond_builder *b, struct build_list *list, bool is_negated, uint32_t at)
{
	list->has_in |= !is_negated;
	if (is_negated)
		list->out = build_both(b, list->is_negated, list->out, at);
	else
		list->in = build_either(b, list->is_negated, list->in, at);
}

uint32_t build_list_end(struct cond_builder *b, const struct build_list *list, uint32_t known)
{
	return build_both(b, list->is_negated, list->has_in ? list->in : known, list->out);
}

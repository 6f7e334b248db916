/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What filter_cond() is made of.  Negation is carried down to the tests; there a test becomes a
 * condition that holds wherever the test does (or, negated, wherever it does not), exact where
 * the kernel sees a socket as the language does.
 */
#ifndef PORTSTAT_QUERY_FILTER_COND_H
#define PORTSTAT_QUERY_FILTER_COND_H

#include <stdbool.h>
#include <stdint.h>

#include "model/cond.h"
#include "query/filter_tree.h"

struct resolver;

struct cond_builder {
	struct cond *c;
	const struct resolver *names; /* NULL: no names become numbers */
	bool with_mark;
	bool is_exact; /* so far */
};

static inline uint32_t build_constant(bool truth)
{
	return truth ? COND_TRUE_AT : COND_FALSE_AT;
}

uint32_t build_leaf(struct cond_builder *b, struct cond_node node, bool is_negated);

/* What the source cannot tell: whatever the answer, the condition has to hold. */
uint32_t build_unknown(struct cond_builder *b);

/* "a and b" and "a or b", negated by De Morgan: the arguments are negated already. */
uint32_t build_both(struct cond_builder *b, bool is_negated, uint32_t left, uint32_t right);
uint32_t build_either(struct cond_builder *b, bool is_negated, uint32_t left, uint32_t right);

/* A list under construction: in any of some, and none of those that are taken away. */
struct build_list {
	uint32_t in;
	uint32_t out;
	bool has_in;
	bool is_negated;
};

struct build_list build_list_start(bool is_negated);

/* at: the item, negated as the list is, and once more where the item is taken away. */
void build_list_add(struct cond_builder *b, struct build_list *list, bool is_taken, uint32_t at);

/* known: that there is a value at all, negated as the list is; counts where no item is plain. */
uint32_t build_list_end(struct cond_builder *b, const struct build_list *list, uint32_t known);

/* The tests of each kind. */
uint32_t build_ports(struct cond_builder *b, const struct filter_test *test, bool is_negated);
uint32_t build_addrs(struct cond_builder *b, const struct filter_test *test, bool is_negated);
uint32_t build_mark(struct cond_builder *b, const struct filter_test *test, bool is_negated);
/* Devices by name, or cgroups by path. */
uint32_t build_named(struct cond_builder *b, const struct filter_test *test, bool is_iface,
		     bool is_negated);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Determines which owners of a row a filter names. */
#include <config.h>

#include "query/filter.h"
#include "query/filter_name.h"
#include "query/filter_tree.h"
#include "query/snapshot.h"

static bool is_of_owners(const struct column *c, const struct snapshot *snap)
{
	return c->shape == COLUMN_LIST && !c->count && !(c->needs & ~snap->resolved);
}

static bool item_names(const struct text_item *item, const struct snapshot *snap,
		       const struct row *row, size_t owner)
{
	if (filter_names_owner(item, snap, row, owner))
		return true;
	for (const struct column *c = columns; c < columns + columns_n; c++) {
		struct value value;

		if (!c->is_name || !is_of_owners(c, snap))
			continue;
		column_value(c, snap, row, owner, &value);
		if (filter_name_fits(item, &value))
			return true;
	}
	return false;
}

static bool test_names(const struct filter_test *test, const struct snapshot *snap,
		       const struct row *row, size_t owner)
{
	bool is_named = false;

	if (test->kind != TEST_NAME)
		return test->column && !test->is_negated && is_of_owners(test->column, snap) &&
		       test_takes_owner(test, snap, row, owner);
	for (size_t i = 0; i < test->texts.n && !is_named; i++)
		is_named = !test->texts.items[i].is_negated &&
			   item_names(&test->texts.items[i], snap, row, owner);
	return is_named;
}

static bool node_names(const struct filter_node *node, const struct snapshot *snap,
		       const struct row *row, size_t owner)
{
	bool is_named = false;

	switch (node->kind) {
	case NODE_TEST:
		return test_names(&node->test, snap, row, owner);
	case NODE_NOT:
		return false;
	case NODE_AND:
	case NODE_OR:
		break;
	}
	for (size_t i = 0; i < node->args.n && !is_named; i++)
		is_named = node_names(node->args.list[i], snap, row, owner);
	return is_named;
}

bool filter_owner_is_named(const struct filter *f, const struct snapshot *snap,
			   const struct row *row, size_t owner)
{
	return f && f->root && node_names(f->root, snap, row, owner);
}

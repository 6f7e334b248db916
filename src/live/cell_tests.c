/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filters that a row's cells are good for: filter by this cell. */
#include <config.h>

#include "live/cell_tests.h"

#include <string.h>

#include "live/cells.h"
#include "live/frame.h"
#include "live/live_columns.h"
#include "live/tree.h"
#include "query/columns.h"
#include "query/filter.h"

void cell_tests_fini(struct cell_tests *tests)
{
	for (size_t i = 0; i < CELL_TESTS_MAX; i++)
		buf_fini(&tests->list[i]);
	*tests = (struct cell_tests){ 0 };
}

/* What people ask for, by the keys of filters. */
static const struct {
	const char *key;
	const char *column;
} usual[] = {
	{ "lport", "local_port" },
	{ "rport", "peer_port" },
	{ "raddr", "peer_addr" },
	{ "proc", "owners.name" },
	{ "user", "user" },
	{ "unit", "unit" },
	{ "container", "container" },
	{ "netns_name", "netns_name" },
	{ "peer_scope", "peer_scope" },
	{ "state", "state" },
};

/* The column whose value a cell of this one shows first; NULL: it is no value to filter by. */
static const char *value_column(const struct live_column *shown, const struct cells *c,
				const struct live_item *item)
{
	if (shown->special == SPECIAL_TREE)
		return c->tree->from.view == VIEW_PROCESSES ? "owners.name" : "peer_addr";
	if (shown->special == SPECIAL_END)
		return item->kind == ITEM_ROW ? "peer_addr" : "local_addr";
	if (shown->special != SPECIAL_NONE || shown->is_amount)
		return NULL;
	if (shown->column == c->columns->process)
		return "owners.name";
	if (shown->column == c->columns->peer)
		return "peer_addr";
	return shown->column == c->columns->local ? "local_addr" : shown->column->key;
}

static const char *key_of(const char *column)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (!strcmp(usual[i].column, column))
			return usual[i].key;
	return column;
}

/* The value of the first owner, for a row below a process of that one. */
static void owner_name(const struct cells *c, const struct live_item *item, const struct row *row,
		       struct buf *out)
{
	const struct snapshot *snap = &c->tree->rows.frame->snap;
	const struct live_group *group = item->kind == ITEM_GROUP ? &c->tree->groups.list[item->at]
					 : item->group != MAP_NONE
						 ? &c->tree->groups.list[item->group]
						 : NULL;
	const struct process *p = row_first_process(snap, row);

	if (group && group->kind == GROUP_PROCESS && group->process != MAP_NONE)
		p = snapshot_process(snap, group->process);
	if (p)
		buf_add(out, p->name, p->name_len);
}

static void add_test(struct cell_tests *tests, const struct cells *c, const struct live_item *item,
		     const struct row *row, const char *key, const char *column)
{
	const struct column *listed = column_find(column, strlen(column));
	struct buf value = { 0 }, *out = &tests->list[tests->n];

	if (listed == c->columns->owner_name)
		owner_name(c, item, row, &value);
	else if (listed->shape == COLUMN_PLAIN)
		column_plain(listed, &c->tree->rows.frame->snap, row, &value);
	if (value.len && tests->n < CELL_TESTS_MAX) {
		buf_clear(out);
		buf_printf(out, "%s ", key);
		/* An address has colons, and needs no quotation marks. */
		if (listed->kind == VALUE_ADDR)
			buf_add(out, value.data, value.len);
		else
			filter_print_word(value.data, value.len, out);
		tests->n++;
		for (size_t i = 0; i + 1 < tests->n; i++)
			if (tests->list[i].len == out->len &&
			    !memcmp(tests->list[i].data, out->data, out->len)) {
				tests->n--;
				break;
			}
	}
	buf_fini(&value);
}

void cell_tests_fill(struct cell_tests *tests, const struct cells *cells,
		     const struct live_item *item, const struct live_column *sort)
{
	const struct row *row = live_tree_row(cells->tree, item);
	const struct live_group *group = live_tree_group(cells->tree, item);
	const char *first = sort ? value_column(sort, cells, item) : NULL;

	/* The sockets of other groups have nothing in common. */
	if (!row || (group && (group->kind == GROUP_ELSEWHERE || group->kind == GROUP_NOTE)))
		return;
	if (group && group->kind == GROUP_PROCESS) {
		add_test(tests, cells, item, row, "proc", "owners.name");
		return;
	}
	if (group && group->kind == GROUP_VALUE) {
		const char *by = cells->tree->groups.by->key;

		add_test(tests, cells, item, row, key_of(by), by);
		return;
	}
	if (group && group->kind == GROUP_PEER) {
		add_test(tests, cells, item, row, "raddr", "peer_addr");
		add_test(tests, cells, item, row, "peer_scope", "peer_scope");
		return;
	}
	if (first)
		add_test(tests, cells, item, row, key_of(first), first);
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		add_test(tests, cells, item, row, usual[i].key, usual[i].column);
}

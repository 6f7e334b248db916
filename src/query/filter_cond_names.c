/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks, interfaces and cgroups as the kernel compares them: by number. */
#include <config.h>

#include <net/if.h>
#include <string.h>

#include "query/filter_cond.h"
#include "resolve/cgroups.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"

/*
 * The kernel compares the mark of a socket in TIME-WAIT but may not report it, so "not" lets those
 * through.
 */
uint32_t build_mark(struct cond_builder *b, const struct filter_test *test, bool is_negated)
{
	const struct cond_node time_wait = { .kind = COND_STATE,
					     .bits = STATE_BIT(SOCK_STATE_TIME_WAIT) };
	struct build_list list = build_list_start(is_negated != test->is_negated);
	uint32_t at;

	if (!b->with_mark || test->op != OP_EQ)
		return build_unknown(b);
	for (size_t i = 0; i < test->numbers.n; i++) {
		const struct number_item *item = &test->numbers.items[i];
		const struct cond_node node = {
			.kind = COND_MARK, .mark = { (uint32_t)item->number, (uint32_t)item->mask }
		};
		bool is_not = list.is_negated != item->is_negated;

		if (item->number > UINT32_MAX)
			return build_unknown(b);
		at = build_leaf(b, node, is_not);
		build_list_add(b, &list, item->is_negated, at);
	}
	at = build_list_end(b, &list, build_constant(!list.is_negated));
	b->is_exact = false;
	return !is_negated ? at : cond_or(b->c, at, build_leaf(b, time_wait, false));
}

/* The interface with this name, or the cgroup with this path; false if there is none. */
static bool named_leaf(const struct resolver *names, enum cond_kind kind,
		       const struct text_item *item, struct cond_node *node)
{
	const char *name;

	if (item->is_pattern || memchr(item->bytes, '\0', item->len) || !names)
		return false;
	node->kind = (uint8_t)kind;
	if (kind == COND_CGROUP)
		return names->cgroups && cgroups_id(names->cgroups, item->bytes, &node->cgroup);
	node->number = names->ifaces ? if_nametoindex(item->bytes) : 0;
	name = node->number ? ifaces_name(names->ifaces, 0, node->number) : NULL;
	/* The name may be an alternative one, which rows do not show. */
	return name && !strcmp(name, item->bytes);
}

/* Is the socket bound to an interface, or does it have a cgroup with a path? */
static uint32_t has_named(struct cond_builder *b, enum cond_kind kind, bool is_negated)
{
	const struct cond_node none = { .kind = COND_IFINDEX, .number = 0 };

	return kind == COND_IFINDEX ? build_leaf(b, none, !is_negated) : build_unknown(b);
}

uint32_t build_named(struct cond_builder *b, const struct filter_test *test, bool is_negated)
{
	enum cond_kind kind = test->column->cond;
	struct build_list list = build_list_start(is_negated != test->is_negated);
	uint32_t at;

	for (size_t i = 0; i < test->texts.n; i++) {
		const struct text_item *item = &test->texts.items[i];
		struct cond_node node = { 0 };

		if (!named_leaf(b->names, kind, item, &node))
			return build_unknown(b);
		build_list_add(b, &list, item->is_negated,
			       build_leaf(b, node, list.is_negated != item->is_negated));
	}
	at = build_list_end(b, &list, list.has_in ? 0 : has_named(b, kind, list.is_negated));
	return test->is_negated ? build_both(b, is_negated, has_named(b, kind, is_negated), at)
				: at;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts groups by a column, or by the order of their rows. */
#include <config.h>

#include "live/group_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "live/frame.h"
#include "live/groups.h"
#include "live/rows.h"
#include "query/columns.h"

/* An element for qsort(). */
struct ordered {
	const struct groups *g;
	const struct live_order *by;
	struct live_group group;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/*
 * The sort key of a process.  A process that has ended has one too, so that its group stays in
 * place.
 */
struct process_name {
	const char *text;
	uint32_t len;
	int32_t pid;
};

static struct process_name name_of(const struct groups *g, const struct live_group *group)
{
	const struct known_owner *last =
		frame_last_owner(g->rows->frame, &g->rows->list[group->head]);
	const struct process *p;

	if (group->process != MAP_NONE) {
		p = snapshot_process(&g->rows->frame->snap, group->process);
		return (struct process_name){ p->name, p->name_len, p->pid };
	}
	return (struct process_name){ g->rows->frame->ghost_text.data + last->process_at,
				      last->name_len, last->pid };
}

static int compare_names(const struct groups *g, const struct live_group *a,
			 const struct live_group *b)
{
	struct process_name p = name_of(g, a), q = name_of(g, b);
	int order = memcmp(p.text, q.text, p.len < q.len ? p.len : q.len);

	if (!order)
		order = compare_numbers(p.len, q.len);
	return order ? order : (p.pid > q.pid) - (p.pid < q.pid);
}

static int compare_peers(const struct groups *g, const struct live_group *a,
			 const struct live_group *b)
{
	const struct sock *x = g->rows->list[a->head].sk, *y = g->rows->list[b->head].sk;

	return addr_compare((enum addr_family)x->family, &x->remote.addr,
			    (enum addr_family)y->family, &y->remote.addr);
}

static int compare_values(const struct groups *g, const struct live_group *a,
			  const struct live_group *b)
{
	return column_compare(g->by, &g->rows->frame->snap, &g->rows->list[a->head],
			      &g->rows->list[b->head]);
}

/* Unknown rates are last in either direction: then *is_fixed is set. */
static int compare_rates(uint64_t a, uint64_t b, bool *is_fixed)
{
	*is_fixed = a == RATE_UNKNOWN || b == RATE_UNKNOWN;
	return compare_numbers(a, b);
}

static int compare_by_sort(const struct ordered *x, const struct ordered *y, bool *is_fixed)
{
	const struct live_column *sort = x->by->column;

	if (!sort)
		return 0;
	switch (sort->special) {
	case SPECIAL_CONN:
		*is_fixed = x->group.is_uncounted || y->group.is_uncounted;
		if (*is_fixed)
			return (int)x->group.is_uncounted - (int)y->group.is_uncounted;
		return compare_numbers(x->group.n_connections, y->group.n_connections);
	case SPECIAL_RX:
		return compare_rates(x->group.rx, y->group.rx, is_fixed);
	case SPECIAL_TX:
		return compare_rates(x->group.tx, y->group.tx, is_fixed);
	case SPECIAL_TRAFFIC:
	case SPECIAL_HISTORY:
		return compare_rates(rate_sum(x->group.rx, x->group.tx),
				     rate_sum(y->group.rx, y->group.tx), is_fixed);
	case SPECIAL_TREE:
	case SPECIAL_END:
		if (x->group.kind == GROUP_PROCESS)
			return compare_names(x->g, &x->group, &y->group);
		if (x->group.kind == GROUP_VALUE)
			return compare_values(x->g, &x->group, &y->group);
		return x->group.kind == GROUP_PEER ? compare_peers(x->g, &x->group, &y->group) : 0;
	case SPECIAL_TIME:
	case SPECIAL_CHANGE:
	case SPECIAL_LIVED:
	case SPECIAL_BYTES:
	case SPECIAL_NONE:
		break;
	}
	return 0;
}

static int compare_groups(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	bool is_fixed = false;
	int order;

	/*
	 * Kinds are in the order of the enumeration: groups without a listener or owner are last.
	 */
	if (x->group.kind != y->group.kind)
		return (int)x->group.kind - (int)y->group.kind;
	order = compare_by_sort(x, y, &is_fixed);
	if (order)
		return x->by->is_descending && !is_fixed ? -order : order;
	return compare_numbers(x->group.at, y->group.at);
}

void groups_sort(struct groups *g, const struct live_order *by)
{
	struct ordered *order;

	if (g->n < 2)
		return;
	order = mem_resize(NULL, g->n, sizeof(*order));
	for (size_t i = 0; i < g->n; i++)
		order[i] = (struct ordered){ .g = g, .by = by, .group = g->list[i] };
	qsort(order, g->n, sizeof(*order), compare_groups);
	for (size_t i = 0; i < g->n; i++)
		g->list[i] = order[i].group;
	free(order);
}

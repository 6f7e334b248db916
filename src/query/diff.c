/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two snapshots compared: what is new, what is gone, and what changed. */
#include <config.h>

#include "query/diff.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/diff_facts.h"
#include "query/diff_items.h"
#include "query/snapshot.h"
#include "query/sort.h"

const char *const diff_words[] = { "new", "gone", "changed" };

/*
 * More holders of one place than a host has: somebody made them up, and to try each with each would
 * take for ever.
 */
#define PAIRS_MAX (1U << 16)

/* A run of items of both sides, of one place or of one port: [first, end). */
struct run {
	const struct diff_item *was, *was_end;
	const struct diff_item *now, *now_end;
};

/* An item that has no partner at its place. */
struct left {
	const struct diff_item *item;
	bool is_taken;
};

struct lefts {
	struct left *list;
	size_t n;
	size_t cap;
};

struct diffing {
	struct diff *diff;
	struct diff_side *was;
	struct diff_side *now;
	struct lefts gone;
	struct lefts new;
};

static void add_line(struct diffing *g, const struct diff_item *was, const struct diff_item *now,
		     unsigned int changed)
{
	struct diff *d = g->diff;
	struct diff_line line = { .sign = was ? now ? DIFF_CHANGED : DIFF_GONE : DIFF_NEW,
				  .changed = changed };

	if (was)
		line.was = g->was->rows[was->first];
	if (now)
		line.now = g->now->rows[now->first];
	d->lines = mem_grow(d->lines, d->n, &d->cap, sizeof(*d->lines));
	d->lines[d->n++] = line;
}

static void add_left(struct lefts *lefts, const struct diff_item *item)
{
	lefts->list = mem_grow(lefts->list, lefts->n, &lefts->cap, sizeof(*lefts->list));
	lefts->list[lefts->n++] = (struct left){ .item = item };
}

static struct diff_rows rows_of(const struct diff_side *side, const struct diff_item *item)
{
	return (struct diff_rows){ side->snap, side->rows + item->first, item->n };
}

static bool are_too_many(size_t a, size_t b)
{
	return a && b > PAIRS_MAX / a;
}

/* ---- at one place ---- */

/* Compares two items of one holder. */
static unsigned int compare_pair(const struct diffing *g, const struct diff_item *was,
				 const struct diff_item *now, bool has_moved)
{
	struct diff_rows before = rows_of(g->was, was), after = rows_of(g->now, now);

	return diff_changed(&before, &after, has_moved);
}

/* Finds partners for an item of the later side: any of which nothing differs, else the first one. */
static void pair_new(struct diffing *g, const struct run *run, const struct diff_item *now)
{
	const struct diff_item *first = NULL;
	unsigned int changed = 0;

	for (const struct diff_item *was = run->was; was < run->was_end; was++) {
		unsigned int differs;

		if (!diff_same_holder(g->was, was, g->now, now))
			continue;
		differs = compare_pair(g, was, now, false);
		if (!differs)
			return;
		if (!first) {
			first = was;
			changed = differs;
		}
	}
	if (first)
		add_line(g, first, now, changed);
	else
		add_left(&g->new, now);
}

static void pair_gone(struct diffing *g, const struct run *run, const struct diff_item *was)
{
	for (const struct diff_item *now = run->now; now < run->now_end; now++)
		if (diff_same_holder(g->was, was, g->now, now))
			return;
	add_left(&g->gone, was);
}

/* Only those whose holders are the same in each way: both sides are sorted by them. */
static void pair_many(struct diffing *g, const struct run *run)
{
	const struct diff_item *was = run->was, *now = run->now;

	while (was < run->was_end || now < run->now_end) {
		int order = was == run->was_end ? 1 : now == run->now_end ? -1 : 0;

		if (!order)
			order = diff_item_compare(g->was, was, g->now, now);
		if (!order) {
			unsigned int changed = compare_pair(g, was, now, false);

			if (changed)
				add_line(g, was, now, changed);
		} else if (order < 0) {
			add_left(&g->gone, was);
		} else {
			add_left(&g->new, now);
		}
		was += order <= 0;
		now += order >= 0;
	}
}

static void pair_place(struct diffing *g, const struct run *run)
{
	size_t n_was = (size_t)(run->was_end - run->was), n_now = (size_t)(run->now_end - run->now);

	if (are_too_many(n_was, n_now)) {
		pair_many(g, run);
		return;
	}
	for (const struct diff_item *now = run->now; now < run->now_end; now++)
		pair_new(g, run, now);
	for (const struct diff_item *was = run->was; was < run->was_end; was++)
		pair_gone(g, run, was);
}

static const struct diff_item *end_of_place(const struct diff_side *side,
					    const struct diff_item *from)
{
	const struct diff_item *at = from, *end = side->items + side->n;

	while (at < end && !diff_text_compare(side, &from->place, side, &at->place))
		at++;
	return at;
}

/* Both sides are sorted by place. */
static void pair_places(struct diffing *g)
{
	const struct diff_item *was = g->was->items, *was_end = was + g->was->n;
	const struct diff_item *now = g->now->items, *now_end = now + g->now->n;

	while (was < was_end || now < now_end) {
		struct run run = { was, was, now, now };
		int order = was == was_end ? 1 : now == now_end ? -1 : 0;

		if (!order)
			order = diff_text_compare(g->was, &was->place, g->now, &now->place);
		if (order <= 0)
			run.was_end = end_of_place(g->was, was);
		if (order >= 0)
			run.now_end = end_of_place(g->now, now);
		pair_place(g, &run);
		was = run.was_end;
		now = run.now_end;
	}
}

/* ---- what has moved ---- */

/* The only one of these, [*at, end), that has the item's holder; NULL if there is none or several. */
static struct left *only_of_holder(const struct diff_side *side, const struct diff_item *item,
				   const struct diff_side *other, struct left *at,
				   const struct left *end)
{
	struct left *found = NULL;

	for (; at < end; at++) {
		if (!diff_same_holder(side, item, other, at->item))
			continue;
		if (found)
			return NULL;
		found = at;
	}
	return found;
}

/* Of one port: [was, was_end) are gone, [now, now_end) are new. */
static void pair_moved(struct diffing *g, struct left *was, const struct left *was_end,
		       struct left *now, const struct left *now_end)
{
	if (are_too_many((size_t)(was_end - was), (size_t)(now_end - now)))
		return;
	for (struct left *new = now; new < now_end; new ++) {
		struct left *gone = only_of_holder(g->now, new->item, g->was, was, was_end);

		if (!gone || only_of_holder(g->was, gone->item, g->now, now, now_end) != new)
			continue;
		add_line(g, gone->item, new->item, compare_pair(g, gone->item, new->item, true));
		gone->is_taken = new->is_taken = true;
	}
}

static const struct left *end_of_port(const struct diff_side *side, const struct lefts *lefts,
				      const struct left *from)
{
	const struct left *at = from, *end = lefts->list + lefts->n;

	while (at < end && !diff_text_compare(side, &from->item->port, side, &at->item->port))
		at++;
	return at;
}

static int by_port(const void *a, const void *b, void *data)
{
	const struct left *x = a, *y = b;
	int order = diff_text_compare(data, &x->item->port, data, &y->item->port);

	return order ? order : (x->item > y->item) - (x->item < y->item);
}

static void sort_lefts(struct diff_side *side, struct lefts *lefts)
{
	if (lefts->n > 1)
		qsort_r(lefts->list, lefts->n, sizeof(*lefts->list), by_port, side);
}

static void find_moved(struct diffing *g)
{
	size_t i = 0, k = 0;

	sort_lefts(g->was, &g->gone);
	sort_lefts(g->now, &g->new);
	while (i < g->gone.n && k < g->new.n) {
		struct left *was = &g->gone.list[i], *now = &g->new.list[k];
		int order = diff_text_compare(g->was, &was->item->port, g->now, &now->item->port);
		const struct left *was_end = end_of_port(g->was, &g->gone, was);
		const struct left *now_end = end_of_port(g->now, &g->new, now);

		if (!order)
			pair_moved(g, was, was_end, now, now_end);
		if (order <= 0)
			i = (size_t)(was_end - g->gone.list);
		if (order >= 0)
			k = (size_t)(now_end - g->new.list);
	}
}

/* ---- all ---- */

static void add_lefts(struct diffing *g)
{
	for (size_t i = 0; i < g->gone.n; i++)
		if (!g->gone.list[i].is_taken)
			add_line(g, g->gone.list[i].item, NULL, 0);
	for (size_t i = 0; i < g->new.n; i++)
		if (!g->new.list[i].is_taken)
			add_line(g, NULL, g->new.list[i].item, 0);
	free(g->gone.list);
	free(g->new.list);
}

static struct sock shown(const struct diff_line *line)
{
	struct sock sk = *(line->now ? line->now : line->was)->sk;

	sk.cookie = 0;
	return sk;
}

static int in_order(const void *a, const void *b)
{
	const struct diff_line *x = a, *y = b;
	struct sock left = shown(x), right = shown(y);
	int order = sort_compare(NULL, &left, &right);

	/* What is gone stands before what took its place. */
	return order ? order : (y->sign == DIFF_GONE) - (x->sign == DIFF_GONE);
}

void diff_compare(struct diff *d, const struct snapshot *was, const struct snapshot *now)
{
	struct diff_scope *scope = mem_alloc(sizeof(*scope));
	struct diff_side before, after;
	struct diffing g = { .diff = d, .was = &before, .now = &after };

	d->was = was;
	d->now = now;
	diff_scope_init(scope, was, now);
	diff_side_init(&before, was, scope);
	diff_side_init(&after, now, scope);
	pair_places(&g);
	find_moved(&g);
	add_lefts(&g);
	if (d->n > 1)
		qsort(d->lines, d->n, sizeof(*d->lines), in_order);
	diff_side_fini(&before);
	diff_side_fini(&after);
	free(scope);
}

void diff_fini(struct diff *d)
{
	free(d->lines);
	*d = (struct diff){ 0 };
}

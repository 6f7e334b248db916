/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups rows by some columns, counts each group, and sums its byte totals. */
#include <config.h>

#include "query/summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "query/columns.h"
#include "query/snapshot.h"

/* Finds the group of a row by the text of its cells; texts with equal hashes are compared. */
struct keys {
	struct map by_hash; /* hash to the first group */
	struct buf text; /* the keys of all groups, concatenated */
	struct key {
		size_t at;
		size_t len;
		uint32_t next; /* next group with the same hash; MAP_NONE at the end */
	} * list; /* one per group */
	size_t cap;
};

/* The usual columns of summaries need no texts. */
static void add_kind(const struct sock *sk, struct buf *out)
{
	const char kind[] = { (char)sk->proto, (char)sk->family, (char)sk->state };

	buf_add(out, kind, sizeof(kind));
}

/* Each cell is followed by its length, so that different lists of cells have different texts. */
static void add_key(const struct snapshot *snap, const struct summary_request *request,
		    const struct row *row, struct buf *out)
{
	for (size_t i = 0; i < request->n_columns; i++) {
		size_t start = out->len, len;

		if (request->columns[i]->is_total)
			continue;
		request->cell(request->columns[i], snap, row, out);
		len = out->len - start;
		buf_add(out, (const char *)&len, sizeof(len));
	}
}

static struct summary_group *add_group(struct summary *s, const struct row *row)
{
	struct summary_group *group;

	s->groups = mem_grow(s->groups, s->n, &s->cap, sizeof(*s->groups));
	group = &s->groups[s->n];
	*group = (struct summary_group){ .row = row, .totals = s->n * s->n_columns };
	s->n++;
	for (size_t i = 0; i < s->n_columns; i++) {
		s->totals =
			mem_grow(s->totals, group->totals + i, &s->totals_cap, sizeof(*s->totals));
		s->totals[group->totals + i].kind = VALUE_NULL;
	}
	return group;
}

/* The group of the row whose key is at the end of the text. */
static struct summary_group *group_of(struct summary *s, struct keys *keys, size_t start,
				      const struct row *row)
{
	size_t len = keys->text.len - start;
	const char *key = len ? keys->text.data + start : "";
	uint32_t next = MAP_NONE;
	bool is_added;
	uint32_t *first = map_add(&keys->by_hash, map_hash(0, key, len), (uint32_t)s->n, &is_added);

	for (uint32_t at = is_added ? MAP_NONE : *first; at != MAP_NONE; at = keys->list[at].next) {
		const struct key *old = &keys->list[at];

		if (old->len == len && (!len || !memcmp(keys->text.data + old->at, key, len))) {
			keys->text.len = start;
			return &s->groups[at];
		}
	}
	if (!is_added) {
		next = *first;
		*first = (uint32_t)s->n;
	}
	keys->list = mem_grow(keys->list, s->n, &keys->cap, sizeof(*keys->list));
	keys->list[s->n] = (struct key){ .at = start, .len = len, .next = next };
	return add_group(s, row);
}

static void add_totals(struct summary *s, const struct summary_group *group,
		       const struct snapshot *snap, const struct row *row)
{
	for (size_t i = 0; i < s->n_columns; i++) {
		struct value *total = &s->totals[group->totals + i], value;

		if (!s->columns[i]->is_total)
			continue;
		column_value(s->columns[i], snap, row, 0, &value);
		if (value.kind != VALUE_NUMBER)
			continue;
		if (total->kind == VALUE_NULL)
			*total = (struct value){ .kind = VALUE_NUMBER };
		total->number = value.number > UINT64_MAX - total->number
					? UINT64_MAX
					: total->number + value.number;
	}
}

/* Groups of equal size keep the order of their first rows. */
static int by_count(const void *a, const void *b)
{
	const struct summary_group *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static int by_kind(const void *a, const void *b)
{
	const struct sock *x = ((const struct summary_group *)a)->row->sk;
	const struct sock *y = ((const struct summary_group *)b)->row->sk;

	if (x->proto != y->proto)
		return (int)x->proto - (int)y->proto;
	return x->family != y->family ? (int)x->family - (int)y->family
				      : (int)x->state - (int)y->state;
}

void summary_take(struct summary *s, const struct snapshot *snap,
		  const struct summary_request *request)
{
	struct keys keys = { 0 };

	s->columns = request->columns;
	s->n_columns = request->n_columns;
	for (size_t i = 0; i < snap->n_rows; i++) {
		size_t start = keys.text.len;
		struct summary_group *group;

		if (request->is_ranked)
			add_key(snap, request, &snap->rows[i], &keys.text);
		else
			add_kind(snap->rows[i].sk, &keys.text);
		group = group_of(s, &keys, start, &snap->rows[i]);
		group->count++;
		add_totals(s, group, snap, &snap->rows[i]);
	}
	if (s->n)
		qsort(s->groups, s->n, sizeof(*s->groups), request->is_ranked ? by_count : by_kind);
	map_fini(&keys.by_hash);
	buf_fini(&keys.text);
	free(keys.list);
}

void summary_fini(struct summary *s)
{
	free(s->groups);
	free(s->totals);
	*s = (struct summary){ 0 };
}

const struct value *summary_total(const struct summary *s, const struct summary_group *group,
				  const struct column *c)
{
	size_t i = 0;

	while (s->columns[i] != c)
		i++;
	return &s->totals[group->totals + i];
}

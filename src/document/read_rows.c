/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads sockets that are rows: what portstat sends to another one, without keys and repetitions. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "document/document.h"
#include "document/reading.h"
#include "query/columns.h"
#include "query/row_layout.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"

struct places {
	struct place *list;
	size_t n;
	size_t n_above; /* of a group: elements that it has in the row above; 0 also where it is null */
};

/* The columns, and for each group its members. */
struct layout {
	struct places top;
	struct places *members; /* by the group's place; empty: it is no group */
};

static void places_init(struct places *places, const struct column_set *set)
{
	places->n = set->n;
	places->list = mem_calloc(places->n, sizeof(*places->list));
	for (size_t i = 0; i < places->n; i++)
		places->list[i].column = set->list[i];
}

/* False: there are no columns, or not such as rows have: whoever asks for rows names what he wants. */
static bool layout_init(struct layout *layout, const struct snapshot_host *host)
{
	size_t n = host->head.selection.n_columns;
	struct row_layout row;

	for (size_t i = 0; i < n; i++)
		if (host->selected[i]->shape == COLUMN_GROUP ||
		    host->selected[i]->shape == COLUMN_COMPOSITE)
			return false;
	row_layout_init(&row, host->selected, n);
	places_init(&layout->top, &row.top);
	layout->members = mem_calloc(layout->top.n, sizeof(*layout->members));
	for (size_t i = 0; i < layout->top.n; i++)
		places_init(&layout->members[i], &row.members[i]);
	row_layout_fini(&row);
	return n;
}

static void places_fini(struct places *places)
{
	for (size_t i = 0; i < places->n; i++)
		buf_fini(&places->list[i].text);
	free(places->list);
}

static void layout_fini(struct layout *layout)
{
	for (size_t i = 0; i < layout->top.n; i++)
		places_fini(&layout->members[i]);
	places_fini(&layout->top);
	free(layout->members);
}

/* There is nothing above the next row. */
static void forget(struct places *places)
{
	places->n_above = 0;
	for (size_t i = 0; i < places->n; i++)
		places->list[i].last.kind = VALUE_NULL;
}

/* -N: so many values are as above.  False if something else comes. */
static bool read_same(struct reading *r, uint64_t *n)
{
	bool is_whole;

	if (r->json.error || r->json.at == r->json.end || *r->json.at != '-')
		return false;
	r->json.at++;
	if (!json_number(&r->json, n, &is_whole) || !is_whole)
		*n = 0;
	return true;
}

/* What a row does not say at its end is as above, too. */
static void read_members(struct reading *r, struct places *members, size_t i)
{
	bool is_first = true;
	uint64_t n_same = 0;
	size_t at = 0;

	if (json_peek(&r->json) != JSON_ARRAY) {
		read_bad(r);
		return;
	}
	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first)) {
		if (read_same(r, &n_same))
			for (; n_same && at < members->n; n_same--)
				place_repeat(r, &members->list[at++], i);
		else if (at < members->n)
			place_read(r, &members->list[at++], i);
		else
			read_bad(r);
	}
	while (!r->json.error && at < members->n)
		place_repeat(r, &members->list[at++], i);
}

/* An array of values, or an array of such arrays. */
static void read_group(struct reading *r, const struct column *group, struct places *members)
{
	bool is_first = true;
	size_t n = 0;

	if (json_null(&r->json)) {
		forget(members);
		return;
	}
	if (group->told_list)
		r->out->hosts[r->telling.host].lists |= 1U << (group->told_list - 1);
	if (members->list->column->shape != COLUMN_LIST) {
		read_members(r, members, 0);
		members->n_above = 1;
		return;
	}
	if (json_peek(&r->json) != JSON_ARRAY) {
		read_bad(r);
		return;
	}
	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first))
		read_members(r, members, n++);
	if (!n)
		forget(members);
	members->n_above = n;
}

/* Of several elements only the last one was kept. */
static void repeat_group(struct reading *r, struct places *members)
{
	if (members->n_above > 1)
		r->telling.n_bad++;
	for (size_t i = 0; members->n_above == 1 && i < members->n; i++)
		place_repeat(r, &members->list[i], 0);
}

static void repeat_columns(struct reading *r, struct layout *layout, size_t *at, uint64_t n)
{
	for (; n && *at < layout->top.n; n--, ++*at) {
		if (layout->members[*at].n)
			repeat_group(r, &layout->members[*at]);
		else
			place_repeat(r, &layout->top.list[*at], 0);
	}
}

static void read_row(struct reading *r, struct layout *layout)
{
	bool is_first = true;
	uint64_t n_same = 0;
	size_t at = 0;

	telling_begin(&r->telling, 0);
	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first)) {
		struct place *place = &layout->top.list[at];

		if (read_same(r, &n_same)) {
			repeat_columns(r, layout, &at, n_same);
			continue;
		}
		if (at == layout->top.n) {
			read_bad(r);
			continue;
		}
		if (layout->members[at].n)
			read_group(r, place->column, &layout->members[at]);
		else
			place_read(r, place, 0);
		at++;
	}
	if (r->json.error)
		return;
	repeat_columns(r, layout, &at, UINT64_MAX);
	read_end(r);
}

static void read_block(struct reading *r, struct layout *layout)
{
	bool is_first = true;

	forget(&layout->top);
	for (size_t i = 0; i < layout->top.n; i++)
		forget(&layout->members[i]);
	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first)) {
		if (json_peek(&r->json) == JSON_ARRAY)
			read_row(r, layout);
		else
			read_bad(r);
	}
}

void read_rows(struct reading *r)
{
	struct layout layout = { 0 };
	bool is_first = true;

	r->has_sockets = true;
	/* What stands where is not known. */
	if ((r->has_unknown_columns || !layout_init(&layout, &r->out->hosts[0])) && !r->json.error)
		r->json.error = DOCUMENT_DAMAGED;
	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first)) {
		if (json_peek(&r->json) == JSON_ARRAY)
			read_block(r, &layout);
		else
			read_bad(r);
	}
	layout_fini(&layout);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON document for another portstat: rows of values without keys, and without what repeats. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "format/format.h"
#include "format/json_text.h"
#include "format/output.h"
#include "query/columns.h"
#include "query/row_layout.h"
#include "query/snapshot.h"

struct json_rows {
	const struct snapshot *snap;
	struct row_layout layout;
};

/* A value's place: its row and, of lists, its element.  No row: there is none. */
struct from {
	const struct row *row;
	size_t i;
};

static bool is_same(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return a->truth == b->truth;
	case VALUE_NUMBER:
		return a->number == b->number;
	case VALUE_TEXT:
	case VALUE_LIST:
		return a->text.len == b->text.len &&
		       (a->text.bytes == b->text.bytes ||
			!memcmp(a->text.bytes, b->text.bytes, a->text.len));
	case VALUE_ADDR:
		return a->addr.family == b->addr.family &&
		       !memcmp(a->addr.addr, b->addr.addr, sizeof(*a->addr.addr));
	case VALUE_ANCESTORS:
		return false;
	}
	return false;
}

/* Before a value: what precedes it, also that n values are as above, as -N. */
static void begin_value(struct buf *out, unsigned int *n_same)
{
	if (out->data[out->len - 1] != '[')
		buf_char(out, ',');
	if (*n_same) {
		buf_char(out, '-');
		buf_u64(out, *n_same);
		buf_char(out, ',');
	}
	*n_same = 0;
}

static void put_value(const struct value *value, const struct value *above, unsigned int *n_same,
		      struct buf *out)
{
	if (is_same(value, above)) {
		++*n_same;
		return;
	}
	begin_value(out, n_same);
	json_value(out, value);
}

/* Returns whether all are as above. */
static bool put_members(const struct json_rows *rows, const struct column_set *members,
			const struct from *of, const struct from *above, struct buf *out)
{
	unsigned int n_same = 0;

	buf_char(out, '[');
	for (size_t k = 0; k < members->n; k++) {
		const struct column *c = members->list[k];
		struct value value, before = { .kind = VALUE_NULL };

		column_value(c, rows->snap, of->row, of->i, &value);
		if (above->row)
			column_value(c, rows->snap, above->row, above->i, &before);
		put_value(&value, &before, &n_same, out);
	}
	buf_char(out, ']');
	return n_same == members->n;
}

static bool is_list(const struct column_set *members)
{
	return members->list[0]->shape == COLUMN_LIST;
}

/* How many elements a group has; SIZE_MAX: it is null. */
static size_t count(const struct json_rows *rows, size_t place, const struct row *row)
{
	const struct column *group = rows->layout.top.list[place];
	const struct column_set *members = &rows->layout.members[place];

	if (!is_list(members))
		return column_has_group(group, rows->snap, row) ? 1 : SIZE_MAX;
	if (group->is_known && !group->is_known(rows->snap, row))
		return SIZE_MAX;
	return column_count(members->list[0], rows->snap, row);
}

/*
 * An element is compared with the one before it, the first with the last one of the row above.  Returns
 * whether the group is as above: null, empty, or of the same single element.
 */
static bool put_group(const struct json_rows *rows, size_t place, const struct row *row,
		      const struct row *above, struct buf *out)
{
	const struct column_set *members = &rows->layout.members[place];
	size_t n = count(rows, place, row);
	size_t n_above = above ? count(rows, place, above) : SIZE_MAX;
	struct from before = { 0 };
	bool is_same = n == n_above && (!n || n == 1);

	if (n == SIZE_MAX) {
		buf_str(out, "null");
		return n_above == SIZE_MAX;
	}
	if (n_above && n_above != SIZE_MAX)
		before = (struct from){ above, n_above - 1 };
	if (is_list(members))
		buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		struct from of = { row, i };

		if (i)
			buf_char(out, ',');
		is_same &= put_members(rows, members, &of, &before, out);
		before = of;
	}
	if (is_list(members))
		buf_char(out, ']');
	return is_same;
}

/* Of a number in hexadecimal, which is in the value's room. */
static void strip_zeros(struct value *value)
{
	size_t n = 0;

	while (n + 1 < value->text.len && value->room[n] == '0')
		n++;
	value->text.len -= n;
	memmove(value->room, value->room + n, value->text.len);
}

/* Puts a value of a row, which becomes that above the next one. */
static void put_column(const struct json_rows *rows, const struct column *c, const struct row *row,
		       struct value *above, unsigned int *n_same, struct buf *out)
{
	struct value value;

	column_value(c, rows->snap, row, 0, &value);
	/* Half of the digits of a cookie say nothing, and no other value of a row is as long. */
	if (c->fact == SOCK_HAS_COOKIE && value.kind == VALUE_TEXT &&
	    value.text.bytes == value.room)
		strip_zeros(&value);
	put_value(&value, above, n_same, out);
	*above = value;
	if (value.kind == VALUE_TEXT && value.text.bytes == value.room)
		above->text.bytes = above->room;
}

/* Puts a group, unless it is one more value that is as above. */
static void put_group_column(const struct json_rows *rows, size_t place, const struct row *row,
			     const struct row *above, unsigned int *n_same, struct buf *out)
{
	unsigned int n_before = *n_same;
	size_t start = out->len;

	begin_value(out, n_same);
	if (!put_group(rows, place, row, above, out))
		return;
	out->len = start;
	*n_same = n_before + 1;
}

/*
 * Nothing is above the first row of each block: another thread may format that.  scratch has the values
 * of the row above.
 */
static void put_row(const void *view, size_t at, struct buf scratch[2], struct buf *out)
{
	const struct json_rows *rows = view;
	const struct row *row = &rows->snap->rows[at];
	bool is_first = at % OUTPUT_CHUNK_ROWS == 0;
	unsigned int n_same = 0;
	struct value *above;

	if (is_first) {
		buf_clear(&scratch[0]);
		buf_fill(&scratch[0], 0, rows->layout.top.n * sizeof(*above));
	}
	above = (void *)scratch[0].data;
	if (at)
		buf_str(out, is_first ? "],[" : ",");
	buf_char(out, '[');
	for (size_t i = 0; i < rows->layout.top.n; i++) {
		if (!rows->layout.members[i].n) {
			put_column(rows, rows->layout.top.list[i], row, &above[i], &n_same, out);
			continue;
		}
		put_group_column(rows, i, row, is_first ? NULL : row - 1, &n_same, out);
	}
	buf_char(out, ']');
}

static bool names_group(const struct format_options *opt)
{
	for (size_t i = 0; i < opt->n_columns; i++)
		if (opt->columns[i]->shape == COLUMN_GROUP)
			return true;
	return false;
}

int json_rows_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt)
{
	struct buf text = { 0 };
	struct json_rows rows = { .snap = snap };
	int err;

	/* No portstat asks for that: each names the members. */
	if (names_group(opt))
		return json_print(stream, snap, opt);
	row_layout_init(&rows.layout, opt->columns, opt->n_columns);
	json_head(&text, snap, opt);
	buf_str(&text, "\"rows\": [[");
	err = output_rows(stream, &text, &(struct output_rows){ put_row, &rows, snap });
	buf_str(&text, "]]}\n");
	if (!err)
		err = output_flush(stream, &text);
	row_layout_fini(&rows.layout);
	buf_fini(&text);
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON document and JSON lines: a row is an object, and a group of columns a nested object. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "format/counts.h"
#include "format/json_text.h"
#include "format/output.h"
#include "format/format.h"

/* A key of the object: one column, or a group with the columns inside it. */
struct entry {
	const struct column *column; /* of a group: its own row in the table of columns */
	char *head; /* separator, quoted key and colon: the same in every row */
	size_t head_len;
	struct entry *children; /* of a group, in order; else NULL */
	size_t n;
	size_t cap;
};

/* Comma and space, before every key except the first of an object. */
#define SEPARATOR_LEN 2

struct shape {
	struct entry *entries;
	size_t n;
	size_t cap;
};

/* The entry with this key; added for column c if there is none. */
static struct entry *entry_for(struct entry **entries, size_t *n, size_t *cap,
			       const struct column *c, const char *key)
{
	struct buf head = { 0 };

	for (size_t i = 0; i < *n; i++)
		if ((*entries)[i].column == c)
			return &(*entries)[i];
	*entries = mem_grow(*entries, *n, cap, sizeof(**entries));
	buf_printf(&head, ", \"%s\": ", key);
	(*entries)[*n] = (struct entry){ .column = c, .head = head.data, .head_len = head.len };
	return &(*entries)[(*n)++];
}

static struct entry *top_for(struct shape *s, const struct column *c)
{
	return entry_for(&s->entries, &s->n, &s->cap, c, c->key);
}

static void add_child(struct entry *group, const struct column *c)
{
	entry_for(&group->children, &group->n, &group->cap, c, strchr(c->key, '.') + 1);
}

static void add_group(struct shape *s, const struct column *c)
{
	size_t len = strlen(c->key);
	struct entry *group = top_for(s, c);

	for (size_t i = 0; i < columns_n; i++)
		if (!strncmp(columns[i].key, c->key, len) && columns[i].key[len] == '.' &&
		    !columns[i].is_chosen_alone)
			add_child(group, &columns[i]);
}

static void add_column(struct shape *s, const struct column *c)
{
	const char *dot = strchr(c->key, '.');

	if (dot)
		add_child(top_for(s, column_find(c->key, (size_t)(dot - c->key))), c);
	else if (c->shape == COLUMN_GROUP)
		add_group(s, c);
	else
		top_for(s, c);
}

static void shape_init(struct shape *s, const struct column *const *list, size_t n)
{
	*s = (struct shape){ 0 };
	for (size_t i = 0; i < n; i++)
		add_column(s, list[i]);
}

static void shape_fini(struct shape *s)
{
	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 0; k < s->entries[i].n; k++)
			free(s->entries[i].children[k].head);
		free(s->entries[i].children);
		free(s->entries[i].head);
	}
	free(s->entries);
}

static void put_list(struct buf *out, const struct value *value)
{
	const char *at = value->text.bytes, *end = at + value->text.len;

	buf_char(out, '[');
	while (at < end) {
		size_t len = strnlen(at, (size_t)(end - at));

		if (at > value->text.bytes)
			buf_str(out, ", ");
		json_string(out, at, len);
		at += len + 1;
	}
	buf_char(out, ']');
}

static void put_ancestors(struct buf *out, const struct value *value)
{
	buf_char(out, '[');
	for (size_t i = 0; i < value->ancestors.n; i++) {
		const struct ancestor *one = &value->ancestors.list[i];

		buf_printf(out, "%s{\"pid\": %d, \"name\": ", i ? ", " : "", one->pid);
		json_string(out, one->name, one->name_len);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

/* Inline: most of a long document's time goes by here. */
static inline void put_value(struct buf *out, const struct value *value)
{
	switch (value->kind) {
	case VALUE_NULL:
		buf_str(out, "null");
		return;
	case VALUE_BOOL:
		buf_str(out, value->truth ? "true" : "false");
		return;
	case VALUE_NUMBER:
		buf_u64(out, value->number);
		return;
	case VALUE_TEXT:
		json_string(out, value->text.bytes, value->text.len);
		return;
	case VALUE_ADDR:
		buf_char(out, '"');
		addr_text(out, value->addr.family, value->addr.addr);
		buf_char(out, '"');
		return;
	case VALUE_LIST:
		put_list(out, value);
		return;
	case VALUE_ANCESTORS:
		put_ancestors(out, value);
		return;
	}
}

void json_value(struct buf *out, const struct value *value)
{
	put_value(out, value);
}

static void put_key(struct buf *out, const struct entry *entry, bool is_first)
{
	size_t skip = is_first ? SEPARATOR_LEN : 0;

	buf_add(out, entry->head + skip, entry->head_len - skip);
}

/* The values of an object: a row, or a group of a summary. */
struct subject {
	const struct snapshot *snap;
	const struct row *row;
	const struct summary *summary; /* NULL: the row itself */
	const struct summary_group *group;
};

static void put_column(struct buf *out, const struct column *c, const struct subject *of, size_t i)
{
	struct value value;

	if (of->summary && c->is_total)
		value = *summary_total(of->summary, of->group, c);
	else
		column_value(c, of->snap, of->row, i, &value);
	put_value(out, &value);
}

/* Adds the object of a group of columns, for value i. */
static void put_object(struct buf *out, const struct entry *group, const struct subject *of,
		       size_t i)
{
	buf_char(out, '{');
	for (size_t k = 0; k < group->n; k++) {
		put_key(out, &group->children[k], !k);
		put_column(out, group->children[k].column, of, i);
	}
	buf_char(out, '}');
}

static void put_group(struct buf *out, const struct entry *group, const struct subject *of)
{
	bool is_array = group->children[0].column->shape == COLUMN_LIST;
	size_t n;

	if (!is_array) {
		if (of->summary || column_has_group(group->column, of->snap, of->row))
			put_object(out, group, of, 0);
		else
			buf_str(out, "null");
		return;
	}
	if (group->column->is_known && !group->column->is_known(of->snap, of->row)) {
		buf_str(out, "null");
		return;
	}
	n = column_count(group->children[0].column, of->snap, of->row);
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_str(out, ", ");
		put_object(out, group, of, i);
	}
	buf_char(out, ']');
}

struct json {
	const struct snapshot *snap;
	const struct format_options *opt;
	struct shape shape;
};

static void put_subject(const struct shape *shape, const struct subject *of, bool is_first,
			struct buf *out)
{
	for (size_t i = 0; i < shape->n; i++) {
		const struct entry *entry = &shape->entries[i];

		put_key(out, entry, is_first && !i);
		if (entry->children)
			put_group(out, entry, of);
		else
			put_column(out, entry->column, of, 0);
	}
}

static void put_members(const struct json *json, size_t row, bool is_first, struct buf *out)
{
	struct subject of = { .snap = json->snap, .row = &json->snap->rows[row] };

	put_subject(&json->shape, &of, is_first, out);
}

void json_row(struct buf *out, const struct snapshot *snap, const struct row *row,
	      const struct column *const *list, size_t n)
{
	struct subject of = { .snap = snap, .row = row };
	struct shape shape;

	shape_init(&shape, list, n);
	buf_char(out, '{');
	put_subject(&shape, &of, true, out);
	buf_char(out, '}');
	shape_fini(&shape);
}

struct json_shape {
	struct shape shape;
};

struct json_shape *json_shape_new(const struct column *const *list, size_t n)
{
	struct json_shape *s = mem_calloc(1, sizeof(*s));

	shape_init(&s->shape, list, n);
	return s;
}

void json_shape_free(struct json_shape *s)
{
	if (s)
		shape_fini(&s->shape);
	free(s);
}

void json_members(struct buf *out, const struct snapshot *snap, const struct row *row,
		  const struct json_shape *s)
{
	put_subject(&s->shape, &(struct subject){ .snap = snap, .row = row }, false, out);
}

/* With --watch each document is on one line, otherwise each row. */
static void put_element(const void *view, size_t row, struct buf scratch[2], struct buf *out)
{
	const struct json *json = view;

	(void)scratch;
	if (row)
		buf_char(out, ',');
	if (!json->opt->is_watch)
		buf_add(out, "\n  ", 3);
	else if (row)
		buf_char(out, ' ');
	buf_char(out, '{');
	put_members(json, row, true, out);
	buf_char(out, '}');
}

int json_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt)
{
	struct json json = { .snap = snap, .opt = opt };
	struct buf text = { 0 };
	int err;

	shape_init(&json.shape, opt->columns, opt->n_columns);
	json_head(&text, snap, opt);
	buf_str(&text, "\"sockets\": [");
	err = output_rows(stream, &text, &(struct output_rows){ put_element, &json, snap });
	buf_str(&text, "]}\n");
	if (!err)
		err = output_flush(stream, &text);
	shape_fini(&json.shape);
	buf_fini(&text);
	return err;
}

static void put_line(const void *view, size_t row, struct buf scratch[2], struct buf *out)
{
	const struct json *json = view;

	(void)scratch;
	buf_char(out, '{');
	if (json->opt->is_watch) {
		buf_str(out, "\"time\": ");
		json_time(out, json->snap->time_ms);
	}
	put_members(json, row, !json->opt->is_watch, out);
	buf_add(out, "}\n", 2);
}

int json_lines_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt)
{
	struct json json = { .snap = snap, .opt = opt };
	struct buf none = { 0 };
	int err;

	shape_init(&json.shape, opt->columns, opt->n_columns);
	err = output_rows(stream, &none, &(struct output_rows){ put_line, &json, snap });
	shape_fini(&json.shape);
	return err;
}

int summary_json_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt)
{
	struct counts_columns by = { .cell = column_plain };
	struct summary summary;
	struct shape shape;
	struct buf out = { 0 };
	int err;

	counts_take(&summary, snap, opt, &by);
	shape_init(&shape, summary.columns, summary.n_columns);
	json_head(&out, snap, opt);
	buf_str(&out, "\"summary\": [");
	for (size_t k = 0; k < summary.n; k++) {
		struct subject of = { snap, summary.groups[k].row, &summary, &summary.groups[k] };

		buf_str(&out, k ? ", {" : "{");
		put_subject(&shape, &of, true, &out);
		buf_str(&out, shape.n ? ", \"count\": " : "\"count\": ");
		buf_u64(&out, summary.groups[k].count);
		buf_char(&out, '}');
	}
	buf_str(&out, "]}\n");
	err = output_flush(stream, &out);
	shape_fini(&shape);
	summary_fini(&summary);
	buf_fini(&out);
	return err;
}

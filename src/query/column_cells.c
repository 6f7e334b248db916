/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What works for every column from its row in the table: finding, writing and comparing it. */
#include <config.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text.h"
#include "model/sock.h"
#include "query/columns.h"
#include "query/host_columns.h"
#include "query/snapshot.h"
#include "query/told.h"

typedef bool same_word(const char *s, size_t n, const char *word);

static bool is_equal(const char *s, size_t n, const char *word)
{
	size_t same = 0;

	/* Most words differ in their first letters. */
	while (same < n && word[same] && s[same] == word[same])
		same++;
	return same == n && !word[same];
}

static const struct column *find(const char *key, size_t len, same_word *is_same)
{
	for (size_t i = 0; i < columns_n; i++) {
		if (is_same(key, len, columns[i].key))
			return &columns[i];
		for (const char *const *name = columns[i].names; *name; name++)
			if (is_same(key, len, *name))
				return &columns[i];
	}
	return NULL;
}

const struct column *column_find(const char *key, size_t len)
{
	return find(key, len, is_equal);
}

const struct column *column_find_any_case(const char *key, size_t len)
{
	return find(key, len, text_is);
}

void columns_try_nearest(struct nearest *nearest)
{
	for (size_t i = 0; i < columns_n; i++)
		nearest_try(nearest, columns[i].key);
	for (size_t i = 0; i < columns_n; i++)
		for (const char *const *name = columns[i].names; *name; name++)
			nearest_try(nearest, *name);
}

const struct column *column_nearest(const char *key, size_t len)
{
	struct nearest nearest;

	nearest_start(&nearest, key, len);
	columns_try_nearest(&nearest);
	return nearest.found ? column_find(nearest.found, strlen(nearest.found)) : NULL;
}

/* The unit of the cells; NULL if they have none, or a different one per row, as queues have. */
static const char *unit_of(const struct column *c)
{
	switch (c->unit) {
	case UNIT_US:
		return "us";
	case UNIT_MS:
		return "ms";
	case UNIT_BYTES:
		return c->field.size ? "B" : NULL;
	case UNIT_NONE:
		break;
	}
	/* The kernel counts these in bytes per second. */
	return c->field.scale == 8 ? "bit/s" : NULL;
}

void column_title(const struct column *c, struct buf *out)
{
	const char *unit = unit_of(c);

	buf_str(out, _(c->title));
	if (unit)
		buf_printf(out, "(%s)", unit);
}

void column_told_value(const struct column *c, const struct snapshot *snap, const struct row *row,
		       size_t i, struct value *out)
{
	if (told_lacks(c, snap, row->sk) || (c->needs & ~snap->resolved))
		return;
	if (c->told)
		told_get(snap, row->sk, (enum told_key)c->told, i, out);
	else if (!c->field.size || !told_is_hole(snap, row->sk, (size_t)(c - columns)))
		c->get(c, snap, row, i, out);
}

/* Would the cell show what the document does not have?  Text of other columns stands without it. */
__attribute__((cold)) static bool
shows_what_lacks(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	return !c->told && (c->parts || c->set) && told_lacks(c, snap, row->sk);
}

size_t column_count(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	if (c->shape != COLUMN_LIST)
		return 1;
	return c->count ? c->count(snap, row) : row_owners(snap, row).n;
}

bool column_is_unknown(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	struct value value;

	/* The first part decides whether there is anything to write. */
	if (c->parts)
		c = column_find(c->parts[0], strlen(c->parts[0]));
	if (!c)
		return true;
	if (c->shape == COLUMN_GROUP)
		return !column_has_group(c, snap, row);
	if (!c->get || !column_count(c, snap, row))
		return true;
	column_value(c, snap, row, 0, &value);
	return value.kind == VALUE_NULL;
}

/* The arguments of a command line, joined with spaces. */
static void list_text(const struct value *value, struct buf *out)
{
	size_t len = value->text.len;

	while (len && !value->text.bytes[len - 1])
		len--;
	for (size_t i = 0; i < len; i++)
		buf_char(out, value->text.bytes[i] ? value->text.bytes[i] : ' ');
}

static void value_addr(const struct value *value, bool is_exact, struct buf *out)
{
	enum addr_family family = value->addr.family;
	struct addr addr = *value->addr.addr;

	if (!is_exact)
		family = addr_unmap(family, &addr, &addr);
	addr_text(out, family, &addr);
}

static void value_text(const struct value *value, bool is_exact, struct buf *out)
{
	switch (value->kind) {
	case VALUE_NULL:
		return;
	case VALUE_BOOL:
		buf_str(out, value->truth ? "true" : "false");
		return;
	case VALUE_NUMBER:
		buf_u64(out, value->number);
		return;
	case VALUE_TEXT:
		buf_add(out, value->text.bytes, value->text.len);
		return;
	case VALUE_ADDR:
		value_addr(value, is_exact, out);
		return;
	case VALUE_LIST:
		list_text(value, out);
		return;
	case VALUE_ANCESTORS:
		ancestors_text(value->ancestors.list, value->ancestors.n, out);
		return;
	}
}

static void values_text(const struct column *c, const struct snapshot *snap, const struct row *row,
			bool is_exact, struct buf *out)
{
	size_t n = column_count(c, snap, row), start = out->len;

	/* Only groups and composites have no get(). */
	assert(c->get);
	for (size_t i = 0; i < n; i++) {
		struct value value;

		column_value(c, snap, row, i, &value);
		if (value.kind == VALUE_NULL)
			continue;
		if (out->len > start)
			buf_char(out, ',');
		value_text(&value, is_exact, out);
	}
}

/* name=value for each known column of the group. */
static void group_text(const struct column *group, const struct snapshot *snap,
		       const struct row *row, struct buf *out)
{
	size_t prefix = strlen(group->key), start = out->len;

	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];
		struct value value;

		if (strncmp(c->key, group->key, prefix) != 0 || c->key[prefix] != '.')
			continue;
		column_value(c, snap, row, 0, &value);
		if (value.kind == VALUE_NULL)
			continue;
		if (out->len > start)
			buf_char(out, ',');
		buf_str(out, c->key + prefix + 1);
		buf_char(out, '=');
		value_text(&value, true, out);
	}
}

/* Writes a cell, apart from the "-" for an unknown value. */
static void write_cell(const struct column *c, const struct snapshot *snap, const struct row *row,
		       bool is_exact, struct buf *out)
{
	if (snap->told && shows_what_lacks(c, snap, row))
		return;
	if (is_exact && c->exact)
		c->exact(snap, row, out);
	else if (c->text)
		c->text(snap, row, out);
	else if (c->shape == COLUMN_GROUP)
		group_text(c, snap, row, out);
	else
		values_text(c, snap, row, is_exact, out);
}

void column_text(const struct column *c, const struct snapshot *snap, const struct row *row,
		 struct buf *out)
{
	size_t start = out->len;

	write_cell(c, snap, row, false, out);
	if (out->len == start)
		buf_char(out, '-');
}

void column_exact(const struct column *c, const struct snapshot *snap, const struct row *row,
		  struct buf *out)
{
	size_t start = out->len;

	write_cell(c, snap, row, true, out);
	if (out->len == start)
		buf_char(out, '-');
}

void column_plain(const struct column *c, const struct snapshot *snap, const struct row *row,
		  struct buf *out)
{
	size_t start = out->len;

	if (c->get && !c->is_text_plain) {
		values_text(c, snap, row, true, out);
		return;
	}
	column_exact(c, snap, row, out);
	if (out->len == start + 1 && out->data[start] == '-')
		out->len = start;
}

static int compare_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t len = a_len < b_len ? a_len : b_len;
	int order = len ? memcmp(a, b, len) : 0;

	return order ? order : (a_len > b_len) - (a_len < b_len);
}

/* By the names first, as they are shown. */
static int compare_ancestors(const struct value *a, const struct value *b)
{
	struct buf x = { 0 }, y = { 0 };
	int order;

	value_text(a, true, &x);
	value_text(b, true, &y);
	order = compare_bytes(x.data, x.len, y.data, y.len);
	buf_fini(&x);
	buf_fini(&y);
	return order;
}

static int compare_values(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind) {
		if (a->kind == VALUE_NULL || b->kind == VALUE_NULL)
			return a->kind == VALUE_NULL ? 1 : -1;
		return (int)a->kind - (int)b->kind;
	}
	switch (a->kind) {
	case VALUE_NULL:
		return 0;
	case VALUE_BOOL:
		return (int)a->truth - (int)b->truth;
	case VALUE_NUMBER:
		return (a->number > b->number) - (a->number < b->number);
	case VALUE_TEXT:
	case VALUE_LIST:
		return compare_bytes(a->text.bytes, a->text.len, b->text.bytes, b->text.len);
	case VALUE_ANCESTORS:
		return compare_ancestors(a, b);
	case VALUE_ADDR:
		return addr_compare(a->addr.family, a->addr.addr, b->addr.family, b->addr.addr);
	}
	return 0;
}

static int compare_groups(const struct column *c, const struct snapshot *snap, const struct row *a,
			  const struct row *b)
{
	struct buf x = { 0 }, y = { 0 };
	bool has_a = !column_is_unknown(c, snap, a), has_b = !column_is_unknown(c, snap, b);
	int order;

	if (!has_a || !has_b)
		return (int)has_b - (int)has_a;
	column_text(c, snap, a, &x);
	column_text(c, snap, b, &y);
	order = compare_bytes(x.data, x.len, y.data, y.len);
	buf_fini(&x);
	buf_fini(&y);
	return order;
}

int column_compare(const struct column *c, const struct snapshot *snap, const struct row *a,
		   const struct row *b)
{
	struct value x = { .kind = VALUE_NULL }, y = { .kind = VALUE_NULL };

	if (c->compare)
		return c->compare(snap, a, b);
	if (!c->get)
		return compare_groups(c, snap, a, b);
	if (column_count(c, snap, a))
		column_value(c, snap, a, 0, &x);
	if (column_count(c, snap, b))
		column_value(c, snap, b, 0, &y);
	return compare_values(&x, &y);
}

/* What is no socket has nothing that could be unknown but where it leads. */
enum problem_lack column_lack(const struct column *c, const struct snapshot *snap,
			      const struct row *row)
{
	if (snap->told && told_lacks(c, snap, row->sk))
		return LACK_DOCUMENT;
	if (!c->lack || (sock_is_forward(row->sk) && !c->count))
		return LACK_NOTHING;
	return c->lack(c, snap, row);
}

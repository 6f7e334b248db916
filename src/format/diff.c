/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Differences as a table: a sign, the columns of the listing, and what changed.  And as CSV. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "query/columns.h"
#include "query/diff.h"
#include "format/csv.h"
#include "format/format.h"
#include "format/output.h"

#define GAP 2

/* clang-format off */
static const struct {
	char sign;
	const char *color; /* SGR sequences (ECMA-48) */
} signs[] = {
	[DIFF_NEW] = { '+', "\033[32m" },
	[DIFF_GONE] = { '-', "\033[31m" },
	[DIFF_CHANGED] = { '~', "\033[33m" },
};
/* clang-format on */

struct view {
	const struct diff *diff;
	const struct format_options *opt;
	size_t *widths;
	struct buf raw; /* scratch */
};

/* The row that a line shows, and its snapshot. */
static const struct row *row_of(const struct diff *d, const struct diff_line *line,
				const struct snapshot **snap)
{
	*snap = line->now ? d->now : d->was;
	return line->now ? line->now : line->was;
}

static void add_visible(struct view *v, struct buf *out)
{
	text_visible(out, v->raw.data, v->raw.len, v->opt->is_ascii);
}

static void add_cell(struct view *v, const struct diff_line *line, size_t column, struct buf *out)
{
	const struct snapshot *snap;
	const struct row *row = row_of(v->diff, line, &snap);

	buf_clear(&v->raw);
	column_text(v->opt->columns[column], snap, row, &v->raw);
	add_visible(v, out);
}

static void add_title(struct view *v, size_t column, struct buf *out)
{
	buf_clear(&v->raw);
	column_title(v->opt->columns[column], &v->raw);
	add_visible(v, out);
}

/* The word by which people know the column. */
static const char *name_of(const struct column *c)
{
	return c->canonical ? c->canonical : c->key;
}

static bool has_reach(const struct diff_line *line)
{
	for (unsigned int i = 0; diff_column(i); i++)
		if (line->changed >> i & 1 && !strcmp(diff_column(i)->key, "reach"))
			return true;
	return false;
}

/* "reach host > all, user ana > eva".  Where the reach changed, the row shows the new address. */
static void add_changes(struct view *v, const struct diff_line *line, struct buf *out)
{
	bool hides_addr = has_reach(line);
	size_t start = out->len;

	for (unsigned int i = 0; diff_column(i); i++) {
		const struct column *c = diff_column(i);

		if (!(line->changed >> i & 1) || (hides_addr && !strcmp(c->key, "local_addr")))
			continue;
		buf_printf(out, "%s%s ", out->len > start ? ", " : "", name_of(c));
		buf_clear(&v->raw);
		diff_value(i, v->diff->was, line->was, &v->raw);
		add_visible(v, out);
		buf_str(out, " > ");
		buf_clear(&v->raw);
		diff_value(i, v->diff->now, line->now, &v->raw);
		add_visible(v, out);
	}
}

/* ---- the table ---- */

static void measure(struct view *v)
{
	struct buf cell = { 0 };

	for (size_t k = 0; k < v->opt->n_columns; k++) {
		for (size_t i = 0; i <= v->diff->n; i++) {
			size_t width;

			buf_clear(&cell);
			if (i < v->diff->n)
				add_cell(v, &v->diff->lines[i], k, &cell);
			else if (v->opt->has_header)
				add_title(v, k, &cell);
			width = text_width(cell.data, cell.len);
			if (width > v->widths[k])
				v->widths[k] = width;
		}
	}
	buf_fini(&cell);
}

/* Adds a padded cell; the last one of a line is not padded. */
static void put_cell(const struct view *v, size_t column, const struct buf *cell, bool is_last,
		     struct buf *out)
{
	size_t width = text_width(cell->data, cell->len), pad = v->widths[column] - width;
	bool is_right = v->opt->columns[column]->is_right;

	if (is_right)
		buf_fill(out, ' ', pad);
	buf_add(out, cell->data, cell->len);
	if (!is_last)
		buf_fill(out, ' ', GAP + (is_right ? 0 : pad));
}

static void put_colored(const struct view *v, const char *color, const char *text, struct buf *out)
{
	if (v->opt->has_color)
		buf_str(out, color);
	buf_str(out, text);
	if (v->opt->has_color)
		buf_str(out, "\033[0m");
}

static void put_header(struct view *v, struct buf *out)
{
	struct buf cell = { 0 }, line = { 0 };
	size_t n = v->opt->n_columns;

	for (size_t k = 0; k < n; k++) {
		buf_clear(&cell);
		add_title(v, k, &cell);
		put_cell(v, k, &cell, k + 1 == n, &line);
	}
	buf_str(out, "  ");
	put_colored(v, "\033[1m", buf_cstr(&line), out);
	buf_char(out, '\n');
	buf_fini(&cell);
	buf_fini(&line);
}

static void put_line(struct view *v, const struct diff_line *line, struct buf *out)
{
	const char sign[] = { signs[line->sign].sign, '\0' };
	struct buf cell = { 0 }, changes = { 0 };
	size_t n = v->opt->n_columns;

	add_changes(v, line, &changes);
	put_colored(v, signs[line->sign].color, sign, out);
	buf_char(out, ' ');
	for (size_t k = 0; k < n; k++) {
		buf_clear(&cell);
		add_cell(v, line, k, &cell);
		put_cell(v, k, &cell, k + 1 == n && !changes.len, out);
	}
	buf_add(out, changes.data, changes.len);
	buf_char(out, '\n');
	buf_fini(&cell);
	buf_fini(&changes);
}

int diff_print(FILE *stream, const struct diff *diff, const struct format_options *opt)
{
	struct view v = { .diff = diff, .opt = opt };
	struct buf out = { 0 };
	int err;

	v.widths = mem_calloc(opt->n_columns, sizeof(*v.widths));
	measure(&v);
	if (opt->has_header && diff->n)
		put_header(&v, &out);
	for (size_t i = 0; i < diff->n; i++)
		put_line(&v, &diff->lines[i], &out);
	err = output_flush(stream, &out);
	buf_fini(&out);
	buf_fini(&v.raw);
	free(v.widths);
	return err;
}

/* ---- CSV ---- */

/* "reach=host,user=ana": what changed, as it was. */
static void add_was(const struct diff *d, const struct diff_line *line, struct buf *out)
{
	size_t start = out->len;

	for (unsigned int i = 0; diff_column(i); i++) {
		if (!(line->changed >> i & 1))
			continue;
		buf_printf(out, "%s%s=", out->len > start ? "," : "", diff_column(i)->key);
		column_plain(diff_column(i), d->was, line->was, out);
	}
}

static void put_field(struct view *v, struct buf *field, struct buf *out)
{
	buf_clear(field);
	text_visible(field, v->raw.data, v->raw.len, false);
	csv_field(field, out);
}

static void put_record(struct view *v, const struct diff_line *line, struct buf *field,
		       struct buf *out)
{
	const struct snapshot *snap;
	const struct row *row = row_of(v->diff, line, &snap);

	buf_printf(out, "%s,", diff_words[line->sign]);
	buf_clear(&v->raw);
	add_was(v->diff, line, &v->raw);
	put_field(v, field, out);
	for (size_t k = 0; k < v->opt->n_columns; k++) {
		buf_char(out, ',');
		buf_clear(&v->raw);
		column_plain(v->opt->columns[k], snap, row, &v->raw);
		put_field(v, field, out);
	}
	buf_str(out, "\r\n");
}

int diff_csv_print(FILE *stream, const struct diff *diff, const struct format_options *opt)
{
	struct view v = { .diff = diff, .opt = opt };
	struct buf out = { 0 }, field = { 0 };
	int err;

	if (opt->has_header) {
		buf_str(&out, "change,was");
		for (size_t k = 0; k < opt->n_columns; k++)
			buf_printf(&out, ",%s", opt->columns[k]->key);
		buf_str(&out, "\r\n");
	}
	for (size_t i = 0; i < diff->n; i++)
		put_record(&v, &diff->lines[i], &field, &out);
	err = output_flush(stream, &out);
	buf_fini(&out);
	buf_fini(&field);
	buf_fini(&v.raw);
	return err;
}

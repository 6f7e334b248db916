/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary: counts instead of rows, as a table and as CSV. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "format/counts.h"
#include "format/csv.h"
#include "format/output.h"
#include "format/format.h"

#define GAP 2

void counts_take(struct summary *s, const struct snapshot *snap, const struct format_options *opt,
		 struct counts_columns *by)
{
	static const char *const keys[COUNTS_COLUMNS] = { "proto", "family", "state" };
	struct summary_request request = {
		.columns = opt->columns,
		.n_columns = opt->n_columns,
		.cell = by->cell,
		.is_ranked = true,
	};

	for (size_t i = 0; i < COUNTS_COLUMNS; i++)
		by->list[i] = column_find(keys[i], strlen(keys[i]));
	if (!opt->n_columns) {
		request.columns = by->list;
		request.n_columns = COUNTS_COLUMNS;
		request.is_ranked = false;
	}
	*s = (struct summary){ 0 };
	summary_take(s, snap, &request);
}

struct cells {
	const struct summary *summary;
	const struct snapshot *snap;
	const struct format_options *opt;
	const struct counts_columns *by;
	const char *unknown; /* the text for a missing value */
	size_t *widths; /* for each column, and for the counts */
};

/* Adds the cell of column i; column n_columns is the count. */
static void add_cell(const struct cells *c, const struct summary_group *group, size_t i,
		     struct buf *out)
{
	const struct summary *s = c->summary;
	struct buf raw = { 0 };

	buf_clear(out);
	if (i == s->n_columns) {
		buf_u64(out, group->count);
		return;
	}
	if (s->columns[i]->is_total) {
		const struct value *total = summary_total(s, group, s->columns[i]);

		if (total->kind == VALUE_NUMBER)
			buf_u64(out, total->number);
		else
			buf_str(out, c->unknown);
		return;
	}
	c->by->cell(s->columns[i], c->snap, group->row, &raw);
	text_visible(out, raw.data, raw.len, c->opt->is_ascii);
	buf_fini(&raw);
}

static void add_title(const struct cells *c, size_t i, struct buf *out)
{
	struct buf raw = { 0 };

	buf_clear(out);
	if (i == c->summary->n_columns)
		buf_str(&raw, _("COUNT"));
	else
		column_title(c->summary->columns[i], &raw);
	text_visible(out, raw.data, raw.len, c->opt->is_ascii);
	buf_fini(&raw);
}

static void widen(size_t *width, const struct buf *cell)
{
	size_t used = text_width(cell->data, cell->len);

	if (used > *width)
		*width = used;
}

static void measure(const struct cells *c, struct buf *cell)
{
	for (size_t i = 0; i <= c->summary->n_columns; i++) {
		if (c->opt->has_header) {
			add_title(c, i, cell);
			widen(&c->widths[i], cell);
		}
		for (size_t k = 0; k < c->summary->n; k++) {
			add_cell(c, &c->summary->groups[k], i, cell);
			widen(&c->widths[i], cell);
		}
	}
}

static void put_padded(const struct cells *c, size_t i, const struct buf *cell, struct buf *out)
{
	size_t n = c->summary->n_columns, used = text_width(cell->data, cell->len);
	size_t pad = c->widths[i] - used;
	bool is_right = i == n || c->summary->columns[i]->is_right;

	if (i)
		buf_fill(out, ' ', GAP);
	if (is_right)
		buf_fill(out, ' ', pad);
	buf_add(out, cell->data, cell->len);
	if (!is_right)
		buf_fill(out, ' ', pad);
}

static void put_table(const struct cells *c, struct buf *out)
{
	size_t n = c->summary->n_columns;
	struct buf cell = { 0 };

	measure(c, &cell);
	for (size_t i = 0; c->opt->has_header && i <= n; i++) {
		add_title(c, i, &cell);
		put_padded(c, i, &cell, out);
	}
	if (c->opt->has_header)
		buf_char(out, '\n');
	for (size_t k = 0; k < c->summary->n; k++) {
		for (size_t i = 0; i <= n; i++) {
			add_cell(c, &c->summary->groups[k], i, &cell);
			put_padded(c, i, &cell, out);
		}
		buf_char(out, '\n');
	}
	buf_fini(&cell);
}

/* -0: cells separated by tabs, rows terminated by NUL. */
static void put_null_rows(const struct cells *c, struct buf *out)
{
	struct buf cell = { 0 };

	for (size_t k = 0; k < c->summary->n; k++) {
		for (size_t i = 0; i <= c->summary->n_columns; i++) {
			add_cell(c, &c->summary->groups[k], i, &cell);
			if (i)
				buf_char(out, '\t');
			buf_add(out, cell.data, cell.len);
		}
		buf_char(out, '\0');
	}
	buf_fini(&cell);
}

int summary_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt)
{
	struct counts_columns by = { .cell = opt->is_null ? column_exact : column_text };
	struct summary summary;
	struct cells cells = { &summary, snap, opt, &by, "-", NULL };
	struct buf out = { 0 };
	int err;

	counts_take(&summary, snap, opt, &by);
	cells.widths = mem_calloc(summary.n_columns + 1, sizeof(*cells.widths));
	if (opt->is_null)
		put_null_rows(&cells, &out);
	else
		put_table(&cells, &out);
	err = output_flush(stream, &out);
	buf_fini(&out);
	free(cells.widths);
	summary_fini(&summary);
	return err;
}

int summary_csv_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt)
{
	struct counts_columns by = { .cell = column_plain };
	struct format_options plain = *opt;
	struct summary summary;
	struct cells cells = { &summary, snap, &plain, &by, "", NULL };
	struct buf out = { 0 }, cell = { 0 };
	int err;

	plain.is_ascii = false;
	counts_take(&summary, snap, opt, &by);
	for (size_t i = 0; opt->has_header && i < summary.n_columns; i++)
		buf_printf(&out, "%s,", summary.columns[i]->key);
	if (opt->has_header)
		buf_str(&out, "count\r\n");
	for (size_t k = 0; k < summary.n; k++) {
		for (size_t i = 0; i <= summary.n_columns; i++) {
			if (i)
				buf_char(&out, ',');
			add_cell(&cells, &summary.groups[k], i, &cell);
			csv_field(&cell, &out);
		}
		buf_str(&out, "\r\n");
	}
	err = output_flush(stream, &out);
	buf_fini(&out);
	buf_fini(&cell);
	summary_fini(&summary);
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table: columns as wide as what they hold, shortened only for a terminal. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/sock.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "view/output.h"
#include "view/view.h"

#define GAP 2
/* No column is made narrower than this for a terminal's sake. */
#define NARROWEST 6

struct table {
	const struct view_options *opt;
	struct buf cells; /* row after row, each cell ended by NUL: visible text holds none */
	size_t *widths;
	bool is_narrow; /* all cells are printable ASCII: as wide as they are long */
};

/* Writes the cell at the end of out, visible.  True where it is printable ASCII. */
static bool add_cell(const struct column *c, const struct snapshot *snap, const struct row *row,
		     bool is_ascii, struct buf *raw, struct buf *out)
{
	size_t start = out->len;

	column_text(c, snap, row, out);
	if (text_ascii_run(out->data + start, out->len - start) == out->len - start)
		return true;
	buf_clear(raw);
	buf_add(raw, out->data + start, out->len - start);
	out->len = start;
	text_visible(out, raw->data, raw->len, is_ascii);
	return is_ascii;
}

static void end_cell(struct table *t, size_t column, size_t start, bool is_narrow)
{
	size_t width = t->cells.len - start;

	if (!is_narrow)
		width = text_width(t->cells.data + start, width);
	t->is_narrow = t->is_narrow && is_narrow;
	if (width > t->widths[column])
		t->widths[column] = width;
	buf_char(&t->cells, '\0');
}

static void fill(struct table *t, const struct snapshot *snap)
{
	const struct view_options *opt = t->opt;
	struct buf raw = { 0 };

	for (size_t i = 0; opt->has_header && i < opt->n_columns; i++) {
		size_t start = t->cells.len;
		const char *title = _(opt->columns[i]->title);

		text_visible(&t->cells, title, strlen(title), opt->is_ascii);
		end_cell(t, i, start, false);
	}
	t->is_narrow = true;
	for (size_t row = 0; row < snap->n_rows; row++) {
		for (size_t i = 0; i < opt->n_columns; i++) {
			size_t start = t->cells.len;
			bool is_narrow = add_cell(opt->columns[i], snap, &snap->rows[row],
						  opt->is_ascii, &raw, &t->cells);

			end_cell(t, i, start, is_narrow);
		}
	}
	buf_fini(&raw);
}

/* Takes from the widest column until all fit into the terminal.  True where something was taken. */
static bool shrink(struct table *t)
{
	size_t n = t->opt->n_columns, total = 0;
	bool is_shrunk = false;

	for (size_t i = 0; i < n; i++)
		total += t->widths[i] + (i ? GAP : 0);
	while (t->opt->width && total > t->opt->width) {
		size_t widest = 0, second = NARROWEST, excess = total - t->opt->width, take;

		for (size_t i = 1; i < n; i++)
			if (t->widths[i] > t->widths[widest])
				widest = i;
		for (size_t i = 0; i < n; i++)
			if (i != widest && t->widths[i] > second)
				second = t->widths[i];
		if (t->widths[widest] <= NARROWEST)
			break;
		take = t->widths[widest] > second ? t->widths[widest] - second : 1;
		if (take > excess)
			take = excess;
		t->widths[widest] -= take;
		total -= take;
		is_shrunk = true;
	}
	return is_shrunk;
}

/* SGR sequences (ECMA-48): what is open to peers stands out, what is ending steps back. */
static const char *state_color(const char *cell)
{
	static const struct {
		const char *title;
		const char *color;
	} colors[] = {
		{ "LISTEN", "\033[32m" },     { "BOUND", "\033[32m" },	  { "SYN-SENT", "\033[33m" },
		{ "SYN-RECV", "\033[33m" },   { "CLOSE-WAIT", "\033[31m" }, { "TIME-WAIT", "\033[2m" },
		{ "FIN-WAIT-1", "\033[2m" }, { "FIN-WAIT-2", "\033[2m" }, { "LAST-ACK", "\033[2m" },
		{ "CLOSING", "\033[2m" },
	};

	for (size_t i = 0; i < sizeof(colors) / sizeof(*colors); i++)
		if (!strcmp(cell, colors[i].title))
			return colors[i].color;
	return NULL;
}

static const char *cell_color(const struct table *t, size_t column, const char *cell, bool is_header)
{
	if (!t->opt->has_color)
		return NULL;
	if (is_header)
		return "\033[1m";
	return strcmp(t->opt->columns[column]->key, "state") ? NULL : state_color(cell);
}

static void put_cell(const struct table *t, size_t column, const char *cell, size_t len,
		     bool is_header, struct buf *out)
{
	const char *color = cell_color(t, column, cell, is_header);
	const char *mark = t->opt->is_ascii ? "~" : "\xe2\x80\xa6";
	bool is_last = column + 1 == t->opt->n_columns;
	size_t room = t->widths[column], width = text_width(cell, len);
	bool is_cut = t->opt->width && width > room;

	if (is_cut) {
		len = text_fit(cell, len, room - 1, &width);
		width++;
	}
	if (t->opt->columns[column]->is_right && width < room)
		buf_fill(out, ' ', room - width);
	if (color)
		buf_str(out, color);
	buf_add(out, cell, len);
	if (is_cut)
		buf_str(out, mark);
	if (color)
		buf_str(out, "\033[0m");
	if (is_last)
		return;
	if (!t->opt->columns[column]->is_right && width < room)
		buf_fill(out, ' ', room - width);
	buf_fill(out, ' ', GAP);
}

static const char *put_row(const struct table *t, const char *cell, bool is_header, struct buf *out)
{
	for (size_t i = 0; i < t->opt->n_columns; i++) {
		size_t len = strlen(cell);

		put_cell(t, i, cell, len, is_header, out);
		cell += len + 1;
	}
	buf_char(out, '\n');
	return cell;
}

/* The same where nothing is coloured, wide or cut: most listings are, and long ones have to be fast. */
static const char *put_plain_row(const struct table *t, const char *cell, size_t row_max,
				 struct buf *out)
{
	char *start = buf_reserve(out, row_max), *at = start;
	size_t n = t->opt->n_columns;

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(cell), pad = t->widths[i] - len;

		if (t->opt->columns[i]->is_right) {
			memset(at, ' ', pad);
			at += pad;
			pad = 0;
		}
		/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): a line of cells has one end */
		memcpy(at, cell, len);
		at += len;
		cell += len + 1;
		if (i + 1 == n)
			break;
		memset(at, ' ', pad + GAP);
		at += pad + GAP;
	}
	*at++ = '\n';
	out->len += (size_t)(at - start);
	return cell;
}

static int put_rows(const struct table *t, bool is_shrunk, FILE *stream)
{
	bool is_plain = t->is_narrow && !t->opt->has_color && !is_shrunk;
	const char *cell = t->cells.data, *end;
	size_t row_max = 1;
	struct buf out = { 0 };
	int err = 0;

	/* Neither a header nor a row. */
	if (!t->cells.len)
		return 0;
	end = cell + t->cells.len;
	for (size_t i = 0; i < t->opt->n_columns; i++)
		row_max += t->widths[i] + GAP;
	if (t->opt->has_header)
		cell = put_row(t, cell, true, &out);
	while (!err && cell < end) {
		cell = is_plain ? put_plain_row(t, cell, row_max, &out) : put_row(t, cell, false, &out);
		err = output_check(stream, &out);
	}
	if (!err)
		err = output_flush(stream, &out);
	buf_fini(&out);
	return err;
}

static int null_print(FILE *stream, const struct snapshot *snap, const struct view_options *opt)
{
	struct buf raw = { 0 }, out = { 0 };
	int err = 0;

	for (size_t row = 0; !err && row < snap->n_rows; row++) {
		for (size_t i = 0; i < opt->n_columns; i++) {
			if (i)
				buf_char(&out, '\t');
			add_cell(opt->columns[i], snap, &snap->rows[row], opt->is_ascii, &raw, &out);
		}
		buf_char(&out, '\0');
		err = output_check(stream, &out);
	}
	if (!err)
		err = output_flush(stream, &out);
	buf_fini(&raw);
	buf_fini(&out);
	return err;
}

int list_print(FILE *out, const struct snapshot *snap, const struct view_options *opt)
{
	struct table t = { .opt = opt, .is_narrow = true };
	int err;

	if (opt->is_null)
		return null_print(out, snap, opt);
	t.widths = mem_calloc(opt->n_columns, sizeof(*t.widths));
	fill(&t, snap);
	err = put_rows(&t, shrink(&t), out);
	buf_fini(&t.cells);
	free(t.widths);
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list: a table with columns as wide as their cells, shortened only to fit a terminal. */
#include <config.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/thread.h"
#include "model/sock.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "format/output.h"
#include "format/format.h"

#define GAP 2
/* Columns are not narrowed below this width if others can be, */
#define NARROWEST 6
/* and those with address and port not below that of most IPv4 addresses, or else of a port. */
#define NARROWEST_END 16
#define NARROWEST_PORT 10
/* Most names of processes, and a pid. */
#define NARROWEST_OWNER 16
/* If nothing else helps. */
#define NARROWEST_OTHER 3
/* Starting a thread costs as much as measuring this many rows. */
#define ROWS_WORTH_A_THREAD 2048U
/* Rows that a thread takes at a time, since rows take unequal time. */
#define CHUNK_ROWS 512U

struct table {
	const struct format_options *opt;
	const struct snapshot *snap;
	size_t *widths;
	bool is_bare; /* one column and no header: nothing to align */
	bool is_plain; /* all cells are printable ASCII, and none is coloured or cut */
};

/* Adds the cell to out, without control characters.  True if it was printable ASCII before. */
static bool add_cell(const struct table *t, size_t row, size_t column, struct buf *raw,
		     struct buf *out)
{
	size_t start = out->len;

	if (t->opt->is_null)
		column_exact(t->opt->columns[column], t->snap, &t->snap->rows[row], out);
	else
		column_text(t->opt->columns[column], t->snap, &t->snap->rows[row], out);
	if (text_ascii_run(out->data + start, out->len - start) == out->len - start)
		return true;
	buf_clear(raw);
	buf_add(raw, out->data + start, out->len - start);
	out->len = start;
	text_visible(out, raw->data, raw->len, t->opt->is_ascii);
	return false;
}

static void add_title(const struct table *t, size_t column, struct buf *out)
{
	struct buf title = { 0 };

	column_title(t->opt->columns[column], &title);
	text_visible(out, title.data, title.len, t->opt->is_ascii);
	buf_fini(&title);
}

/* The result of one thread. */
struct share {
	size_t *widths;
	bool is_narrow; /* all cells are printable ASCII: width is length */
};

/* Several threads measure the cells, each taking CHUNK_ROWS at a time. */
struct measure {
	const struct table *table;
	_Atomic size_t next; /* the first row not yet taken */
	struct share shares[THREAD_CREW_MAX];
};

static void measure_row(const struct table *t, size_t row, struct buf scratch[2],
			struct share *share)
{
	for (size_t i = 0; i < t->opt->n_columns; i++) {
		size_t width;

		buf_clear(&scratch[1]);
		if (add_cell(t, row, i, &scratch[0], &scratch[1])) {
			width = scratch[1].len;
		} else {
			width = text_width(scratch[1].data, scratch[1].len);
			share->is_narrow = false;
		}
		if (width > share->widths[i])
			share->widths[i] = width;
	}
}

static void measure_rows(void *data, unsigned int worker)
{
	struct measure *m = data;
	const struct snapshot *snap = m->table->snap;
	struct buf scratch[2] = { 0 };
	size_t row;

	while ((row = atomic_fetch_add(&m->next, CHUNK_ROWS)) < snap->n_rows) {
		size_t end = row + CHUNK_ROWS < snap->n_rows ? row + CHUNK_ROWS : snap->n_rows;

		for (; row < end; row++)
			measure_row(m->table, row, scratch, &m->shares[worker]);
	}
	buf_fini(&scratch[0]);
	buf_fini(&scratch[1]);
}

static void measure_titles(struct table *t)
{
	struct buf title = { 0 };

	for (size_t i = 0; t->opt->has_header && i < t->opt->n_columns; i++) {
		buf_clear(&title);
		add_title(t, i, &title);
		t->widths[i] = text_width(title.data, title.len);
	}
	buf_fini(&title);
}

/* Sets the widths.  True if all cells are printable ASCII. */
static bool measure(struct table *t)
{
	struct measure m = { .table = t };
	size_t n = t->opt->n_columns;
	unsigned int n_shares;
	bool is_narrow = true;

	measure_titles(t);
	n_shares = thread_crew_size(t->snap->n_rows, ROWS_WORTH_A_THREAD);
	for (unsigned int i = 0; i < n_shares; i++)
		m.shares[i] = (struct share){ mem_calloc(n, sizeof(*t->widths)), true };
	thread_crew(n_shares, measure_rows, &m);
	for (unsigned int i = 0; i < n_shares; i++) {
		for (size_t k = 0; k < n; k++)
			if (m.shares[i].widths[k] > t->widths[k])
				t->widths[k] = m.shares[i].widths[k];
		is_narrow = is_narrow && m.shares[i].is_narrow;
		free(m.shares[i].widths);
	}
	return is_narrow;
}

/* How narrow columns may become.  What matters less is narrowed first, and what matters most last. */
struct floor {
	size_t end; /* with address and port */
	size_t owner; /* with name and pid */
	size_t number; /* of which a part is of little use */
	size_t other;
};

static const struct floor floors[] = {
	{ SIZE_MAX, SIZE_MAX, SIZE_MAX, NARROWEST },
	{ NARROWEST_END, NARROWEST_OWNER, NARROWEST, NARROWEST },
	{ NARROWEST_PORT, NARROWEST, NARROWEST, NARROWEST },
	{ NARROWEST_PORT, NARROWEST, NARROWEST, NARROWEST_OTHER },
};
#define FLOORS (sizeof(floors) / sizeof(*floors))

static bool is_owner(const struct column *c)
{
	return c->shape == COLUMN_COMPOSITE && !c->keeps_port;
}

static size_t least_width(const struct table *t, size_t column, const struct floor *floor)
{
	const struct column *c = t->opt->columns[column];
	size_t least = c->keeps_port ? floor->end
		       : is_owner(c) ? floor->owner
		       : c->is_right ? floor->number
				     : floor->other;

	return t->widths[column] < least ? t->widths[column] : least;
}

/* The widest column that may be narrowed; the number of columns if there is none. */
static size_t widest_column(const struct table *t, const struct floor *floor)
{
	size_t n = t->opt->n_columns, widest = n;

	for (size_t i = 0; i < n; i++)
		if (t->widths[i] > least_width(t, i, floor) &&
		    (widest == n || t->widths[i] > t->widths[widest]))
			widest = i;
	return widest;
}

/*
 * Narrows the widest columns until all fit into the terminal.  Returns whether any was narrowed; if
 * they cannot fit, none is, since the terminal wraps the lines anyway.
 */
static bool shrink(struct table *t)
{
	size_t n = t->opt->n_columns, total = 0, least = 0, column;

	for (size_t i = 0; i < n; i++) {
		size_t gap = i ? GAP : 0;

		total += t->widths[i] + gap;
		least += least_width(t, i, &floors[FLOORS - 1]) + gap;
	}
	if (!t->opt->width || total <= t->opt->width || least > t->opt->width)
		return false;
	for (size_t k = 0; k < FLOORS; k++) {
		while (total > t->opt->width && (column = widest_column(t, &floors[k])) < n) {
			t->widths[column]--;
			total--;
		}
	}
	return true;
}

/* SGR sequences (ECMA-48): listeners are highlighted, closing connections are dimmed. */
static const char *state_color(const struct buf *cell)
{
	/* clang-format off */
	static const struct {
		const char *title;
		const char *color;
	} colors[] = {
		{ "LISTEN", "\033[32m" },     { "BOUND", "\033[32m" },	  { "SYN-SENT", "\033[33m" },
		{ "SYN-RECV", "\033[33m" },   { "CLOSE-WAIT", "\033[31m" }, { "TIME-WAIT", "\033[2m" },
		{ "FIN-WAIT-1", "\033[2m" }, { "FIN-WAIT-2", "\033[2m" }, { "LAST-ACK", "\033[2m" },
		{ "CLOSING", "\033[2m" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(colors) / sizeof(*colors); i++)
		if (strlen(colors[i].title) == cell->len &&
		    !memcmp(cell->data, colors[i].title, cell->len))
			return colors[i].color;
	return NULL;
}

static const char *cell_color(const struct table *t, size_t column, const struct buf *cell,
			      bool is_header)
{
	if (!t->opt->has_color)
		return NULL;
	if (is_header)
		return "\033[1m";
	return t->opt->columns[column]->cond == COND_STATE ? state_color(cell) : NULL;
}

/* "[812]", "[812] +3": what follows the name of the first owner; 0 if there is none. */
static size_t pid_tail(const struct buf *cell)
{
	const char *open = memchr(cell->data, '[', cell->len);

	return open ? cell->len - (size_t)(open - cell->data) : 0;
}

/* How much of its end a cell keeps when it is shortened. */
static size_t tail_of(const struct column *c, const struct buf *cell)
{
	if (!cell->len)
		return 0;
	if (c->keeps_port)
		return addr_port_tail(cell->data, cell->len);
	return is_owner(c) ? pid_tail(cell) : 0;
}

/* Adds a padded cell, shortened if necessary. */
static void put_cell(const struct table *t, size_t column, struct buf *cell, bool is_header,
		     struct buf *out)
{
	const struct column *c = t->opt->columns[column];
	const char *color = cell_color(t, column, cell, is_header);
	const char *mark = t->opt->is_ascii ? "~" : "\xe2\x80\xa6";
	bool is_last = column + 1 == t->opt->n_columns;
	size_t room = t->widths[column], width;

	if (t->opt->width)
		text_shorten(cell, 0, room, mark, tail_of(c, cell));
	width = text_width(cell->data, cell->len);
	if (c->is_right && width < room && !t->is_bare)
		buf_fill(out, ' ', room - width);
	if (color)
		buf_str(out, color);
	buf_add(out, cell->data, cell->len);
	if (color)
		buf_str(out, "\033[0m");
	if (is_last)
		return;
	if (!c->is_right && width < room)
		buf_fill(out, ' ', room - width);
	buf_fill(out, ' ', GAP);
}

static void put_header(const struct table *t, struct buf *out)
{
	struct buf title = { 0 };

	for (size_t i = 0; i < t->opt->n_columns; i++) {
		buf_clear(&title);
		add_title(t, i, &title);
		put_cell(t, i, &title, true, out);
	}
	buf_char(out, '\n');
	buf_fini(&title);
}

/*
 * Pads each cell in place, without a copy: long listings, mostly plain, have to be fast.  measure() has
 * looked at each cell: nothing has to be made visible.
 */
static void put_plain_row(const struct table *t, size_t row, struct buf *out)
{
	size_t n = t->opt->n_columns;

	for (size_t i = 0; i < n; i++) {
		size_t start = out->len, len, pad;

		column_text(t->opt->columns[i], t->snap, &t->snap->rows[row], out);
		len = out->len - start;
		pad = t->widths[i] > len ? t->widths[i] - len : 0;
		if (t->opt->columns[i]->is_right && pad && !t->is_bare) {
			buf_fill(out, ' ', pad);
			memmove(out->data + start + pad, out->data + start, len);
			memset(out->data + start, ' ', pad);
			pad = 0;
		}
		if (i + 1 < n)
			buf_fill(out, ' ', pad + GAP);
	}
	buf_char(out, '\n');
}

static void put_row(const void *view, size_t row, struct buf scratch[2], struct buf *out)
{
	const struct table *t = view;

	if (t->is_plain) {
		put_plain_row(t, row, out);
		return;
	}
	for (size_t i = 0; i < t->opt->n_columns; i++) {
		buf_clear(&scratch[1]);
		add_cell(t, row, i, &scratch[0], &scratch[1]);
		put_cell(t, i, &scratch[1], false, out);
	}
	buf_char(out, '\n');
}

static void put_null_row(const void *view, size_t row, struct buf scratch[2], struct buf *out)
{
	const struct table *t = view;

	for (size_t i = 0; i < t->opt->n_columns; i++) {
		if (i)
			buf_char(out, '\t');
		add_cell(t, row, i, &scratch[0], out);
	}
	buf_char(out, '\0');
}

int list_print(FILE *out, const struct snapshot *snap, const struct format_options *opt)
{
	struct table t = { .opt = opt,
			   .snap = snap,
			   .is_bare = !opt->has_header && opt->n_columns == 1 };
	struct output_rows rows = { put_row, &t, snap };
	struct buf head = { 0 };
	bool is_narrow;
	int err;

	if (opt->is_null) {
		rows.put = put_null_row;
		return output_rows(out, &head, &rows);
	}
	t.widths = mem_calloc(opt->n_columns, sizeof(*t.widths));
	is_narrow = measure(&t);
	t.is_plain = !shrink(&t) && is_narrow && !opt->has_color;
	if (opt->has_header)
		put_header(&t, &head);
	err = output_rows(out, &head, &rows);
	buf_fini(&head);
	free(t.widths);
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comma-separated values (RFC 4180), with the keys and values of JSON. */
#include <config.h>

#include <string.h>

#include "base/text.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "format/csv.h"
#include "format/output.h"
#include "format/format.h"

/*
 * RFC 4180, section 2: a field with a quote, comma or line break is quoted, and quotes are doubled.
 */
void csv_field(const struct buf *field, struct buf *out)
{
	bool needs_quotes = false;

	for (size_t i = 0; i < field->len && !needs_quotes; i++)
		needs_quotes = strchr("\",\r\n", field->data[i]) != NULL;
	if (!needs_quotes) {
		buf_add(out, field->data, field->len);
		return;
	}
	buf_char(out, '"');
	for (size_t i = 0; i < field->len; i++) {
		if (field->data[i] == '"')
			buf_char(out, '"');
		buf_char(out, field->data[i]);
	}
	buf_char(out, '"');
}

static void put_header(const struct format_options *opt, struct buf *out)
{
	for (size_t i = 0; i < opt->n_columns; i++) {
		if (i)
			buf_char(out, ',');
		buf_str(out, opt->columns[i]->key);
	}
	buf_add(out, "\r\n", 2);
}

struct csv {
	const struct snapshot *snap;
	const struct format_options *opt;
};

static void put_row(const void *view, size_t row, struct buf scratch[2], struct buf *out)
{
	const struct csv *csv = view;

	for (size_t i = 0; i < csv->opt->n_columns; i++) {
		struct buf *raw = &scratch[0], *field = &scratch[1];

		buf_clear(raw);
		buf_clear(field);
		column_plain(csv->opt->columns[i], csv->snap, &csv->snap->rows[row], raw);
		text_visible(field, raw->data, raw->len, false);
		if (i)
			buf_char(out, ',');
		csv_field(field, out);
	}
	buf_add(out, "\r\n", 2);
}

int csv_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt)
{
	struct csv csv = { snap, opt };
	struct buf head = { 0 };
	int err;

	if (opt->has_header)
		put_header(opt, &head);
	err = output_rows(stream, &head, &(struct output_rows){ put_row, &csv, snap });
	buf_fini(&head);
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comma-separated values (RFC 4180), in the words of JSON. */
#include <config.h>

#include <string.h>

#include "base/text.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "view/output.h"
#include "view/view.h"

/* RFC 4180 section 2: what holds a quote, a comma or a line break stands in quotes, quotes doubled. */
static void put_field(const struct buf *field, struct buf *out)
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

static void put_header(const struct view_options *opt, struct buf *out)
{
	for (size_t i = 0; i < opt->n_columns; i++) {
		if (i)
			buf_char(out, ',');
		buf_str(out, opt->columns[i]->key);
	}
	buf_add(out, "\r\n", 2);
}

int csv_print(FILE *stream, const struct snapshot *snap, const struct view_options *opt)
{
	struct buf raw = { 0 }, field = { 0 }, out = { 0 };
	int err = 0;

	if (opt->has_header)
		put_header(opt, &out);
	for (size_t row = 0; !err && row < snap->n_rows; row++) {
		for (size_t i = 0; i < opt->n_columns; i++) {
			buf_clear(&raw);
			buf_clear(&field);
			column_plain(opt->columns[i], snap, &snap->rows[row], &raw);
			text_visible(&field, raw.data, raw.len, false);
			if (i)
				buf_char(&out, ',');
			put_field(&field, &out);
		}
		buf_add(&out, "\r\n", 2);
		err = output_check(stream, &out);
	}
	if (!err)
		err = output_flush(stream, &out);
	buf_fini(&raw);
	buf_fini(&field);
	buf_fini(&out);
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Differences in JSON: rows with the keys "change" and "was". */
#include <config.h>

#include "base/buf.h"
#include "query/columns.h"
#include "query/diff.h"
#include "format/format.h"
#include "format/json_text.h"
#include "format/output.h"

/* More columns than are compared. */
#define COMPARED_MAX 32U

/* The keys that changed, as they were. */
static void put_was(const struct diff *d, const struct diff_line *line, struct buf *out)
{
	const struct column *list[COMPARED_MAX];
	size_t n = 0;

	for (unsigned int i = 0; i < COMPARED_MAX && diff_column(i); i++)
		if (line->changed >> i & 1)
			list[n++] = diff_column(i);
	json_row(out, d->was, line->was, list, n);
}

static void put_line(const struct diff *d, const struct diff_line *line,
		     const struct format_options *opt, struct buf *out)
{
	struct buf row = { 0 };

	buf_printf(out, "{\"change\": \"%s\", \"was\": ", diff_words[line->sign]);
	if (line->sign == DIFF_CHANGED)
		put_was(d, line, out);
	else
		buf_str(out, "null");
	json_row(&row, line->now ? d->now : d->was, line->now ? line->now : line->was, opt->columns,
		 opt->n_columns);
	/* The rest of the object, without its brace. */
	buf_str(out, ", ");
	buf_add(out, row.data + 1, row.len - 1);
	buf_fini(&row);
}

int diff_json_print(FILE *stream, const struct diff *diff, const struct format_options *opt)
{
	struct buf out = { 0 };
	int err;

	json_head(&out, diff->now, opt);
	buf_str(&out, "\"sockets\": [");
	for (size_t i = 0; i < diff->n; i++) {
		buf_str(&out, i ? ",\n  " : "\n  ");
		put_line(diff, &diff->lines[i], opt, &out);
	}
	buf_str(&out, "]}\n");
	err = output_flush(stream, &out);
	buf_fini(&out);
	return err;
}

int diff_json_lines_print(FILE *stream, const struct diff *diff, const struct format_options *opt)
{
	struct buf out = { 0 };
	int err;

	for (size_t i = 0; i < diff->n; i++) {
		put_line(diff, &diff->lines[i], opt, &out);
		buf_char(&out, '\n');
	}
	err = output_flush(stream, &out);
	buf_fini(&out);
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command writes, as it arrives in pieces. */
#include <config.h>

#include "remote/output.h"

#include <errno.h>
#include <string.h>

void output_fini(struct output *o)
{
	buf_fini(&o->line);
	buf_fini(&o->complaint);
}

void output_clear(struct output *o)
{
	output_fini(o);
	o->n_banner = 0;
	o->complaint_is_over = false;
}

/* A line is complete. */
static int end_line(struct output *o, output_line *line, void *data)
{
	bool is_wrong;

	if (o->line.len && *o->line.data == '{') {
		is_wrong = !line(data, o->line.data, o->line.len);
	} else {
		o->n_banner += o->line.len + 1;
		is_wrong = o->n_banner > OUTPUT_BANNER_MAX;
	}
	buf_clear(&o->line);
	return is_wrong ? -EBADMSG : 0;
}

static int check_length(const struct output *o)
{
	bool is_document = o->keeps_all || (o->line.len && *o->line.data == '{');

	if (is_document)
		return o->line.len > OUTPUT_LINE_MAX ? -E2BIG : 0;
	return o->n_banner + o->line.len > OUTPUT_BANNER_MAX ? -EBADMSG : 0;
}

int output_take(struct output *o, const char *bytes, size_t n, output_line *line, void *data)
{
	const char *at = bytes, *end = bytes + n;

	while (at < end) {
		const char *newline = o->keeps_all ? NULL : memchr(at, '\n', (size_t)(end - at));
		int err;

		buf_add(&o->line, at, (size_t)((newline ? newline : end) - at));
		err = check_length(o);
		if (!err && newline)
			err = end_line(o, line, data);
		if (err)
			return err;
		at = newline ? newline + 1 : end;
	}
	return 0;
}

void output_complain(struct output *o, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];

		if (c == '\n' || c == '\r') {
			o->complaint_is_over = true;
			continue;
		}
		if (o->complaint_is_over && c != ' ' && c != '\t') {
			buf_clear(&o->complaint);
			o->complaint_is_over = false;
		}
		if (!o->complaint_is_over && o->complaint.len < OUTPUT_COMPLAINT_MAX)
			buf_char(&o->complaint, c);
	}
}

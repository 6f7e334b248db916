/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -F FILE: filter text from files, and which file and line a byte of the text comes from. */
#include <config.h>

#include "filter_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/io.h"
#include "base/mem.h"
#include "query/filter.h"

void filter_files_fini(struct filter_files *f)
{
	buf_fini(&f->raw);
	free(f->pieces);
	*f = (struct filter_files){ 0 };
}

int filter_file_read(const char *path, struct buf *out)
{
	if (!strcmp(path, "-"))
		return io_read_all(STDIN_FILENO, FILTER_LENGTH_MAX, out);
	return caller_read_file(path, FILTER_LENGTH_MAX, out);
}

/* Adds the text of a file, with blanks in place of comments and newlines. */
static void add_words(const struct buf *file, size_t from, struct buf *text)
{
	bool is_comment = false, is_quoted = false, is_behind_blank = true;

	for (size_t i = from; i < file->len; i++) {
		char c = file->data[i];
		bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';

		if (c == '\n')
			is_comment = is_quoted = false;
		else if (c == '"' && !is_comment && (i == from || file->data[i - 1] != '\\'))
			is_quoted = !is_quoted;
		else if (c == '#' && is_behind_blank && !is_quoted)
			is_comment = true;
		is_behind_blank = is_blank;
		buf_char(text, is_comment || (is_blank && !is_quoted) ? ' ' : c);
	}
}

int filter_files_add(struct filter_files *f, const char *path, struct buf *text)
{
	size_t start;
	int err;

	/* The text from the command line is at the same offset in both buffers. */
	if (!f->n)
		buf_add(&f->raw, text->data, text->len);
	buf_char(&f->raw, '\n');
	buf_char(text, ' ');
	start = f->raw.len;
	f->pieces = mem_grow(f->pieces, f->n, &f->cap, sizeof(*f->pieces));
	f->pieces[f->n++] = (struct filter_piece){ start, path };
	err = filter_file_read(path, &f->raw);
	if (!err)
		add_words(&f->raw, start, text);
	return err;
}

struct filter_line filter_files_line(const struct filter_files *f, const struct buf *text,
				     size_t pos)
{
	struct filter_line line = { .end = f->n ? f->pieces[0].start - 1 : text->len };
	size_t piece = 0;

	while (piece < f->n && f->pieces[piece].start <= pos)
		piece++;
	if (!piece)
		return line;
	line.path = f->pieces[piece - 1].path;
	line.start = f->pieces[piece - 1].start;
	line.number = 1;
	for (size_t i = line.start; i < pos && i < f->raw.len; i++) {
		/* An error at the end of the text is reported for its last line. */
		if (f->raw.data[i] != '\n' || i + 1 == f->raw.len)
			continue;
		line.number++;
		line.start = i + 1;
	}
	line.end = line.start;
	while (line.end < f->raw.len && f->raw.data[line.end] != '\n')
		line.end++;
	return line;
}

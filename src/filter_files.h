/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -F FILE: filter text from files, and which file and line a byte of the text comes from. */
#ifndef PORTSTAT_FILTER_FILES_H
#define PORTSTAT_FILTER_FILES_H

#include <stddef.h>

#include "base/buf.h"

struct filter_piece {
	size_t start; /* offset in the filter's text */
	const char *path; /* borrowed */
};

/* Zero-initialised: no files. */
struct filter_files {
	struct buf raw; /* the original text of the files, with the same offsets */
	struct filter_piece *pieces;
	size_t n;
	size_t cap;
};

void filter_files_fini(struct filter_files *f);

/* Appends a file ("-": standard input) as it is.  0 or -errno: -EFBIG above FILTER_LENGTH_MAX. */
int filter_file_read(const char *path, struct buf *out);

/*
 * Appends a file ("-": standard input) to the filter's text, with comments (from a # at the start
 * of a line or after a blank, up to the end of the line) and newlines replaced by blanks. 0 or
 * -errno: -EFBIG if the text would exceed FILTER_LENGTH_MAX.
 */
int filter_files_add(struct filter_files *f, const char *path, struct buf *text);

/* A line of the text: bytes start up to end. */
struct filter_line {
	const char *path; /* NULL: the command line */
	size_t number; /* line number in the file, from 1 */
	size_t start;
	size_t end;
};

/* The line that has byte pos of the text; pos may be its end. */
struct filter_line filter_files_line(const struct filter_files *f, const struct buf *text,
				     size_t pos);

#endif

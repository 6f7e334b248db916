/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -F FILE: filter text from files, and which file and line a byte of the text comes from. */
#ifndef PORTSTAT_FILTER_FILES_H
#define PORTSTAT_FILTER_FILES_H

#include <stddef.h>

#include "base/buf.h"

struct filter_piece {
	size_t start; /* in the filter's text */
	const char *path; /* borrowed */
};

/* Zero-initialised there are none. */
struct filter_files {
	struct buf raw; /* the text as it is in the files, byte for byte at the same places */
	struct filter_piece *pieces;
	size_t n;
	size_t cap;
};

void filter_files_fini(struct filter_files *f);

/*
 * Adds the file ("-": standard input) to the filter's text: comments, from a # at the start of a
 * line or behind a blank to the line's end, are blanks in it, and so are line ends.  0 or -errno:
 * -EFBIG where the text grows longer than a filter may be.
 */
int filter_files_add(struct filter_files *f, const char *path, struct buf *text);

/* A line of the text: from start up to end (in its bytes). */
struct filter_line {
	const char *path; /* NULL: it stands on the command line */
	size_t number; /* in the file, from 1 */
	size_t start;
	size_t end;
};

/* Where a byte of the text, or its end, stands. */
struct filter_line filter_files_line(const struct filter_files *f, const struct buf *text,
				     size_t pos);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text on its way to a stream, handed over in large pieces. */
#ifndef PORTSTAT_FORMAT_OUTPUT_H
#define PORTSTAT_FORMAT_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"

struct snapshot;

/* Writes all of the buffer and empties it.  0 or -errno. */
int output_flush(FILE *out, struct buf *b);

/* What writes the rows of one format. */
struct output_rows {
	/*
	 * Adds one row, by its number, to out; scratch is room for text on its way there.  Called
	 * by several threads at once: it changes nothing else.
	 */
	void (*put)(const void *view, size_t row, struct buf scratch[2], struct buf *out);
	const void *view;
	const struct snapshot *snap;
};

/*
 * Writes what is in head, empties it, and then all rows in their order, made by as many threads as
 * are worth while.  0 or -errno; few rows behind the failed write are formatted.
 */
int output_rows(FILE *stream, struct buf *head, const struct output_rows *rows);

#endif

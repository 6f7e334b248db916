/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes rows to a stream in large chunks, which several threads format. */
#ifndef PORTSTAT_FORMAT_OUTPUT_H
#define PORTSTAT_FORMAT_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"

struct snapshot;

/* A thread formats so many rows, tens of kilobytes of text, in turn: those from a multiple of it on. */
#define OUTPUT_CHUNK_ROWS 512U

/* Writes the whole buffer to the stream and empties it. 0 or -errno. */
int output_flush(FILE *out, struct buf *b);

/* How a format writes its rows. */
struct output_rows {
	/*
	 * Adds the row with this index to out, using scratch, which the next row of the chunk gets as
	 * it is left.  Called by several threads at once, so it must not change anything else.
	 */
	void (*put)(const void *view, size_t row, struct buf scratch[2], struct buf *out);
	const void *view;
	const struct snapshot *snap;
};

/*
 * Writes and empties head, and then writes all rows in order, formatted by as many threads as are
 * worthwhile. 0 or -errno; formatting stops soon after a failed write.
 */
int output_rows(FILE *stream, struct buf *head, const struct output_rows *rows);

#endif

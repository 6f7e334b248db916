/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text on its way to a stream, handed over in large pieces. */
#ifndef PORTSTAT_VIEW_OUTPUT_H
#define PORTSTAT_VIEW_OUTPUT_H

#include <errno.h>
#include <stdio.h>

#include "base/buf.h"

#define OUTPUT_PIECE 65536

/* Writes all of the buffer and empties it.  0 or -errno. */
static inline int output_flush(FILE *out, struct buf *b)
{
	size_t len = b->len;

	buf_clear(b);
	if (!len || fwrite(b->data, 1, len, out) == len)
		return 0;
	return errno ? -errno : -EIO;
}

/* The same once a large piece is together. */
static inline int output_check(FILE *out, struct buf *b)
{
	return b->len < OUTPUT_PIECE ? 0 : output_flush(out, b);
}

#endif

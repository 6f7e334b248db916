/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON documents of portstat (--json), read back into snapshots that were told: one document is a
 * moment of a host, or of several.  What it does not know stays unknown, keys that it does not know
 * are skipped.  Input is hostile: bounded in length, depth and number.
 */
#ifndef PORTSTAT_DOCUMENT_DOCUMENT_H
#define PORTSTAT_DOCUMENT_DOCUMENT_H

#include <errno.h>
#include <stddef.h>

#include "base/buf.h"

struct snapshot;

/* One document may be so long, in bytes; 1,000,000 sockets with every key take less. */
#define DOCUMENT_LENGTH_MAX (2ULL << 30)
/* Objects and arrays within each other. */
#define DOCUMENT_DEPTH_MAX 64U

/* The errors of both readers: */
#define DOCUMENT_DAMAGED (-EBADMSG) /* it is no JSON, or no document of portstat */
#define DOCUMENT_CUT (-ENODATA) /* it ends in the middle */
#define DOCUMENT_OTHER_SCHEMA (-EPROTONOSUPPORT)
#define DOCUMENT_TOO_LARGE \
	(-E2BIG) /* too long or deep, too many sockets, or a string of more than 4 MiB */
#define DOCUMENT_WITHOUT_SOCKETS (-ENOMSG) /* it has a summary instead */

/*
 * Reads one document of n bytes, and nothing but blanks after it.  *out is zero-initialised; the
 * caller ends it with snapshot_fini(), also after an error.  Returns 0 or one of the errors above.
 */
int document_read(const char *bytes, size_t n, struct snapshot *out);

/* Adds the sentence about an error, in the user's language: "it ends in the middle". */
void document_error_text(int error, struct buf *out);

/* Reads a descriptor (borrowed) with any number of documents, one after the other. */
struct document_stream;
struct document_stream *document_stream_new(int fd);
void document_stream_free(struct document_stream *s);

/*
 * Reads the next document into *out, as document_read() does.  Returns 1, 0 where there is none any
 * more, or an error of the above, or another -errno of read(2); after an error there is nothing more
 * to be read.
 */
int document_stream_next(struct document_stream *s, struct snapshot *out);

#endif

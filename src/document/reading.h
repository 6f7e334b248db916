/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document that is being read: what the files of the reader share. */
#ifndef PORTSTAT_DOCUMENT_READING_H
#define PORTSTAT_DOCUMENT_READING_H

#include "document/json_reader.h"
#include "query/columns.h"
#include "query/telling.h"

struct ancestor;
struct snapshot;

/* What stands at one place of each row: the value of a column. */
struct place {
	const struct column *column;
	struct value
		last; /* in the row that others repeat, or of the element before; texts are in text */
	uint32_t told; /* where last's text is in the snapshot: see telling_set_again() */
	struct buf text;
};

/* The keys of an object, in the order of the first one that was read: the others are alike. */
struct shape;

struct reading {
	struct json_reader json;
	struct telling telling;
	struct snapshot *out;
	struct shape *shape; /* of sockets; NULL: none was read yet */
	struct buf list; /* strings, each with a NUL */
	bool has_schema;
	bool has_sockets;
	bool has_summary;
	bool has_unknown_columns; /* the selection names some */
};

/* Reads the array of sockets, each an object. */
void read_sockets(struct reading *r);

/*
 * The same where each is a row: an array of values, in the order of the columns that were selected.  Rows
 * are in blocks, and a row says what is not as in the one above it.
 */
void read_rows(struct reading *r);

/*
 * Reads what comes next as a value of a column; VALUE_NULL also where it is none.  list has room for
 * ANCESTORS_MAX.  Texts are borrowed until the next call.
 */
void read_value(struct reading *r, const struct column *c, struct ancestor *list,
		struct value *out);

/* Reads the value at a place, tells it as number i of its column, and keeps it. */
void place_read(struct reading *r, struct place *place, size_t i);

/* Tells what was kept once more. */
void place_repeat(struct reading *r, struct place *place, size_t i);

/* Adds the socket that was read.  A document of very many is too large. */
void read_end(struct reading *r);

/* Reads over a value that no column has. */
void read_bad(struct reading *r);
void shape_free(struct shape *shape);

/* Reads the value of a key of the document, or of one of its hosts. */
void read_head(struct reading *r, const char *key, size_t len, size_t at);

/* Call it at the end of a document: gives its problems a host, and its hosts what follows from these. */
void finish_head(struct reading *r);

#endif

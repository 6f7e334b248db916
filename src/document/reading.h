/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document that is being read: what the files of the reader share. */
#ifndef PORTSTAT_DOCUMENT_READING_H
#define PORTSTAT_DOCUMENT_READING_H

#include "document/json_reader.h"
#include "query/telling.h"

struct snapshot;

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
};

/* Reads the array of sockets. */
void read_sockets(struct reading *r);
void shape_free(struct shape *shape);

/* Reads the value of a key of the document, or of one of its hosts. */
void read_head(struct reading *r, const char *key, size_t len, size_t at);

/* Call it at the end of a document: gives its problems a host, and its hosts what follows from these. */
void finish_head(struct reading *r);

#endif

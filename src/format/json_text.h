/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of JSON (RFC 8259) that rows and summaries share: strings, times, the document's head. */
#ifndef PORTSTAT_FORMAT_JSON_TEXT_H
#define PORTSTAT_FORMAT_JSON_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct column;
struct row;
struct snapshot;
struct format_options;
struct value;

/*
 * Adds a quoted string.  Control characters (also C1 and bidirectional ones) are escaped; bytes
 * that are not UTF-8 become U+FFFD.
 */
void json_string(struct buf *out, const char *s, size_t n);

/* Adds the value of a column. */
void json_value(struct buf *out, const struct value *value);

/* Adds a time (Unix, in ms) as a quoted RFC 3339 timestamp in UTC; null for 0. */
void json_time(struct buf *out, uint64_t time_ms);

/* Adds the start of a document: the brace and all keys before its rows or counts. */
void json_head(struct buf *out, const struct snapshot *snap, const struct format_options *opt);

/* Adds one row as an object of these columns. */
void json_row(struct buf *out, const struct snapshot *snap, const struct row *row,
	      const struct column *const *list, size_t n);

/* The keys of these columns, made once for many rows. */
struct json_shape;
struct json_shape *json_shape_new(const struct column *const *list, size_t n);
void json_shape_free(struct json_shape *s);

/* Adds the keys and values of a row behind others of an object: each with a comma before it. */
void json_members(struct buf *out, const struct snapshot *snap, const struct row *row,
		  const struct json_shape *s);

#endif

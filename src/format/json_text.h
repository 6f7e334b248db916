/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of JSON (RFC 8259) that more than one document holds. */
#ifndef PORTSTAT_FORMAT_JSON_TEXT_H
#define PORTSTAT_FORMAT_JSON_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct snapshot;
struct format_options;

/*
 * Adds a string in quotes.  Controls (C1 and bidirectional ones, too) are escaped, a byte that is
 * not UTF-8 becomes U+FFFD.
 */
void json_string(struct buf *out, const char *s, size_t n);

/* Adds the time as RFC 3339 has it, in UTC with milliseconds, in quotes; null for 0. */
void json_time(struct buf *out, uint64_t time_ms);

/* Adds a document up to where its rows or counts stand: the brace and all keys before them. */
void json_head(struct buf *out, const struct snapshot *snap, const struct format_options *opt);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows to a stream: every format has one function here and one file of its own. */
#ifndef PORTSTAT_FORMAT_FORMAT_H
#define PORTSTAT_FORMAT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct column;
struct snapshot;

struct format_options {
	const struct column *const *columns; /* borrowed; for JSON none that stands for others */
	size_t n_columns;
	size_t width; /* of the terminal in columns; 0: cells are never shortened */
	const char *host; /* whose sockets they are, for the JSON document; NULL: not known */
	bool has_header;
	bool is_ascii; /* nothing outside ASCII in tables */
	bool has_color;
	bool is_watch; /* listings follow one another: JSON documents take a line, JSON lines carry the time */
	bool is_null; /* table without padding: cells divided by a tab, rows ended by NUL */
};

/*
 * Each writes the snapshot's rows and returns 0, or -errno where the stream would not take it; rows
 * behind the failed write are not formatted.  The stream is not flushed.
 */
int list_print(FILE *out, const struct snapshot *snap, const struct format_options *opt);
int csv_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);
int json_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);
int json_lines_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);

/* Counts by protocol, family and state instead of rows: a table, CSV, and a JSON document. */
int summary_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);
int summary_csv_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);
int summary_json_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);

#endif

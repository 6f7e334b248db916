/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The output formats: each prints a snapshot to a stream, and has its own file. */
#ifndef PORTSTAT_FORMAT_FORMAT_H
#define PORTSTAT_FORMAT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct column;
struct diff;
struct document_head;
struct explanation;
struct snapshot;

struct format_options {
	const struct column *const *columns; /* borrowed; for JSON no composite ones */
	size_t n_columns;
	size_t width; /* of the terminal; 0: cells are never shortened */
	const struct document_head *head; /* for the JSON document: borrowed, never NULL there */
	bool has_header;
	bool is_ascii; /* only ASCII in tables */
	bool has_color;
	bool is_watch; /* --watch: a JSON document is one line, JSON lines have the time */
	bool is_null; /* no padding: cells separated by tabs, rows terminated by NUL */
};

/*
 * Each writes the snapshot's rows, or what metrics count of them.  Returns 0, or -errno if writing failed; then the remaining rows
 * are not formatted.  The stream is not flushed.
 */
int list_print(FILE *out, const struct snapshot *snap, const struct format_options *opt);
int csv_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);
int json_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);
int json_lines_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);
int filters_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);
int metrics_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);

/* The same with counts instead of rows: by the columns of opt, or by protocol, family and state. */
int summary_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);
int summary_csv_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);
int summary_json_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);

/* The same with what differs between two snapshots: a sign before each row, and what changed. */
int diff_print(FILE *stream, const struct diff *diff, const struct format_options *opt);
int diff_csv_print(FILE *stream, const struct diff *diff, const struct format_options *opt);
int diff_json_print(FILE *stream, const struct diff *diff, const struct format_options *opt);
int diff_json_lines_print(FILE *stream, const struct diff *diff, const struct format_options *opt);

/* A JSON document for another portstat: rows in place of objects, unless a column is a group. */
int json_rows_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt);

/* The answer of --why; the columns of opt are not used. */
int why_json_print(FILE *stream, const struct explanation *x, const struct format_options *opt);

#endif

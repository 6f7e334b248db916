/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events as lines: text for people, and JSON lines. */
#ifndef PORTSTAT_EVENT_PRINT_H
#define PORTSTAT_EVENT_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct buf;
struct column;
struct event;
struct row;
struct snapshot;

/* How lines of text are written: columns only grow, so that lines stay in line. */
#define EVENT_CELLS 8

struct event_lines {
	size_t cells[EVENT_CELLS];
	const struct column
		*columns[EVENT_CELLS]; /* of a listing that cells are written by; or NULL */
	bool hides_owners; /* an unknown owner is one that this user may not see */
	time_t second; /* of the line before, and how it is written */
	char clock[sizeof("hh:mm:ss")];
};

struct event_text_options {
	bool is_ascii;
	bool has_netns; /* several namespaces: their column is shown */
	bool is_wide; /* columns grow without limit */
};

void event_lines_init(struct event_lines *lines);

/* Adds the line of headings. */
void event_text_header(struct event_lines *lines, const struct event_text_options *opt,
		       struct buf *out);

/* Adds a line: local time with milliseconds, kind, both ends, process, what there is to say. */
void event_text(const struct event *event, const struct snapshot *snap, const struct row *row,
		struct event_lines *lines, const struct event_text_options *opt, struct buf *out);

/* Adds what there is to say of an event, in words, which depends on its kind. */
void event_detail(const struct event *event, struct buf *out);

/* The keys of JSON that only events have, and after them the row: members are from json_members(). */
void event_json(const struct event *event, const struct buf *members, struct buf *out);

#endif

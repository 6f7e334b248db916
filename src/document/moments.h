/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents by host and time: which moment of each host is listed. */
#ifndef PORTSTAT_DOCUMENT_MOMENTS_H
#define PORTSTAT_DOCUMENT_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/problem.h"
#include "query/told_source.h"

struct buf;
struct snapshot;
struct snapshot_host;

/* Which moment of each host: the latest one at or before a time. */
enum moment_choice {
	MOMENT_LAST, /* the latest of all */
	MOMENT_FIRST, /* the earliest */
	MOMENT_AT, /* at or before ms, Unix time */
	MOMENT_CLOCK, /* at or before ms after midnight, local time, of the latest day that has it */
	MOMENT_BEFORE_LAST, /* at or before ms before the latest of all hosts */
};

struct moment_time {
	enum moment_choice choice;
	uint64_t ms;
	uint64_t span_ms; /* of MOMENT_CLOCK: until the end of that second or minute */
};

/*
 * Reads a time of --at: RFC 3339, "03:12" or "03:12:30" in local time, "-2h" ("-90m", "-1d", "-30s"),
 * "first", "last".  False if it is none.
 */
bool moment_time_parse(const char *text, struct moment_time *out);

struct moments;

/* keeps_all: any moment may be chosen later (the live view); else only those of time are kept. */
struct moments *moments_new(const struct moment_time *time, bool keeps_all);
void moments_free(struct moments *m);

/*
 * Adds a document, which is moved into the moments, from any thread.  A host is known by its name; two
 * machines that claim one name are told apart and told as a problem.  Of one host and time that of the
 * higher file counts, and in one file the later one.
 */
void moments_add(struct moments *m, struct snapshot *document, size_t file);

/* Adds a problem of a file or a host to every snapshot. */
void moments_add_problem(struct moments *m, const struct problem *problem);

/* How many hosts there are; 0: nothing was read. */
size_t moments_hosts(const struct moments *m);

/* The times of all moments of all hosts, each once, from the earliest on; *out is to be freed. */
size_t moments_times(const struct moments *m, uint64_t **out);

/* Chooses anew, for the next snapshot; from any thread.  Needs keeps_all. */
void moments_choose(struct moments *m, const struct moment_time *time);

/* For struct told_source, with the moments as its data: tells the chosen moment of each host. */
int moments_tell(void *data, struct snapshot *snap);

/* Calls fn for each document that may be listed. */
void moments_each(const struct moments *m, void (*fn)(const struct snapshot *document, void *data),
		  void *data);

/* The latest of the chosen moments of all hosts; NULL: none has one.  Borrowed likewise. */
const struct snapshot_host *moments_chosen(const struct moments *m);

/*
 * The first host by name, as one of its moments has it: what options need to know before anything is
 * listed.  NULL: there is none.  Borrowed until moments are added.
 */
const struct snapshot_host *moments_first(const struct moments *m);

#endif

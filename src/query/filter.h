/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter language: text to a tree, a tree over a row. */
#ifndef PORTSTAT_QUERY_FILTER_H
#define PORTSTAT_QUERY_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/problem.h"

/* The longest text that is read as a filter: more than a command line holds. */
#define FILTER_LENGTH_MAX (4U << 20)

struct buf;
struct column;
struct cond;
struct filter;
struct filter_test;
struct resolver;
struct row;
struct snapshot;

/* Where a filter does not parse: len bytes (0 at the end of the text) at pos. */
struct filter_error {
	size_t pos;
	size_t len;
	const char *message; /* static, translated: a whole sentence without the place */
	unsigned int protos; /* PROTO_BIT()s of those that the message lists in the place of %s */
	const char *nearest; /* what the word looks like, for "did you mean"; or NULL */
	const char *const *valid; /* all words that would be right, ended by NULL; or NULL */
};

/* Adds the message, whole. */
void filter_error_text(const struct filter_error *error, struct buf *out);

/* Unknown is a result, of two kinds. */
enum filter_result {
	FILTER_NO,
	FILTER_YES,
	FILTER_MAYBE, /* what it depends on is not resolved yet */
	FILTER_UNTESTABLE, /* what it depends on is hidden from this user, or missing in this source */
};

/* The test that leaves a row untestable. */
struct filter_doubt {
	const struct filter_test *test; /* borrowed from the filter */
	const struct column *column; /* what is not known of the row */
	enum problem_lack lack; /* why */
};

/*
 * Parses text of len bytes.  Names in it become numbers with the resolver's services, users and
 * ephemeral range (borrowed for the call), and where it allows that, names of hosts their addresses:
 * each is waited for at most two seconds.  An empty text is a filter that lets everything through.
 * Returns 0 and a filter to be freed; -EINVAL and error filled in.
 */
int filter_parse(struct filter **out, const char *text, size_t len, const struct resolver *names,
		 struct filter_error *error);

/* The same without looking host names up: for a text that is still being typed. */
int filter_parse_typed(struct filter **out, const char *text, size_t len,
		       const struct resolver *names, struct filter_error *error);

/* Both filters must hold; takes both over.  Either may be NULL (lets everything through). */
struct filter *filter_and(struct filter *left, struct filter *right);

void filter_free(struct filter *f);

/*
 * The row against the filter as far as the snapshot is resolved (snap->resolved): a test whose
 * column needs more than that is FILTER_MAYBE, and so is what hangs on it.  What the kernel does not
 * have (the uid of a socket in time-wait, a device where there is none) makes a test false; what it
 * has and does not show makes it FILTER_UNTESTABLE.
 */
enum filter_result filter_match(const struct filter *f, const struct snapshot *snap,
				const struct row *row);

/* The first test to blame for FILTER_UNTESTABLE, which filter_match() gave for this row. */
struct filter_doubt filter_doubt(const struct filter *f, const struct snapshot *snap,
				 const struct row *row);

/* Adds a test as filter_print() would. */
void filter_print_test(const struct filter_test *test, struct buf *out);

/*
 * Adds a line, translated and visible, for the first few names that mean nothing here, where the listing
 * has no rows, with what may have been meant, and for interfaces that are not there.  proc_root, a
 * descriptor, tells which processes there are.
 */
void filter_notes(const struct filter *f, const struct snapshot *snap, int proc_root,
		  struct buf *out);

/*
 * Does the filter ask for this owner of a row that it lets through, by pid, name or another column
 * of owners?  What it rules out (not, !=, !~) asks for nobody.
 */
bool filter_owner_is_named(const struct filter *f, const struct snapshot *snap,
			   const struct row *row, size_t owner);

/* enum need bits of all its tests. */
unsigned int filter_needs(const struct filter *f);

/* Writes the canonical form, which parses to the same filter as long as FILTER_LENGTH_MAX allows. */
void filter_print(const struct filter *f, struct buf *out);

/*
 * What of it a source can check: a condition that holds wherever the filter does (out is filled
 * in; cond_fini() it).  Where it says just what the filter says, *is_exact.  with_mark: may a mark
 * be asked for (that takes CAP_NET_ADMIN)?  Names of devices become numbers with names (may be
 * NULL: they stay out of it), so the condition is for one listing: devices come and go.
 */
void filter_cond(const struct filter *f, const struct resolver *names, bool with_mark,
		 struct cond *out, bool *is_exact);

/*
 * Writes the terms that filter_cond() does not say exactly, which are checked again here; nothing
 * where it is exact.
 */
void filter_print_rest(const struct filter *f, const struct resolver *names, bool with_mark,
		       struct buf *out);

#endif

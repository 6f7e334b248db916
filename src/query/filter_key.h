/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the filter language: the columns, and a few that are not columns. */
#ifndef PORTSTAT_QUERY_FILTER_KEY_H
#define PORTSTAT_QUERY_FILTER_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "query/filter_tree.h"

/* What a key sets in a test: see struct filter_test. */
struct filter_key {
	const char *key; /* canonical */
	enum test_kind kind;
	enum filter_end ends;
	const struct column *column; /* for kinds of tests that have a column */
};

/* Finds a key, ignoring case.  False if there is none. */
bool filter_key_find(const char *name, size_t len, struct filter_key *out);

/* The key most similar to a mistyped one; NULL if none is similar. */
const char *filter_key_nearest(const char *word, size_t len);

#endif

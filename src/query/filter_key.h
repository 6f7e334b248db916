/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the filter language: the columns, and a few that are none. */
#ifndef PORTSTAT_QUERY_FILTER_KEY_H
#define PORTSTAT_QUERY_FILTER_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "query/filter_tree.h"

/* What a key makes of a test; see struct filter_test. */
struct filter_key {
	const char *key; /* canonical */
	enum test_kind kind;
	enum filter_end ends;
	const struct column *column; /* for the kinds that are about one */
};

/* In upper or lower case.  False where there is none. */
bool filter_key_find(const char *name, size_t len, struct filter_key *out);

/* The key that looks most like a mistyped one; NULL where none is near. */
const char *filter_key_nearest(const char *word, size_t len);

#endif

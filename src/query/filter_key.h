/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the filter language that are more than a column, or another name for one. */
#ifndef PORTSTAT_QUERY_FILTER_KEY_H
#define PORTSTAT_QUERY_FILTER_KEY_H

#include <stddef.h>

#include "query/filter_tree.h"

/* A key as it is written, and the canonical one that it stands for. */
struct filter_key {
	const char *name;
	const char *key;
	enum test_kind kind;
	enum filter_end ends;
	const char *column; /* its kind decides that of the test */
};

/* In either case; NULL where there is none of this name. */
const struct filter_key *filter_key_find(const char *name, size_t len);

/* The key, of these or of the columns, that looks most like a mistyped one; NULL where none is near. */
const char *filter_key_nearest(const char *word, size_t len);

#endif

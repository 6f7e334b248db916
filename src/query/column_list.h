/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of columns that the user wrote: --columns and --sort. */
#ifndef PORTSTAT_QUERY_COLUMN_LIST_H
#define PORTSTAT_QUERY_COLUMN_LIST_H

#include <stddef.h>

#include "query/sort.h"

#include <stdbool.h>
#include <stddef.h>

struct column;

/* Zero-initialised is empty and ready. */
struct column_list {
	const struct column **list;
	size_t n;
	size_t cap;
	bool is_of_keys; /* with JSON keys: composites and groups are replaced by their parts */
	unsigned int named_needs; /* enum need bits of the columns that the user named */
};

void column_list_fini(struct column_list *l);

/* Adds a column, or the columns that it stands for, unless already in the list. */
void column_list_add(struct column_list *l, const struct column *c);

/* Adds columns by key, separated by spaces.  The keys must be valid. */
void column_list_add_keys(struct column_list *l, const char *keys);

/* Replaces the group of all owner columns by the pids and names of owners. */
void column_list_name_owners(struct column_list *l);

/* The invalid word: len bytes at pos of the text. */
struct column_list_error {
	size_t pos;
	size_t len;
	const struct column
		*nearest; /* the column that was probably meant; NULL if none is similar */
};

/*
 * Parses "a,b,c", which replaces the list, or "+a,-b", which adds and removes columns.  Returns 0,
 * or -EINVAL and fills in error.
 */
int column_list_parse(struct column_list *l, const char *text, struct column_list_error *error);

/*
 * Parses "a,-b" ("-": descending) into at most max keys and sets *n.  Returns 0; -E2BIG for more
 * than max keys; -EINVAL and fills in error.
 */
int sort_keys_parse(struct sort_key *keys, size_t max, size_t *n, const char *text,
		    struct column_list_error *error);

#endif

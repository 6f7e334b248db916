/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of columns that a person wrote: --columns and --sort. */
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
	bool is_of_keys; /* as JSON has them: a composite stands for its keys, a group for its members */
	unsigned int named_needs; /* enum need bits of the columns that a person named */
};

void column_list_fini(struct column_list *l);

/* Adds a column, or what it stands for, unless it is there. */
void column_list_add(struct column_list *l, const struct column *c);

/* Adds columns by key, a space between; for lists of our own. */
void column_list_add_keys(struct column_list *l, const char *keys);

/* Puts pid and name of the owners in the place of all that is known of them. */
void column_list_name_owners(struct column_list *l);

/* The word that is no column: len bytes at pos of the text. */
struct column_list_error {
	size_t pos;
	size_t len;
	const struct column *nearest; /* NULL where none is near */
};

/*
 * Reads "a,b,c", which replaces the list, or "+a,-b", which adds to it and takes from it.
 * 0, or -EINVAL and error filled in.
 */
int column_list_parse(struct column_list *l, const char *text, struct column_list_error *error);

/* Reads "a,-b" into at most max keys; *n says how many.  -E2BIG for more; else as above. */
int sort_keys_parse(struct sort_key *keys, size_t max, size_t *n, const char *text,
		    struct column_list_error *error);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches rows against names: of services, owners, users, units, containers, namespaces, interfaces. */
#ifndef PORTSTAT_QUERY_FILTER_NAME_H
#define PORTSTAT_QUERY_FILTER_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "query/filter.h"
#include "query/filter_tree.h"

struct row;
struct snapshot;
struct value;

/* The result of a test of the kind TEST_NAME. */
enum filter_result filter_match_names(const struct filter_test *test, const struct snapshot *snap,
				      const struct row *row);

/* Is the item a substring of the value or, as a pattern, does it match all of it?  Ignores case. */
bool filter_name_fits(const struct text_item *item, const struct value *value);

/* Is it the process that the item names as portstat prints it, NAME[PID]?  Ignores case. */
bool filter_names_process(const struct text_item *item, const char *name, size_t len, int32_t pid);

/* Is owner i of the row the one that the item names like that? */
bool filter_names_owner(const struct text_item *item, const struct snapshot *snap,
			const struct row *row, size_t i);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a view writes, as a string. */
#ifndef PORTSTAT_TESTS_UNIT_PRINTED_H
#define PORTSTAT_TESTS_UNIT_PRINTED_H

#include <errno.h>

#include "query/column_list.h"
#include "query/document_head.h"
#include "rows.h"
#include "format/format.h"

typedef int print_view(FILE *out, const struct snapshot *snap, const struct format_options *opt);

/* To be freed; *len (may be NULL) is its length.  Columns by key, a space between. */
static inline char *printed(const struct rows *r, print_view *print, const char *keys,
			    struct format_options opt, size_t *len)
{
	struct column_list list = { .is_of_keys = print == json_print ||
						  print == json_lines_print ||
						  print == summary_json_print };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	column_list_add_keys(&list, keys);
	opt.columns = list.list;
	opt.n_columns = list.n;
	assert_int_equal(print(out, &r->snap, &opt), 0);
	assert_int_equal(fclose(out), 0);
	column_list_fini(&list);
	if (len)
		*len = size;
	return text;
}

static inline void expect_printed(const struct rows *r, print_view *print, const char *keys,
				  struct format_options opt, const char *want)
{
	char *text = printed(r, print, keys, opt, NULL);

	if (strcmp(text, want) != 0)
		fail_msg("printed:\n%s\ninstead of:\n%s", text, want);
	free(text);
}

/* A stream that takes nothing gives the error back, and -errno. */
static inline void expect_full(const struct rows *r, print_view *print, const char *keys)
{
	struct column_list list = { .is_of_keys = print == json_print ||
						  print == json_lines_print ||
						  print == summary_json_print };
	static const struct document_head nothing;
	struct format_options opt = { .head = &nothing, .has_header = true };
	FILE *full = fopen("/dev/full", "we");

	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	column_list_add_keys(&list, keys);
	opt.columns = list.list;
	opt.n_columns = list.n;
	assert_int_equal(print(full, &r->snap, &opt), -ENOSPC);
	fclose(full);
	column_list_fini(&list);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of a filter that does not parse, and of columns that are not there. */
#ifndef PORTSTAT_QUERY_ERRORS_H
#define PORTSTAT_QUERY_ERRORS_H

#include "filter_files.h"

struct column_list_error;
struct filter_error;

/* A bad text, and which part of it is the line in which the error is. */
struct bad_text {
	const struct buf *text;
	const char *shown_as; /* what stands in front of it on the command line */
	struct filter_line line;
};

/* Says it with the line and a caret under the word. */
void complain_filter(const struct bad_text *bad, const struct filter_error *error);

/* Says it of a list that an option was given; EXIT_USAGE. */
int complain_column(const char *option, const char *text, const struct column_list_error *error);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Error messages for invalid filters and unknown columns. */
#ifndef PORTSTAT_QUERY_ERRORS_H
#define PORTSTAT_QUERY_ERRORS_H

#include "filter_files.h"

struct column_list_error;
struct filter_error;

/* A text with an error, and the line that contains it. */
struct bad_text {
	const struct buf *text;
	const char *shown_as; /* what precedes it on the command line */
	struct filter_line line;
};

/* Reports a filter error, with the line and a caret under the word. */
void complain_filter(const struct bad_text *bad, const struct filter_error *error);

/* Reports an error in an option's list of columns.  Returns EXIT_USAGE. */
int complain_column(const char *option, const char *text, const struct column_list_error *error);

#endif

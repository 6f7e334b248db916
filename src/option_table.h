/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of options, used by the parser, --help and the check of the documentation. */
#ifndef PORTSTAT_OPTION_TABLE_H
#define PORTSTAT_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* Ids of options without a letter; the id of the others is their letter. */
enum option_id {
	OPTION_PORT = 256, /* the four must be consecutive: see struct options */
	OPTION_LOCAL_PORT,
	OPTION_REMOTE_PORT,
	OPTION_FREE,
	OPTION_COUNT,
	OPTION_KNOCK,
	OPTION_COLUMNS,
	OPTION_JSON,
	OPTION_JSON_LINES,
	OPTION_CSV,
	OPTION_METRICS,
	OPTION_AS_FILTERS,
	OPTION_WATCH,
	OPTION_FROM,
	OPTION_EVENTS,
	OPTION_HOST,
	OPTION_TIMEOUT,
	OPTION_WAIT,
	OPTION_WAIT_NONE,
	OPTION_SIGNAL,
	OPTION_COLOR,
	OPTION_THEME,
	OPTION_SOURCE,
	OPTION_OWNERS,
	OPTION_HELP,
	OPTION_INTERVAL,
	OPTION_FLAG, /* all options that only set a flag */
	OPTION_TEXT, /* all options that only keep their value */
};

struct option_def {
	int id; /* a letter, or enum option_id */
	const char *name; /* without the dashes; NULL for a letter alone */
	const char *arg; /* name of its value in help; NULL: it takes none */
	bool arg_is_optional;
	bool arg_is_number; /* the optional value is a number, which a port could be mistaken for */
	bool is_listing; /* requests a listing instead of the live view */
	size_t flag; /* offset of the bool in struct options that it sets; 0: none */
	size_t text; /* offset of the string that keeps the value, borrowed from argv; 0: none */
	const char *help; /* N_() */
	const char *what; /* replaces %s in help; NULL: there is no %s */
};

/* Return NULL if there is no such option. */
const struct option_def *option_by_letter(char letter);
const struct option_def *option_by_name(const char *name, size_t len);

/* The i-th long name; NULL after the last. */
const char *option_name(size_t i);

/* The name nearest to a mistyped one; NULL if none is near. */
const char *option_nearest(const char *name, size_t len);

#endif

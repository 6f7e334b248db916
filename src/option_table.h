/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of options, used by the parser, --help and the check of the documentation. */
#ifndef PORTSTAT_OPTION_TABLE_H
#define PORTSTAT_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* Options without a letter; the letters are their own numbers. */
enum option_id {
	OPTION_PORT = 256, /* the three stand together: see struct options */
	OPTION_LOCAL_PORT,
	OPTION_REMOTE_PORT,
	OPTION_COLUMNS,
	OPTION_SORT,
	OPTION_JSON,
	OPTION_JSON_LINES,
	OPTION_CSV,
	OPTION_WATCH,
	OPTION_COLOR,
	OPTION_SOURCE,
	OPTION_PROC_ROOT,
	OPTION_RECORD,
	OPTION_REPLAY,
	OPTION_OWNERS,
	OPTION_HELP,
	OPTION_INTERVAL,
	OPTION_FLAG, /* all those that only set a flag */
};

struct option_def {
	int id; /* a letter, or enum option_id */
	const char *name; /* without the dashes; NULL for a letter alone */
	const char *arg; /* what its value is called in help; NULL: it takes none */
	bool arg_is_optional;
	bool arg_is_number; /* an optional one that a port behind it could be taken for */
	bool is_listing; /* group A: makes it a listing */
	size_t flag; /* the bool in struct options that it sets; 0: none */
	const char *help; /* N_() */
	const char *what; /* in the place of %s in help; NULL: there is none */
};

/* Each NULL where there is none. */
const struct option_def *option_by_letter(char letter);
const struct option_def *option_by_name(const char *name, size_t len);

/* The long names, one after another; NULL behind the last. */
const char *option_name(size_t i);

/* The name that looks most like a mistyped one; NULL where none is near. */
const char *option_nearest(const char *name, size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration of the live view: lines of "key = value", parsed and printed. */
#ifndef PORTSTAT_LIVE_CONFIG_H
#define PORTSTAT_LIVE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "live/live_columns.h"
#include "live/theme.h"

struct buf;

struct live_config {
	enum live_view view;
	char *columns[LIVE_VIEWS]; /* comma-separated keys; NULL: the default */
	char *sort[LIVE_VIEWS]; /* a key, with a leading - for descending; NULL: the default */
	enum theme theme; /* THEME_UNSET: not said */
	char *expected; /* path of a file: what it expects is no trouble; NULL: none */
	bool has_mouse;
	bool has_names;
	bool has_details;
	bool has_bell; /* rings when a socket appears */
	bool is_troubled; /* starts with the rows alone that need a look */
	unsigned int grouping; /* of the view of processes: index in grouping_words */
};

/* Sets the defaults. */
void live_config_init(struct live_config *config);
void live_config_fini(struct live_config *config);

/*
 * Parses the text of a configuration.  Skips each invalid line and adds a sentence about it, on a
 * line of its own, to complaints.
 */
void live_config_parse(struct live_config *config, const char *text, size_t len,
		       struct buf *complaints);

/* Adds one line about all complaints about the file at path: their number, and the first one. */
void live_config_sum_up(const struct buf *complaints, const char *path, struct buf *out);

/* Adds the configuration as text that live_config_parse() reads. */
void live_config_print(const struct live_config *config, struct buf *out);

/* Adds the lines of a printed configuration that are not the same in the one before. */
void live_config_changes(const struct buf *before, const struct buf *after, struct buf *out);

/*
 * Adds the text of a file with these lines in place of those with the same key; comments and all other
 * lines stay.
 */
void live_config_edit(const struct buf *old, const struct buf *lines, struct buf *out);

#endif

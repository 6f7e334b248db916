/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the live view keeps: plain "key = value" lines that a person can write. */
#ifndef PORTSTAT_LIVE_CONFIG_H
#define PORTSTAT_LIVE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "live/live_columns.h"

struct buf;

struct live_config {
	enum live_view view;
	char *columns[LIVE_VIEWS]; /* names divided by commas; NULL: as built in */
	char *sort[LIVE_VIEWS]; /* a name, - in front for descending; NULL: as built in */
	bool has_mouse;
	bool has_names;
	bool has_details;
};

/* As built in. */
void live_config_init(struct live_config *config);
void live_config_fini(struct live_config *config);

/*
 * Reads the text of a configuration.  A line that is none is skipped, and a sentence that names it
 * is added to complaints, one a line.
 */
void live_config_parse(struct live_config *config, const char *text, size_t len,
		       struct buf *complaints);

/* Adds one line for all complaints about the file at path: how many there are, and the first. */
void live_config_sum_up(const struct buf *complaints, const char *path, struct buf *out);

/* Adds the text that reads back the same. */
void live_config_print(const struct live_config *config, struct buf *out);

#endif

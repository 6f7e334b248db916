/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration at the start, and the path of its file; reports errors of reading and writing
 * it.
 */
#ifndef PORTSTAT_LIVE_SAVED_CONFIG_H
#define PORTSTAT_LIVE_SAVED_CONFIG_H

#include <stdbool.h>

#include "base/buf.h"
#include "live/config.h"

struct saved_config {
	struct live_config config;
	struct buf path; /* of the file; empty: the configuration is not saved */
};

/*
 * Reads the file if is_wanted, else sets the defaults; adds one line about any errors to complaint.
 */
void saved_config_load(struct saved_config *k, bool is_wanted, struct buf *complaint);
void saved_config_fini(struct saved_config *k);

/* Writes config to the file and adds a sentence about the result.  True if it was written. */
bool saved_config_save(struct saved_config *k, const struct live_config *config,
		       struct buf *sentence);

/*
 * At the end: writes what is not as it was at the beginning.  Nobody is told of errors: the key of the
 * Columns dialog does that.
 */
void saved_config_keep(struct saved_config *k, const struct live_config *before,
		       const struct live_config *after);

#endif

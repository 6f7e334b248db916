/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration at the start, and the path of its file; reports errors of reading and writing
 * it.
 */
#ifndef PORTSTAT_LIVE_KEPT_H
#define PORTSTAT_LIVE_KEPT_H

#include <stdbool.h>

#include "base/buf.h"
#include "live/config.h"

struct kept {
	struct live_config config;
	struct buf path; /* of the file; empty: the configuration is not saved */
};

/*
 * Reads the file if is_wanted, else sets the defaults; adds one line about any errors to complaint.
 */
void kept_load(struct kept *k, bool is_wanted, struct buf *complaint);
void kept_fini(struct kept *k);

/* Writes config to the file and adds a sentence about the result.  True if it was written. */
bool kept_save(struct kept *k, const struct live_config *config, struct buf *sentence);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration as it was found, and where it is kept. */
#ifndef PORTSTAT_LIVE_KEPT_H
#define PORTSTAT_LIVE_KEPT_H

#include <stdbool.h>

#include "base/buf.h"
#include "live/config.h"

struct kept {
	struct live_config config;
	struct buf path; /* empty: nothing is kept */
};

/* Reads it, where it is wanted; what is wrong with it is added to complaint in one line. */
void kept_load(struct kept *k, bool is_wanted, struct buf *complaint);
void kept_fini(struct kept *k);

/* Writes another one there, and adds a sentence about what became of that.  True when it is written. */
bool kept_save(struct kept *k, const struct live_config *config, struct buf *sentence);

#endif

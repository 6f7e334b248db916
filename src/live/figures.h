/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats byte counts and ages in a few columns. */
#ifndef PORTSTAT_LIVE_FIGURES_H
#define PORTSTAT_LIVE_FIGURES_H

#include <stdint.h>

struct buf;

/* Adds a number of bytes as 4.1M, in at most five columns; "-" for RATE_UNKNOWN. */
void bytes_text(uint64_t bytes, struct buf *out);

/* Adds an age as 2h14m or 4s, in at most two units. */
void age_text(uint64_t ms, struct buf *out);

#endif

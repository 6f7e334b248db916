/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers in few columns: bytes and ages. */
#ifndef PORTSTAT_LIVE_FIGURES_H
#define PORTSTAT_LIVE_FIGURES_H

#include <stdint.h>

struct buf;

/* 4.1M: adds a number of bytes in at most five columns; - where it is RATE_UNKNOWN. */
void bytes_text(uint64_t bytes, struct buf *out);

/* 2h14m, 4s: adds an age in at most two units. */
void age_text(uint64_t ms, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats counts, rates and times in a few columns. */
#ifndef PORTSTAT_LIVE_FIGURES_H
#define PORTSTAT_LIVE_FIGURES_H

#include <stdint.h>

struct buf;

/* Adds a number of bytes as 4.1M, in at most five columns; "-" for RATE_UNKNOWN. */
void bytes_text(uint64_t bytes, struct buf *out);

/* Adds an age as 2h14m or 4s, in at most two units. */
void age_text(uint64_t ms, struct buf *out);

/* Adds a time span as 38us, 1.2ms, 450ms, 1.5s or 2m14s. */
void duration_text(uint64_t us, struct buf *out);

/* Adds bits per second as 73.9Gbit/s (in powers of 1000, as networks count). */
void bits_text(uint64_t bits, struct buf *out);

/* Adds a count with the user's separator between thousands: 91,224. */
void count_text(uint64_t count, struct buf *out);

#endif

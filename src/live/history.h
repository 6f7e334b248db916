/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last rates of a row, a byte each, and how they are drawn. */
#ifndef PORTSTAT_LIVE_HISTORY_H
#define PORTSTAT_LIVE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

#define HISTORY_LENGTH 120

/* Codes on a logarithmic scale, the newest last.  Zero-initialised: it was always idle. */
struct history {
	uint8_t codes[HISTORY_LENGTH];
};

/*
 * The code of a rate in bytes per second, and the rate of a code: 0 is 0, and six codes double the
 * rate, so that it is at most 11 % below the real one.  RATE_UNKNOWN counts as 0.
 */
uint8_t history_code(uint64_t rate);
uint64_t history_rate(uint8_t code);

/* Adds a rate that was measured over n intervals. */
void history_add(struct history *h, uint64_t rate, unsigned int n);

/* Rates, the newest last. */
struct rates {
	uint64_t list[HISTORY_LENGTH];
	size_t n; /* as many of them are known: the last n */
};

/* Adds the last n rates of a history to the rates, one by one; NULL: it was idle. */
void rates_add(struct rates *rates, const struct history *h, size_t n);

/* The largest of the rates; 0 if there are none. */
uint64_t rates_peak(const struct rates *rates);

/*
 * Adds the newest rates as a line of at most width columns: block characters, or digits from 0 to 9.
 * Its scale ends at the peak, or at 1 KiB/s if that is less.  Nothing if no rate is known.
 */
void rates_sparkline(const struct rates *rates, size_t width, bool is_ascii, struct buf *out);

/*
 * Adds a line, from 0 at the top, of a graph of so many lines and at most width columns; without
 * spaces at its end.  The same scale.
 */
void rates_graph_line(const struct rates *rates, size_t width, unsigned int line,
		      unsigned int n_lines, bool is_ascii, struct buf *out);

/* The rate at which the scale ends. */
uint64_t rates_scale(const struct rates *rates);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a frame that a view shows: filtered, counted and sorted. */
#ifndef PORTSTAT_LIVE_ROWS_H
#define PORTSTAT_LIVE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "query/snapshot.h"

struct filter;
struct frame;
struct live_order;

/* Kinds of rows, each of which a key hides. */
#define SHOW_TCP (1U << 0)
#define SHOW_UDP (1U << 1)
#define SHOW_LISTENING (1U << 2)
#define SHOW_ESTABLISHED (1U << 3)
#define SHOW_ALL 0xfU

/* Counts of all rows, for the title. */
struct live_totals {
	uint32_t listening;
	uint32_t established;
	uint32_t time_wait;
	uint32_t close_wait;
	uint32_t other;
	uint32_t udp;
	uint32_t rows; /* without closed ones */
	uint32_t with_owner;
	uint32_t could_have_owner;
	uint64_t rx;
	uint64_t tx;
};

/* Zero-initialised is empty. */
struct live_rows {
	const struct frame *frame; /* borrowed: the frame with the rows; NULL: none yet */
	struct row *list; /* sorted, including ghosts */
	size_t n;
	size_t cap;
	struct live_totals totals;
	struct problems untested; /* what a recording's rows lack for the filter, which runs here */
	uint64_t fades_ms; /* when the last highlight ends */
	uint64_t expires_ms; /* when the first closed row is removed; UINT64_MAX: there is none */
};

/* Selects the rows of a frame. */
struct rows_choice {
	const struct filter *filter;
	unsigned int shown; /* SHOW_ bits */
	bool keeps_closed; /* keep closed rows without a time limit */
	uint64_t now_ms; /* on the clock of the frames */
};

void rows_build(struct live_rows *rows, const struct frame *frame, const struct rows_choice *by,
		const struct live_order *order);
void rows_fini(struct live_rows *rows);

/* Adds two rates, ignoring RATE_UNKNOWN. */
uint64_t rate_sum(uint64_t a, uint64_t b);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of rows and sums of their rates, for the title and the line below it. */
#ifndef PORTSTAT_LIVE_TOTALS_H
#define PORTSTAT_LIVE_TOTALS_H

#include <stdint.h>

#define RATE_UNKNOWN UINT64_MAX

struct row;
struct row_history;
struct snapshot;

struct live_totals {
	uint32_t listening;
	uint32_t established;
	uint32_t time_wait;
	uint32_t close_wait;
	uint32_t other;
	uint32_t udp;
	uint32_t troubled; /* rows that need a look */
	uint32_t rows; /* without closed ones */
	uint32_t with_owner;
	uint32_t could_have_owner;
	uint64_t rx; /* bytes per second, or RATE_UNKNOWN */
	uint64_t tx;
};

/* No row, and unknown rates. */
void totals_clear(struct live_totals *totals);

/* Adds an open row of the snapshot. */
void totals_add(struct live_totals *totals, const struct snapshot *snap, const struct row *row,
		const struct row_history *history);

/* Adds two rates, ignoring RATE_UNKNOWN. */
uint64_t rate_sum(uint64_t a, uint64_t b);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a frame that a view shows: chosen, counted and sorted. */
#ifndef PORTSTAT_LIVE_ROWS_H
#define PORTSTAT_LIVE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "query/snapshot.h"

struct filter;
struct frame;
struct live_order;

/* Kinds of rows that a key hides. */
#define SHOW_TCP (1U << 0)
#define SHOW_UDP (1U << 1)
#define SHOW_LISTENING (1U << 2)
#define SHOW_ESTABLISHED (1U << 3)
#define SHOW_ALL 0xfU

/* Numbers over all rows, for the title. */
struct live_totals {
	uint32_t listening;
	uint32_t established;
	uint32_t time_wait;
	uint32_t close_wait;
	uint32_t other;
	uint32_t udp;
	uint32_t rows; /* alive */
	uint32_t with_owner;
	uint32_t could_have_owner;
	uint64_t rx;
	uint64_t tx;
};

/* Zero-initialised is empty. */
struct live_rows {
	const struct frame *frame; /* borrowed: whose rows they are; NULL: none yet */
	struct row *list; /* in order, ghosts among them */
	size_t n;
	size_t cap;
	struct live_totals totals;
	struct problems
		untested; /* of a recording, which is filtered here: what cannot be judged */
	uint64_t fades_ms; /* the last mark is gone then */
	uint64_t expires_ms; /* the first closed row goes then; UINT64_MAX: none lingers */
};

/* Which rows of a frame. */
struct rows_choice {
	const struct filter *filter;
	unsigned int shown; /* SHOW_ bits */
	bool keeps_closed; /* however long they are closed */
	uint64_t now_ms; /* on the frames' clock */
};

void rows_build(struct live_rows *rows, const struct frame *frame, const struct rows_choice *by,
		const struct live_order *order);
void rows_fini(struct live_rows *rows);

/* Adds what a rate says to a sum; either may be RATE_UNKNOWN. */
uint64_t rate_sum(uint64_t a, uint64_t b);

#endif

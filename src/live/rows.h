/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a frame that a view shows: filtered, counted and sorted. */
#ifndef PORTSTAT_LIVE_ROWS_H
#define PORTSTAT_LIVE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live/live_columns.h"
#include "live/totals.h"
#include "query/snapshot.h"
#include "query/sort.h"

struct filter;
struct frame;

/* Kinds of rows, each of which a key hides. */
#define SHOW_TCP (1U << 0)
#define SHOW_UDP (1U << 1)
#define SHOW_LISTENING (1U << 2)
#define SHOW_ESTABLISHED (1U << 3)
#define SHOW_ALL 0xfU

/* Zero-initialised is empty. */
struct live_rows {
	const struct frame *frame; /* borrowed: the frame with the rows; NULL: none yet */
	struct row *all; /* of the frame, sorted, including ghosts */
	size_t n_all;
	struct live_order order; /* of them */
	struct row *list; /* those of them that are shown */
	size_t n;
	size_t n_flat; /* after rows_put_serving_last(), those in front */
	size_t n_flat_alive; /* those of them whose socket is open */
	size_t cap; /* of both lists */
	struct sort_room room;
	struct live_totals totals; /* of these rows */
	struct problems untested; /* what rows of the frame lack for the filter, which runs here */
	uint64_t fades_ms; /* when the last highlight ends */
	uint64_t expires_ms; /* when the first closed row is removed; UINT64_MAX: there is none */
};

/* Selects the rows of a frame. */
struct rows_choice {
	const struct filter *filter;
	unsigned int version; /* of the filter */
	unsigned int shown; /* SHOW_ bits */
	bool is_troubled; /* only rows that need a look */
	bool keeps_closed; /* keep closed rows without a time limit */
	uint64_t now_ms; /* on the clock of the frames */
};

/* The rows of the last time are taken for those of the same frame: see rows_forget(). */
void rows_build(struct live_rows *rows, const struct frame *frame, const struct rows_choice *by,
		const struct live_order *order);
/* For a view without groups, which has no place for sockets that serve: puts the others in front, in their order. */
void rows_put_serving_last(struct live_rows *rows);
/* Does this order leave the rows in the frame's? */
bool rows_are_unsorted(const struct live_order *order);
/* The frame's rows are others now. */
void rows_forget(struct live_rows *rows);
void rows_fini(struct live_rows *rows);

#endif

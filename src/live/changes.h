/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What opened and closed since the view was started: what was heard of, and what the looks compared say
 * beside it (changes_find.h).
 */
#ifndef PORTSTAT_LIVE_CHANGES_H
#define PORTSTAT_LIVE_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "model/sock.h"

struct filter;
struct snapshot;

/* So many changes are kept. */
#define CHANGES_MAX 10000U

enum change_kind {
	CHANGED_OPENED,
	CHANGED_CLOSED,
	CHANGED_PASSED, /* came and went between two looks */
	CHANGED_FAILED, /* a connection from here was not established */
	CHANGED_LOST, /* count events are missing here */
};

struct change {
	uint64_t time_ms; /* Unix time */
	uint64_t id; /* identity of the socket's row */
	uint64_t lived_us; /* at least so long; CHANGE_UNKNOWN: not known */
	uint64_t rx_bytes; /* totals, or CHANGE_UNKNOWN */
	uint64_t tx_bytes;
	uint64_t count; /* of what was lost; 0: not known */
	struct sock sk; /* without extras */
	char *process; /* the PROCESS cell; owned by the log, not yet visible for a terminal */
	uint32_t name_len; /* of the first owner's name, at its start; 0: no owner is known */
	int32_t pid; /* of that owner */
	uint32_t uid;
	uint8_t kind; /* enum change_kind */
	bool was_there; /* at the start: it lived longer */
	bool is_unseen; /* no look saw it */
};
#define CHANGE_UNKNOWN UINT64_MAX

/* Zero-initialised is empty. */
struct changes {
	struct change *ring;
	size_t n;
	uint64_t total; /* of all that were added; those that are kept are the last n */
	uint64_t n_skipped; /* and of what came too fast to be added */
	uint64_t n_before; /* total before the last frame */
	bool are_more; /* the last frame's are not all: some were lost */
	unsigned int
		heard; /* EVENT_BIT()s that are heard of as they happen; 0: looks are compared */
	struct map
		told[2]; /* cookies of the events since the last frame, and since the one before */
};

void changes_fini(struct changes *log);

/* Adds a copy of the change, and of its process text of len bytes (not terminated). */
void changes_add(struct changes *log, const struct change *change, const char *process, size_t len);

/* Change number i of those that are kept: 0 is the newest. */
const struct change *changes_at(const struct changes *log, size_t i);

/* The identity of its line: neither a cookie nor the hash of a socket (frame_sock_id()). */
static inline uint64_t changes_id(const struct changes *log, size_t i)
{
	return 1ULL << 62 | (log->total - i);
}

/* How many of the last frame's came and went unseen, as far as the filter matches them. */
uint32_t changes_unseen(const struct changes *log, const struct filter *filter,
			const struct snapshot *snap);

/*
 * Does the filter certainly match what is remembered: ends, state, first owner?  snap: for names.
 */
bool change_matches(const struct change *change, const struct filter *filter,
		    const struct snapshot *snap);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What opened and closed since the view was started.  Whoever sees a change adds it: today the looks
 * compared (changes_find.h); a way that is told of each may do so as well.
 */
#ifndef PORTSTAT_LIVE_CHANGES_H
#define PORTSTAT_LIVE_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sock.h"

struct filter;
struct snapshot;

/* So many changes are kept. */
#define CHANGES_MAX 10000U

enum change_kind {
	CHANGED_OPENED,
	CHANGED_CLOSED,
	CHANGED_PASSED, /* came and went between two looks */
};

struct change {
	uint64_t time_ms; /* Unix time */
	uint64_t id; /* identity of the socket's row */
	uint64_t lived_ms; /* at least so long; CHANGE_UNKNOWN: not known */
	uint64_t rx_bytes; /* totals, or CHANGE_UNKNOWN */
	uint64_t tx_bytes;
	struct sock sk; /* without extras */
	char *process; /* the PROCESS cell; owned by the log, not yet visible for a terminal */
	uint32_t name_len; /* of the first owner's name, at its start; 0: no owner is known */
	int32_t pid; /* of that owner */
	uint32_t uid;
	uint8_t kind; /* enum change_kind */
	bool was_there; /* at the start: it lived longer */
};
#define CHANGE_UNKNOWN UINT64_MAX

/* Zero-initialised is empty. */
struct changes {
	struct change *ring;
	size_t n;
	uint64_t total; /* of all that were added; those that are kept are the last n */
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

/*
 * Does the filter certainly match what is remembered: ends, state, first owner?  snap: for names.
 */
bool change_matches(const struct change *change, const struct filter *filter,
		    const struct snapshot *snap);

#endif

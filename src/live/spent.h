/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What connections carried that are closed: the history of a listener, a process or a peer is that of all its
 * connections, and most of those of a web server do not live for as long as it is drawn.
 */
#ifndef PORTSTAT_LIVE_SPENT_H
#define PORTSTAT_LIVE_SPENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "live/history.h"

struct frame;
struct known_owner;
struct row_history;

/* Of one group.  The rates are plain: on the scale of a trace many small ones would add up to nothing. */
struct spent {
	uint64_t group; /* its id: see struct live_group */
	uint32_t rates[HISTORY_LENGTH]; /* bytes per second, at most UINT32_MAX, the newest last */
	uint8_t n_rates; /* so many of them are known */
	uint8_t left; /* so many intervals until the last one that is not 0 is forgotten */
};

/* Of more groups than these nothing is added. */
#define SPENT_MAX 4096

/* Zero-initialised is empty.  Freed with the frame that has it. */
struct spent_list {
	struct spent *list;
	size_t n;
	size_t cap;
	struct map by_group;
};

/*
 * The listeners of a frame, to be looked for by what closed since.  Zero-initialised: they are found when one is
 * looked for.
 */
struct spent_listeners {
	struct map by_port; /* to the first one in list */
	struct spent_listener {
		uint32_t row; /* of the snapshot */
		uint32_t next; /* at the same port; MAP_NONE: there is none */
	} * list;
	size_t n;
	size_t cap;
	bool are_found;
};

void spent_listeners_fini(struct spent_listeners *listeners);

/* Begins with those of the frame before; NULL: with none. */
void spent_begin(struct frame *f, const struct frame *before);

/*
 * Adds what a row of the frame before carried, whose socket is closed; owner: whose it was.  listeners: those of
 * that frame.
 */
void spent_add(struct frame *f, const struct frame *before, struct spent_listeners *listeners,
	       const struct row_history *history, const struct known_owner *owner);

/* Ends a refresh that came n intervals after the one before. */
void spent_end(struct frame *f, unsigned int n);

/* Adds what closed connections of a group carried to the rates of those that are open. */
void spent_rates(const struct frame *f, uint64_t group, struct rates *rates);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of the time between two frames, in bounded memory: the last ones are kept, what opens
 * and ends before the next frame is one of them, and the others are counted.
 */
#ifndef PORTSTAT_LIVE_EVENT_LOG_H
#define PORTSTAT_LIVE_EVENT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "events/event.h"

/* So many are kept. */
#define EVENT_LOG_MAX 10000U

struct event_request;

struct logged_event {
	struct event event;
	uint64_t number; /* the order in which they came */
	bool has_opened; /* an end whose opening is of the same time: this stands for both */
};

/* Zero-initialised is empty. */
struct event_log {
	struct logged_event *list; /* in no order */
	size_t n;
	size_t cap;
	uint64_t total; /* that were added */
	uint64_t n_dropped; /* of which so many are not kept */
	uint64_t n_lost; /* the kernel had no room for so many more */
	uint64_t lost_ms; /* when that was found, Unix time; 0: nothing was lost */
	bool are_more_lost; /* and for others, which it did not count */
	struct map openings; /* cookie to the index of the event that opened it */
	/* By whom it is filled; of the feed. */
	unsigned int kinds; /* EVENT_BIT()s that are heard of */
	const struct event_request *request; /* NULL: only this namespace is */
};

void event_log_fini(struct event_log *log);

/* Forgets the events and keeps their memory. */
void event_log_clear(struct event_log *log);

/* Adds a copy. */
void event_log_add(struct event_log *log, const struct event *event);

/* Orders the list by time; nothing can be added until it is cleared. */
void event_log_sort(struct event_log *log);

/* Did it open something: a port, or a connection?  Else it ended one, or an attempt at one. */
bool event_is_opening(const struct event *event);

#endif

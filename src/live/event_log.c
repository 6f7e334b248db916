/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The events of the time between two frames, in bounded memory. */
#include <config.h>

#include "live/event_log.h"

#include <stdlib.h>

#include "base/mem.h"

void event_log_fini(struct event_log *log)
{
	free(log->list);
	map_fini(&log->openings);
	*log = (struct event_log){ 0 };
}

/* A log with less room is kept as it is. */
#define ROOM_WORTH_FREEING 512U

void event_log_clear(struct event_log *log)
{
	/* There were far more before, as in a pause, or when the program was stopped. */
	if (log->cap > ROOM_WORTH_FREEING && log->cap / 4 > log->n) {
		free(log->list);
		log->list = NULL;
		log->cap = 0;
		map_fini(&log->openings);
	}
	log->n = 0;
	log->total = log->n_dropped = log->n_lost = log->lost_ms = 0;
	log->are_more_lost = false;
	map_clear(&log->openings);
}

bool event_is_opening(const struct event *event)
{
	return event->kind == EVENT_OPENED || event->kind == EVENT_CONNECTED ||
	       event->kind == EVENT_ACCEPTED;
}

/* The event of this log that opened the socket; NULL: none, or it is not kept any more. */
static struct logged_event *find_opening(struct event_log *log, uint64_t cookie)
{
	uint32_t at = map_get(&log->openings, cookie);
	struct logged_event *logged = at == MAP_NONE ? NULL : &log->list[at];

	return logged && logged->event.sock.cookie == cookie && event_is_opening(&logged->event)
		       ? logged
		       : NULL;
}

/* Whoever opens sockets without end does not make the map grow without end. */
static void forget_dropped(struct event_log *log)
{
	if (log->openings.n < 2 * (size_t)EVENT_LOG_MAX)
		return;
	map_clear(&log->openings);
	for (size_t i = 0; i < log->n; i++)
		if (event_is_opening(&log->list[i].event))
			map_add(&log->openings, log->list[i].event.sock.cookie, (uint32_t)i, NULL);
}

/* Room for one more, in place of the oldest if need be. */
static size_t take_room(struct event_log *log)
{
	size_t at = log->total++ % EVENT_LOG_MAX;

	if (log->n == EVENT_LOG_MAX) {
		log->n_dropped++;
		return at;
	}
	log->list = mem_grow(log->list, log->n, &log->cap, sizeof(*log->list));
	log->n++;
	return at;
}

/* The opening becomes the end, which has what only the opening told. */
static void end_opening(struct logged_event *logged, const struct event *event)
{
	const struct event opening = logged->event;

	logged->event = *event;
	logged->has_opened = true;
	if (event->owner.via == EVENT_VIA_NONE)
		logged->event.owner = opening.owner;
	if (event->known & EVENT_HAS_DURATION || event->time_ms < opening.time_ms)
		return;
	logged->event.duration_us = (event->time_ms - opening.time_ms) * 1000;
	logged->event.known |= EVENT_HAS_DURATION;
}

void event_log_add(struct event_log *log, const struct event *event)
{
	struct logged_event *opening = find_opening(log, event->sock.cookie);
	size_t at;

	if (event->kind == EVENT_LOST) {
		log->n_lost += event->count;
		log->are_more_lost |= !(event->known & EVENT_HAS_COUNT);
		log->lost_ms = event->time_ms;
		return;
	}
	if (opening && !event_is_opening(event)) {
		end_opening(opening, event);
		return;
	}
	/* A bound socket that listens or connects now is told once. */
	if (opening) {
		opening->event = *event;
		return;
	}
	at = take_room(log);
	log->list[at] = (struct logged_event){ .event = *event, .number = log->total };
	if (event_is_opening(event)) {
		forget_dropped(log);
		*map_add(&log->openings, event->sock.cookie, 0, NULL) = (uint32_t)at;
	}
}

static int compare(const void *a, const void *b)
{
	const struct logged_event *x = a, *y = b;

	if (x->event.time_ms != y->event.time_ms)
		return x->event.time_ms < y->event.time_ms ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

void event_log_sort(struct event_log *log)
{
	if (log->n)
		qsort(log->list, log->n, sizeof(*log->list), compare);
}

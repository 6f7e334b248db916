/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The listeners that are or were overrun, and the events about them. */
#ifndef PORTSTAT_EVENTS_FLOOD_VICTIMS_H
#define PORTSTAT_EVENTS_FLOOD_VICTIMS_H

#include <stddef.h>
#include <stdint.h>

struct event_sink;
struct event_table;
struct owners;
struct sock;
struct victim;

struct flood_victims {
	const struct event_table *table;
	struct owners *owners; /* for a listener that the table does not have */
	struct victim *list;
	size_t n;
	size_t cap;
};

/* proc_root and table, which knows owners of listeners, are borrowed. */
void flood_victims_init(struct flood_victims *v, int proc_root, const struct event_table *table);
void flood_victims_fini(struct flood_victims *v);

/*
 * The listener (NULL: it is not known which) of a namespace, by its inode, has dropped n connections
 * more, or n more were answered with cookies.  now: in ms, on the clock of the events' times.
 */
void flood_victims_add_drops(struct flood_victims *v, uint64_t netns, const struct sock *listener,
			     uint64_t now, uint64_t n);
void flood_victims_add_cookies(struct flood_victims *v, uint64_t netns, const struct sock *listener,
			       uint64_t now, uint64_t n, uint64_t half_open);

/* Adds the events that are due. */
void flood_victims_tell(struct flood_victims *v, uint64_t now, const struct event_sink *sink);

#endif

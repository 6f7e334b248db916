/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sockets that are there, by cookie, with the process that holds each: what a listing saw. */
#ifndef PORTSTAT_EVENTS_EVENT_TABLE_H
#define PORTSTAT_EVENTS_EVENT_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "events/event.h"

struct event_table;

struct event_entry {
	struct sock sock;
	uint64_t netns; /* inode, as that of struct event */
	struct event_owner owner;
};

struct event_table *event_table_new(void);
void event_table_free(struct event_table *table);

/* Adds a copy, or replaces the entry with this cookie.  Ignored without a cookie. */
void event_table_put(struct event_table *table, const struct event_entry *entry);

/* Borrowed until the table changes; NULL: unknown. */
const struct event_entry *event_table_get(const struct event_table *table, uint64_t cookie);

void event_table_remove(struct event_table *table, uint64_t cookie);

/*
 * The listener that a connection belongs to by its local end (listener_fit()); borrowed as above.
 * NULL if there is none, or several that fit as well.
 */
const struct event_entry *event_table_listener(const struct event_table *table, uint64_t netns,
					       const struct sock *connection);

/* Entries, in no order: 0 to n - 1; for those that compare all. */
size_t event_table_count(const struct event_table *table);
const struct event_entry *event_table_at(const struct event_table *table, size_t i);

#endif

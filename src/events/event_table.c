/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sockets that are there, by cookie, with the process that holds each. */
#include <config.h>

#include "events/event_table.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "model/listener.h"

/* The index of an entry that was removed.  Cookies never come again, so the key is not reused. */
#define REMOVED (MAP_NONE - 1)
/* So many keys of removed entries are kept before the map is built anew. */
#define REMOVED_MIN 1024

struct event_table {
	struct event_entry *entries;
	size_t n;
	size_t cap;
	struct map by_cookie; /* index in entries, or REMOVED */
	uint64_t *listeners; /* their cookies; some may have been removed */
	size_t n_listeners;
	size_t listeners_cap;
};

struct event_table *event_table_new(void)
{
	return mem_calloc(1, sizeof(struct event_table));
}

void event_table_free(struct event_table *table)
{
	if (!table)
		return;
	free(table->entries);
	free(table->listeners);
	map_fini(&table->by_cookie);
	free(table);
}

/* The index of a cookie's entry; MAP_NONE if it has none. */
static uint32_t index_of_cookie(const struct event_table *table, uint64_t cookie)
{
	uint32_t i = map_get(&table->by_cookie, cookie);

	return i == REMOVED ? MAP_NONE : i;
}

static void add_listener(struct event_table *table, uint64_t cookie)
{
	table->listeners = mem_grow(table->listeners, table->n_listeners, &table->listeners_cap,
				    sizeof(*table->listeners));
	table->listeners[table->n_listeners++] = cookie;
}

void event_table_put(struct event_table *table, const struct event_entry *entry)
{
	uint64_t cookie = entry->sock.cookie;
	bool was_listener = false;
	uint32_t *at;

	if (!sock_has(&entry->sock, SOCK_HAS_COOKIE) || !cookie)
		return;
	at = map_add(&table->by_cookie, cookie, REMOVED, NULL);
	if (*at == REMOVED) {
		table->entries =
			mem_grow(table->entries, table->n, &table->cap, sizeof(*table->entries));
		*at = (uint32_t)table->n++;
	} else {
		was_listener = table->entries[*at].sock.state == SOCK_STATE_LISTEN;
	}
	table->entries[*at] = *entry;
	if (entry->sock.state == SOCK_STATE_LISTEN && !was_listener)
		add_listener(table, cookie);
}

const struct event_entry *event_table_get(const struct event_table *table, uint64_t cookie)
{
	uint32_t i = index_of_cookie(table, cookie);

	return i == MAP_NONE ? NULL : &table->entries[i];
}

static void forget_removed(struct event_table *table)
{
	map_clear(&table->by_cookie);
	table->n_listeners = 0;
	for (size_t i = 0; i < table->n; i++) {
		const struct sock *sk = &table->entries[i].sock;

		map_add(&table->by_cookie, sk->cookie, (uint32_t)i, NULL);
		if (sk->state == SOCK_STATE_LISTEN)
			add_listener(table, sk->cookie);
	}
}

void event_table_remove(struct event_table *table, uint64_t cookie)
{
	uint32_t i = index_of_cookie(table, cookie);

	if (i == MAP_NONE)
		return;
	*map_add(&table->by_cookie, cookie, REMOVED, NULL) = REMOVED;
	table->n--;
	if (i < table->n) {
		table->entries[i] = table->entries[table->n];
		*map_add(&table->by_cookie, table->entries[i].sock.cookie, REMOVED, NULL) = i;
	}
	if (table->by_cookie.n > 2 * table->n + REMOVED_MIN)
		forget_removed(table);
}

const struct event_entry *event_table_listener(const struct event_table *table, uint64_t netns,
					       const struct sock *connection)
{
	const struct event_entry *best = NULL;
	unsigned int best_fit = 0;
	size_t n_best = 0;

	for (size_t i = 0; i < table->n_listeners; i++) {
		const struct event_entry *entry = event_table_get(table, table->listeners[i]);
		unsigned int fit;

		if (!entry || entry->netns != netns ||
		    entry->sock.local.port != connection->local.port)
			continue;
		fit = listener_fit(&entry->sock, connection);
		if (!fit || fit < best_fit)
			continue;
		n_best = fit > best_fit ? 1 : n_best + 1;
		best_fit = fit;
		best = entry;
	}
	return n_best == 1 ? best : NULL;
}

size_t event_table_count(const struct event_table *table)
{
	return table->n;
}

const struct event_entry *event_table_at(const struct event_table *table, size_t i)
{
	return &table->entries[i];
}

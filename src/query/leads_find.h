/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds where ports lead to, in the order of these functions. */
#ifndef PORTSTAT_QUERY_LEADS_FIND_H
#define PORTSTAT_QUERY_LEADS_FIND_H

#include <stdbool.h>
#include <stddef.h>

struct leads;
struct owner_key;
struct snapshot;

/* What the resolver's rules send on goes to the table, before anybody borrows from it, or is unlisted. */
void leads_add_rules(struct snapshot *snap, bool is_listed);

/* Adds the keys of these listeners, at most as many as there are leads; returns how many. */
size_t leads_owner_keys(const struct leads *leads, struct owner_key *keys);

/*
 * When the owners are there: adds the leads of proxies to the rows whose sockets they hold.  True if
 * there are any: their targets are to be found, too.
 */
bool leads_add_proxies(struct snapshot *snap);

/* Is any listener known to which a port leads, but not who holds it? */
bool leads_lack_owners(const struct snapshot *snap);

/* Adds what is known of who serves.  From now on leads can be looked up. */
void leads_finish(struct snapshot *snap);

/* Adds what could not be read; not what this user may not read, where that is optional. */
void leads_problems(struct snapshot *snap, bool is_optional);

#endif

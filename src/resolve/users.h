/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves users, each once. */
#ifndef PORTSTAT_RESOLVE_USERS_H
#define PORTSTAT_RESOLVE_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct users;

/* is_here: the users of this host.  Otherwise of another one: only those that users_tell() names. */
struct users *users_new(bool is_here);

/*
 * Those of several hosts, also told: a uid may have several names, so users_name() knows none, and
 * users_uid() only names that have one uid.
 */
struct users *users_new_of_documents(void);
bool users_are_of_documents(const struct users *u);
void users_free(struct users *u);

/* Of another host: the name of a uid, of which a copy is kept.  The first one told of a uid counts. */
void users_tell(struct users *u, uint32_t uid, const char *name);

/* Several threads are going to ask. */
void users_share(struct users *u);

/*
 * The name of a uid (getpwuid(3)); NULL if there is none, if it is not known, or if users is NULL.
 * Remembers the answer; several threads may ask at once after users_share().
 * Borrowed until users_free().
 */
const char *users_name(struct users *u, uint32_t uid);

/*
 * The names known so far: set *at to 0 before the first call.  Sets *uid; NULL after the last, or if
 * users is NULL.
 */
const char *users_next(const struct users *u, size_t *at, uint32_t *uid);

/*
 * Sets *uid to the uid of a name (getpwnam(3)).  False if there is no such user, or if users is
 * NULL.
 */
bool users_uid(const struct users *u, const char *name, size_t len, uint32_t *uid);

#endif

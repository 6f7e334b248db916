/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves users, each once. */
#ifndef PORTSTAT_RESOLVE_USERS_H
#define PORTSTAT_RESOLVE_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct users;

struct users *users_new(void);

/* Those of other hosts: only what users_tell() says is known. */
struct users *users_new_told(void);
void users_tell(struct users *u, uint32_t uid, const char *name);
bool users_are_told(const struct users *u);
void users_free(struct users *u);

/*
 * The name of a uid (getpwuid(3)); NULL if there is none, or if users is NULL: a recording has
 * users of another host.  Remembers the answer: once a uid has been resolved, several threads may
 * ask for it at once.  Borrowed until users_free().
 */
const char *users_name(struct users *u, uint32_t uid);

/*
 * Sets *uid to the uid of a name.  False if there is no such user, or, of those who are told, several
 * uids have the name.  u may be NULL: this host's.
 */
bool users_find(const struct users *u, const char *name, size_t len, uint32_t *uid);

/* Sets *uid to the uid of a name (getpwnam(3)).  False if there is no such user. */
bool users_uid(const char *name, size_t len, uint32_t *uid);

#endif

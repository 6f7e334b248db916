/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User names, each asked for once. */
#ifndef PORTSTAT_RESOLVE_USERS_H
#define PORTSTAT_RESOLVE_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct users;

struct users *users_new(void);
void users_free(struct users *u);

/*
 * Borrowed, valid until users_free(); NULL where the uid has no name.  Remembers both answers: for
 * what it was asked before, several threads may ask it at once.  Without users (NULL) nobody has a
 * name: those of a recording are another host's.
 */
const char *users_name(struct users *u, uint32_t uid);

/* The uid of a name (getpwnam(3)).  False where there is no such user. */
bool users_uid(const char *name, size_t len, uint32_t *uid);

#endif

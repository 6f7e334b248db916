/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of a command line as one word of [A-Za-z0-9%._-], in which no shell on the way to another host
 * sees a special character.
 */
#ifndef PORTSTAT_REMOTE_QUERY_WORD_H
#define PORTSTAT_REMOTE_QUERY_WORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Adds a word to the query; words are separated by NUL, encoded as all else that is special. */
void query_word_add(struct buf *query, const char *word);

/*
 * Decodes a query into words, each with a NUL at its end.  Strict: only what query_word_add() makes
 * is accepted.  Returns 0 or -EINVAL.
 */
int query_word_decode(const char *query, size_t n, struct buf *words);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a look could not list. */
#ifndef PORTSTAT_LIVE_MISSING_H
#define PORTSTAT_LIVE_MISSING_H

#include <stdbool.h>

struct buf;
struct problems;

/*
 * Adds sentences about what has no row in which it could be said; nothing where all is there.  Without
 * counts two looks that lack the same give the same text.
 */
void missing_text(const struct problems *problems, bool with_counts, struct buf *out);

#endif

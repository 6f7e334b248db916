/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about what a refresh could not list. */
#ifndef PORTSTAT_LIVE_MISSING_H
#define PORTSTAT_LIVE_MISSING_H

#include <stdbool.h>

struct buf;
struct problems;

/*
 * Adds sentences about problems that no row shows; nothing if there are none.  Without counts, two
 * refreshes with the same problems give the same text.
 */
void missing_text(const struct problems *problems, bool with_counts, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shortens the text of a cell such that what matters most in it stays. */
#ifndef PORTSTAT_LIVE_SHORTEN_H
#define PORTSTAT_LIVE_SHORTEN_H

#include <stddef.h>

struct buf;

/* Removes the oldest rates of a line of the history, such that room columns stay. */
void shorten_history(struct buf *out, size_t start, size_t room);

/*
 * Each shortens the visible text of out from offset start on to room (at least 1) columns, with a
 * mark one column wide for what was left out.  An address keeps its port, and is whole where it
 * fits, before the names behind it; of the first name its pid is kept before the name, and before
 * both the place to which a port leads ("docker-proxy[812] > web:80 httpd[830]").
 */
void shorten_address(struct buf *out, size_t start, size_t room, const char *mark);
void shorten_name(struct buf *out, size_t start, size_t room, const char *mark);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lowest line: the keys that one may want to know of. */
#ifndef PORTSTAT_LIVE_BAR_H
#define PORTSTAT_LIVE_BAR_H

struct canvas;
struct key_binding;
struct key_list;

void bar_draw(const struct key_list *keys, struct canvas *out, int y);

/* What stands at column x of the line; NULL: nothing. */
const struct key_binding *bar_at(const struct key_list *keys, int x);

#endif

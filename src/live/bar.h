/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bottom line: the most important keys. */
#ifndef PORTSTAT_LIVE_BAR_H
#define PORTSTAT_LIVE_BAR_H

struct canvas;
struct key_binding;
struct key_list;

/* Draws the keys on line y, each of them whole or not at all. */
void bar_draw(const struct key_list *keys, struct canvas *out, int y);

/* The key shown at column x of a line of this width; NULL if there is none. */
const struct key_binding *bar_at(const struct key_list *keys, int width, int x);

#endif

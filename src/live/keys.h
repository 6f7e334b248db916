/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of keys: what the handler, the help screen, the key bar and the manual know of them. */
#ifndef PORTSTAT_LIVE_KEYS_H
#define PORTSTAT_LIVE_KEYS_H

#include "live/input.h"

extern const struct key_binding key_bindings[];
extern const size_t key_bindings_n;

/* What the mouse alone can do. */
extern const struct key_binding click_bindings[];
extern const size_t click_bindings_n;

#endif

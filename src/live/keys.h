/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only table of keys; the handler, the help screen, the key bar and the manual use it. */
#ifndef PORTSTAT_LIVE_KEYS_H
#define PORTSTAT_LIVE_KEYS_H

#include "live/input.h"

extern const struct key_binding key_bindings[];
extern const size_t key_bindings_n;

/* Actions of the mouse only. */
extern const struct key_binding click_bindings[];
extern const size_t click_bindings_n;

#endif

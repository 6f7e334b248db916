/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help screen, which lists the table of keys. */
#ifndef PORTSTAT_LIVE_PANEL_HELP_H
#define PORTSTAT_LIVE_PANEL_HELP_H

#include "live/input.h"

struct panel;

/* Copies keys; the bindings in it are borrowed. */
struct panel *panel_help_new(const struct key_list *keys);

#endif

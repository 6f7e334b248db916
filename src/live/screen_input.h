/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the terminal sends: keys, clicks and what no description has, to events. */
#ifndef PORTSTAT_LIVE_SCREEN_INPUT_H
#define PORTSTAT_LIVE_SCREEN_INPUT_H

#include <stdbool.h>
#include <wchar.h>

#include "live/screen.h"

/* Zero-initialised: nothing was read ahead. */
struct screen_input {
	bool has_next; /* one that was read ahead, as get_wch() gave it */
	int kind;
	wint_t next;
};

/*
 * Adds the keys that terminals send whatever their description says (PuTTY calls itself xterm), where it
 * has nothing else for these bytes.
 */
void screen_input_define_keys(void);

/* As screen_read(). */
struct screen_event screen_input_read(struct screen_input *in);

#endif

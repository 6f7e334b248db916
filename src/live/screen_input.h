/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes terminal input to events, including sequences that are in no terminal description. */
#ifndef PORTSTAT_LIVE_SCREEN_INPUT_H
#define PORTSTAT_LIVE_SCREEN_INPUT_H

#include <stdbool.h>
#include <wchar.h>

#include "live/screen.h"

/* Zero-initialised: no input was pushed back. */
struct screen_input {
	bool has_next; /* kind and next: input that was pushed back, as get_wch() returned it */
	int kind;
	wint_t next;
};

/*
 * Defines keys that terminals send contrary to their description (PuTTY calls itself xterm), unless
 * the description uses the same bytes for another key.
 */
void screen_input_define_keys(void);

/* As screen_read(). */
struct screen_event screen_input_read(struct screen_input *in);

#endif

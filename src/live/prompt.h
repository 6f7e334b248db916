/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line editor of prompts. */
#ifndef PORTSTAT_LIVE_PROMPT_H
#define PORTSTAT_LIVE_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Zero-initialised is empty. */
struct prompt {
	struct buf text;
	size_t cursor; /* byte */
	bool is_chosen; /* the next character replaces all of it */
};

enum prompt_result {
	PROMPT_SAME, /* the text did not change */
	PROMPT_EDITED,
	PROMPT_ACCEPTED,
	PROMPT_CANCELLED,
};

void prompt_fini(struct prompt *prompt);

/* Sets the text, with the cursor at its end. */
void prompt_set(struct prompt *prompt, const char *text, size_t len);

/* Handles a key (see live/input.h). */
enum prompt_result prompt_key(struct prompt *prompt, uint32_t key);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line that is typed. */
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
	bool is_chosen; /* the next character takes the place of all of it */
};

enum prompt_result {
	PROMPT_SAME, /* the text did not change */
	PROMPT_EDITED,
	PROMPT_ACCEPTED,
	PROMPT_CANCELLED,
};

void prompt_fini(struct prompt *prompt);

/* Starts with this text, the cursor behind it. */
void prompt_set(struct prompt *prompt, const char *text, size_t len);

/* What a key does to the line; see live/input.h. */
enum prompt_result prompt_key(struct prompt *prompt, uint32_t key);

#endif

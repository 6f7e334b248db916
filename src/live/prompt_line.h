/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line in which something is typed, with the place of a mistake in it. */
#ifndef PORTSTAT_LIVE_PROMPT_LINE_H
#define PORTSTAT_LIVE_PROMPT_LINE_H

#include <stdbool.h>

struct canvas;
struct filter_error;
struct live_layout;
struct prompt;

/* What it shows.  All pointers are borrowed. */
struct prompt_line {
	const char *label; /* translated */
	const struct prompt *prompt;
	const struct filter_error *error; /* NULL, or without a message: no mistake */
	bool is_ascii;
};

void prompt_line_draw(const struct prompt_line *l, struct canvas *out, int y);

/*
 * Says below the line what is wrong at the place of the mistake, where else the head of the table
 * is.  Returns how many of the table's rows that takes.
 */
int prompt_line_draw_mistake(const struct prompt_line *l, struct canvas *out,
			     const struct live_layout *layout);

#endif

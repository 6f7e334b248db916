/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws a prompt, and the mistake in a filter. */
#ifndef PORTSTAT_LIVE_PROMPT_LINE_H
#define PORTSTAT_LIVE_PROMPT_LINE_H

#include <stdbool.h>

struct buf;
struct canvas;
struct filter_error;
struct live_layout;
struct prompt;

/* What is drawn.  All pointers are borrowed. */
struct prompt_line {
	const char *label; /* translated */
	const struct prompt *prompt;
	const struct filter_error *error; /* NULL, or message is NULL: no mistake */
	bool is_ascii;
};

/* Draws the prompt on line y, and puts the terminal's cursor there. */
void prompt_line_draw(const struct prompt_line *l, struct canvas *out, int y);

/* Adds what was expected, which words are valid, and which one was probably meant. */
void prompt_mistake_text(const struct filter_error *error, struct buf *out);

/*
 * Draws the message about the mistake below its place, over the table's head.  Returns how many of
 * the table's rows it also covers.
 */
int prompt_line_draw_mistake(const struct prompt_line *l, struct canvas *out,
			     const struct live_layout *layout);

#endif

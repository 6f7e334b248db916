/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The contents of the screen in memory: lines of styled text. */
#ifndef PORTSTAT_LIVE_CANVAS_H
#define PORTSTAT_LIVE_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "live/glyphs.h"

/* The role of a piece of text; theme.c has its colours and attributes. */
enum style {
	STYLE_PLAIN,
	STYLE_TITLE,
	STYLE_ALERT, /* in the title: paused, a source that fails */
	STYLE_TAB,
	STYLE_TAB_CURRENT,
	STYLE_HEAD,
	STYLE_HEAD_SORTED,
	STYLE_CURSOR,
	STYLE_HIT, /* what a search has found */
	STYLE_TAGGED,
	STYLE_NEW,
	STYLE_CHANGED,
	STYLE_CLOSED,
	STYLE_LISTEN,
	STYLE_TROUBLE, /* what needs a look */
	STYLE_STATE_LISTEN, /* the cell of the state: LISTEN, and states of closing connections */
	STYLE_STATE_CLOSING,
	STYLE_DIM,
	STYLE_RULE, /* the line above details and dialogs */
	STYLE_LABEL,
	STYLE_CHOSEN, /* the selected line of a dialog */
	STYLE_ERROR,
	STYLE_PROMPT,
	STYLE_KEY,
	STYLE_KEY_LABEL,
};
#define STYLE_COUNT 25

struct canvas_span {
	size_t start; /* byte of the line's text */
	enum style style; /* up to the next span */
};

struct canvas_line {
	struct buf text; /* visible text, no wider than the canvas */
	size_t width; /* columns taken */
	struct canvas_span *spans; /* the first one starts at 0 */
	size_t n_spans;
	size_t spans_cap;
};

/* Zero-initialised is an empty canvas. */
struct canvas {
	struct canvas_line *lines;
	int width;
	int height;
	int lines_cap;
	int cursor_y; /* where the terminal's cursor is; -1: hidden */
	int cursor_x;
	const struct glyphs *glyphs; /* borrowed */
};

void canvas_fini(struct canvas *c);

/* Starts a new picture of this size with all lines empty. */
void canvas_begin(struct canvas *c, int width, int height, const struct glyphs *glyphs);

/*
 * Each appends to line y a text without control characters (see text_visible()).  Text that does
 * not fit is cut and ends with glyphs->cut.  A y outside the canvas is ignored.
 */
void canvas_put(struct canvas *c, int y, enum style style, const char *text, size_t n);
void canvas_str(struct canvas *c, int y, enum style style, const char *text);
/* Pads with spaces up to column x. */
void canvas_to(struct canvas *c, int y, enum style style, int x);
/* Appends the text n times. */
void canvas_repeat(struct canvas *c, int y, enum style style, const char *text, int n);
/* Aligns the text to end before column right; draws nothing if it does not fit. */
void canvas_right(struct canvas *c, int y, enum style gap, enum style style, const struct buf *text,
		  int right);
/* Cuts or pads the text to exactly width columns. */
void canvas_cell(struct canvas *c, int y, enum style style, const char *text, size_t n, int width,
		 bool is_right);

/* The number of columns used on line y so far. */
int canvas_column(const struct canvas *c, int y);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A picture of the screen without a screen: lines of text with styles. */
#ifndef PORTSTAT_LIVE_CANVAS_H
#define PORTSTAT_LIVE_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "live/glyphs.h"

/* What a piece of text is; the screen knows how that looks. */
enum style {
	STYLE_PLAIN,
	STYLE_TITLE,
	STYLE_ALERT, /* in the title: paused, a source that fails */
	STYLE_TAB,
	STYLE_TAB_CURRENT,
	STYLE_HEAD,
	STYLE_HEAD_SORTED,
	STYLE_CURSOR,
	STYLE_TAGGED,
	STYLE_NEW,
	STYLE_CHANGED,
	STYLE_CLOSED,
	STYLE_LISTEN,
	STYLE_DIM,
	STYLE_RULE, /* the line above details and dialogs */
	STYLE_LABEL,
	STYLE_CHOSEN, /* the line of a dialog that is chosen */
	STYLE_ERROR,
	STYLE_PROMPT,
	STYLE_KEY,
	STYLE_KEY_LABEL,
};
#define STYLE_COUNT 21

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

/* Zero-initialised is an empty picture. */
struct canvas {
	struct canvas_line *lines;
	int width;
	int height;
	int lines_cap;
	int cursor_y; /* where the terminal's cursor shows; -1: nowhere */
	int cursor_x;
	const struct glyphs *glyphs; /* borrowed */
};

void canvas_fini(struct canvas *c);

/* Starts a new picture of this size, all lines empty. */
void canvas_begin(struct canvas *c, int width, int height, const struct glyphs *glyphs);

/*
 * Each adds to line y, whose text is visible already (text_visible()); what does not fit is cut
 * with the mark.  A y outside the picture is ignored.
 */
void canvas_put(struct canvas *c, int y, enum style style, const char *text, size_t n);
void canvas_str(struct canvas *c, int y, enum style style, const char *text);
/* Up to column x, with spaces. */
void canvas_to(struct canvas *c, int y, enum style style, int x);
/* n times a piece of text. */
void canvas_repeat(struct canvas *c, int y, enum style style, const char *text, int n);
/* So that it ends before column right; nothing where there is no room for all of it. */
void canvas_right(struct canvas *c, int y, enum style gap, enum style style, const struct buf *text,
		  int right);
/* Exactly width columns: cut or padded, aligned. */
void canvas_cell(struct canvas *c, int y, enum style style, const char *text, size_t n, int width,
		 bool is_right);

/* The columns that line y takes so far. */
int canvas_column(const struct canvas *c, int y);

#endif

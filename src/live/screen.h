/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal: draws pictures, reads keys and clicks as events, and restores it at the end. */
#ifndef PORTSTAT_LIVE_SCREEN_H
#define PORTSTAT_LIVE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live/theme.h"

struct canvas;
struct screen;

enum screen_event_kind {
	SCREEN_NOTHING,
	SCREEN_KEY,
	SCREEN_CLICK,
	SCREEN_WHEEL,
	SCREEN_RESIZED,
	SCREEN_CLOSED, /* the terminal is gone */
};

struct screen_event {
	enum screen_event_kind kind;
	uint32_t key; /* see live/input.h */
	int y;
	int x;
	int lines; /* of the wheel; positive: down */
};

/*
 * Takes over the terminal on standard input and output. 0; or -ENOTTY if the terminal type (TERM)
 * is unknown or lacks a required capability.  *relative: if it is unknown, but its name suggests
 * another one, that one, which is used; else NULL.  Static.
 */
int screen_open(struct screen **out, bool has_color, bool has_mouse, enum theme theme,
		const char **relative);

/* Restores the terminal and frees s.  NULL is fine. */
void screen_close(struct screen *s);

/* The current size in columns and lines. */
void screen_size(const struct screen *s, int *width, int *height);

/* Reads the new size of the terminal; also after the process was stopped. */
void screen_resize(struct screen *s);

/* Shows a picture; only what has changed is sent to the terminal. */
void screen_draw(struct screen *s, const struct canvas *picture);

/* Rings the bell of the terminal. */
void screen_ring(struct screen *s);

/* Forces the next draw to draw the whole screen. */
void screen_forget(struct screen *s);

/*
 * Reads one event; SCREEN_NOTHING if there is none.  Blocks only for the rest of an escape
 * sequence.
 */
struct screen_event screen_read(struct screen *s);

/* Ctrl-Z: restores the terminal, stops the process, and takes over the terminal again after fg. */
void screen_suspend(struct screen *s);

/* Asks the terminal for clicks, or leaves them to it; nothing if the mouse is not used at all. */
void screen_use_mouse(struct screen *s, bool is_used);

/* Copies text to the terminal's clipboard (OSC 52).  False if the terminal hardly has one. */
bool screen_copy(struct screen *s, const char *text, size_t len);

#endif

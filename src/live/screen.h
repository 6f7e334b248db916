/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal: pictures to cells, keys and clicks to events, and left as it was found. */
#ifndef PORTSTAT_LIVE_SCREEN_H
#define PORTSTAT_LIVE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	uint32_t key; /* see live/keys.h */
	int y;
	int x;
	int lines; /* of the wheel: down is positive */
};

/*
 * Takes the terminal over on standard input and output.  -ENOTTY where the type of the terminal
 * (TERM) is not known or cannot do what it takes; 0 otherwise.
 */
int screen_open(struct screen **out, bool has_color, bool has_mouse);

/* Leaves the terminal as it was.  NULL is fine. */
void screen_close(struct screen *s);

void screen_size(const struct screen *s, int *width, int *height);

/* The terminal has another size; also after a stop. */
void screen_resize(struct screen *s);

void screen_draw(struct screen *s, const struct canvas *picture);

/* The next draw draws all of it. */
void screen_forget(struct screen *s);

/* What was typed; SCREEN_NOTHING where nothing waits.  Never blocks for longer than an escape takes. */
struct screen_event screen_read(struct screen *s);

/* Leaves the terminal as it was, stops the process (Ctrl-Z), and takes the terminal over again. */
void screen_suspend(struct screen *s);

/* Puts text into the terminal's clipboard (OSC 52); false where none can be expected. */
bool screen_copy(struct screen *s, const char *text, size_t len);

#endif

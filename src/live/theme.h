/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The colours and attributes of each role, for dark and for light backgrounds. */
#ifndef PORTSTAT_LIVE_THEME_H
#define PORTSTAT_LIVE_THEME_H

#include <stddef.h>
#include <stdint.h>

#include "live/canvas.h"

enum theme {
	THEME_UNSET, /* by an option: as configured; configured: as THEME_AUTO */
	THEME_AUTO, /* by COLORFGBG, which some terminals set; else dark */
	THEME_DARK,
	THEME_LIGHT,
};

/* The words for the option and the configuration, without THEME_UNSET; ended by NULL. */
extern const char *const theme_words[];

/* Dark or light: the theme if it says, else what COLORFGBG (may be NULL) says of the background. */
enum theme theme_of(enum theme theme, const char *colorfgbg);

enum look_attribute {
	LOOK_BOLD = 1 << 0,
	LOOK_DIM = 1 << 1,
	LOOK_UNDERLINE = 1 << 2,
	LOOK_REVERSE = 1 << 3,
};

/* Numbers of xterm's 256 colours; -1 is the terminal's own. */
struct look {
	short foreground;
	short background;
	unsigned char attributes; /* LOOK_ bits */
};

/*
 * The look of a style on a terminal of so many colours (0: none).  Whatever says something by its colour
 * says it by an attribute or a character, too.
 */
struct look theme_look(enum theme theme, enum style style, int n_colors);

/* The colour as 0xRRGGBB: those of xterm for the first 16, which a terminal may change. */
uint32_t theme_rgb(short color);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The colours and attributes of each role, for dark and for light backgrounds. */
#include <config.h>

#include "live/theme.h"

#include <stdlib.h>
#include <string.h>

const char *const theme_words[] = { "auto", "dark", "light", NULL };

/* The two colours of a look: of 256, and of the first eight where there are no more. */
struct colors {
	short foreground;
	short background;
	short basic_foreground;
	short basic_background;
};

#define OWN                    \
	{                      \
		-1, -1, -1, -1 \
	}
#define BAR                 \
	{                   \
		0, 44, 0, 6 \
	} /* black on cyan */

/*
 * Every pair has a contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3), dark ones with a black and light ones
 * with a white background; the unit test computes it.
 */
/* clang-format off */
static const struct {
	struct colors dark;
	struct colors light;
	unsigned char attributes;
	unsigned char without; /* attributes where there are no colours */
} looks[STYLE_COUNT] = {
	[STYLE_PLAIN] = { OWN, OWN, 0, 0 },
	[STYLE_TITLE] = { OWN, OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_ALERT] = { { 231, 124, 7, 1 }, { 231, 124, 7, 1 }, LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD },
	[STYLE_TAB] = { OWN, OWN, 0, 0 },
	[STYLE_TAB_CURRENT] = { OWN, OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_HEAD] = { { 0, 40, 0, 2 }, { 231, 22, 7, 4 }, 0, LOOK_REVERSE },
	[STYLE_HEAD_SORTED] = { BAR, { 231, 24, 7, 1 }, 0, LOOK_REVERSE | LOOK_BOLD },
	[STYLE_CURSOR] = { BAR, { 231, 24, 7, 4 }, 0, LOOK_REVERSE },
	[STYLE_HIT] = { { 0, 220, 0, 3 }, { 0, 220, 0, 3 }, 0, LOOK_REVERSE | LOOK_BOLD },
	[STYLE_TAGGED] = { { 220, -1, 3, -1 }, { 94, -1, 4, -1 }, LOOK_BOLD, LOOK_BOLD },
	[STYLE_NEW] = { { 40, -1, 2, -1 }, { 22, -1, 4, -1 }, 0, LOOK_BOLD },
	[STYLE_CHANGED] = { { 213, -1, 6, -1 }, { 90, -1, 5, -1 }, 0, LOOK_BOLD },
	[STYLE_CLOSED] = { { 210, -1, 3, -1 }, { 124, -1, 1, -1 }, 0, LOOK_DIM },
	[STYLE_LISTEN] = { OWN, OWN, 0, 0 },
	[STYLE_TROUBLE] = { { 215, -1, 3, -1 }, { 124, -1, 1, -1 }, LOOK_BOLD, LOOK_BOLD },
	[STYLE_STATE_LISTEN] = { OWN, OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_STATE_CLOSING] = { { 246, -1, -1, -1 }, { 241, -1, -1, -1 }, 0, LOOK_DIM },
	[STYLE_DIM] = { { 246, -1, -1, -1 }, { 241, -1, -1, -1 }, 0, LOOK_DIM },
	[STYLE_RULE] = { { 44, -1, 6, -1 }, { 24, -1, 4, -1 }, 0, 0 },
	[STYLE_LABEL] = { { 44, -1, 6, -1 }, { 24, -1, 4, -1 }, 0, LOOK_BOLD },
	[STYLE_CHOSEN] = { BAR, { 231, 24, 7, 4 }, 0, LOOK_REVERSE },
	[STYLE_ERROR] = { { 210, -1, 3, -1 }, { 124, -1, 1, -1 }, LOOK_BOLD, LOOK_BOLD | LOOK_UNDERLINE },
	[STYLE_PROMPT] = { OWN, OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_KEY] = { OWN, OWN, LOOK_BOLD, LOOK_BOLD },
	[STYLE_KEY_LABEL] = { BAR, { 231, 24, 7, 4 }, 0, LOOK_REVERSE },
};
/* clang-format on */

enum theme theme_of(enum theme theme, const char *colorfgbg)
{
	const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
	char *end;
	long background;

	if (theme == THEME_DARK || theme == THEME_LIGHT || !last)
		return theme == THEME_LIGHT ? THEME_LIGHT : THEME_DARK;
	background = strtol(last + 1, &end, 10);
	if (end == last + 1 || *end)
		return THEME_DARK;
	/* White, and the bright colours but dark grey. */
	return background == 7 || (background >= 9 && background <= 15) ? THEME_LIGHT : THEME_DARK;
}

struct look theme_look(enum theme theme, enum style style, int n_colors)
{
	const struct colors *colors =
		theme == THEME_LIGHT ? &looks[style].light : &looks[style].dark;

	if (!n_colors)
		return (struct look){ -1, -1, looks[style].without };
	if (n_colors < 256)
		return (struct look){ colors->basic_foreground, colors->basic_background,
				      looks[style].attributes };
	return (struct look){ colors->foreground, colors->background, looks[style].attributes };
}

uint32_t theme_rgb(short color)
{
	static const uint32_t first[] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};
	static const uint32_t levels[] = { 0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff };
	uint32_t at = (uint32_t)color;

	if (at < 16)
		return first[at];
	if (at >= 232)
		return (8 + (at - 232) * 10) * 0x010101;
	at -= 16;
	return levels[at / 36] << 16 | levels[at / 6 % 6] << 8 | levels[at % 6];
}

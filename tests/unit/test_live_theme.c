/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The colours of the live view: their contrast, computed, and which set is chosen. */
#include <config.h>

#include "live/theme.h"

#include <math.h>
#include <string.h>

#include "test.h"

/* WCAG 2.1: relative luminance of a colour, and the contrast of two. */
static double luminance(uint32_t rgb)
{
	static const double weights[] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double part = (double)(rgb >> (16 - 8 * i) & 0xff) / 255;

		sum += weights[i] *
		       (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a), y = luminance(b);

	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

static void every_pair_can_be_read(void **state)
{
	static const int n_colors[] = { 8, 256 };

	(void)state;
	assert_true(contrast(0x000000, 0xffffff) > 20.9);
	for (int light = 0; light < 2; light++) {
		uint32_t paper = light ? 0xffffff : 0x000000, ink = 0xffffff - paper;

		for (size_t i = 0; i < 2; i++) {
			for (unsigned int style = 0; style < STYLE_COUNT; style++) {
				const struct look look =
					theme_look(light ? THEME_LIGHT : THEME_DARK,
						   (enum style)style, n_colors[i]);
				uint32_t front =
					look.foreground < 0 ? ink : theme_rgb(look.foreground);
				uint32_t back =
					look.background < 0 ? paper : theme_rgb(look.background);

				assert_true(look.foreground < n_colors[i] &&
					    look.background < n_colors[i]);
				/* A background of its own has a foreground of its own. */
				assert_true(look.background < 0 || look.foreground >= 0);
				if (contrast(front, back) < 4.5)
					fail_msg("style %u of %d colours, %s: %.2f to 1", style,
						 n_colors[i], light ? "light" : "dark",
						 contrast(front, back));
			}
		}
	}
}

/* What is told apart by its colour is told apart by an attribute or a background without one. */
static void nothing_needs_a_colour(void **state)
{
	static const enum style apart[] = { STYLE_CURSOR, STYLE_HIT,	     STYLE_TAGGED,
					    STYLE_NEW,	  STYLE_CLOSED,	     STYLE_TROUBLE,
					    STYLE_ERROR,  STYLE_STATE_LISTEN };

	(void)state;
	for (size_t i = 0; i < sizeof(apart) / sizeof(*apart); i++) {
		const struct look look = theme_look(THEME_DARK, apart[i], 0);

		assert_int_equal(look.foreground, -1);
		assert_int_equal(look.background, -1);
		assert_true(look.attributes);
	}
}

static void the_background_is_asked_for(void **state)
{
	static const struct {
		enum theme theme;
		const char *colorfgbg;
		enum theme want;
	} cases[] = {
		{ THEME_UNSET, NULL, THEME_DARK },
		{ THEME_AUTO, NULL, THEME_DARK },
		{ THEME_AUTO, "", THEME_DARK },
		{ THEME_AUTO, "15;0", THEME_DARK },
		{ THEME_AUTO, "0;15", THEME_LIGHT },
		{ THEME_AUTO, "0;default;15", THEME_LIGHT },
		{ THEME_UNSET, "0;7", THEME_LIGHT },
		{ THEME_AUTO, "7;8", THEME_DARK },
		{ THEME_AUTO, "15;default", THEME_DARK },
		{ THEME_AUTO, "15;", THEME_DARK },
		{ THEME_DARK, "0;15", THEME_DARK },
		{ THEME_LIGHT, "15;0", THEME_LIGHT },
		{ THEME_LIGHT, NULL, THEME_LIGHT },
		{ THEME_AUTO, "0;99999999", THEME_DARK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(theme_of(cases[i].theme, cases[i].colorfgbg), cases[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_can_be_read),
		cmocka_unit_test(nothing_needs_a_colour),
		cmocka_unit_test(the_background_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the screen of a terminal as a picture. */
#ifndef PORTSTAT_TESTS_SCREEN_SVG_H
#define PORTSTAT_TESTS_SCREEN_SVG_H

#include <stdio.h>
#include <vterm.h>

/* An SVG of the screen, white on black; the text in it can be selected. */
void svg_write(VTermScreen *screen, int width, int height, FILE *out);

#endif

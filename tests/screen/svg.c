/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the screen of a terminal as a picture: a rectangle and a text for each run of equal cells. */
#include <config.h>

#include "svg.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Of a cell, in pixels, and where its letters stand. */
#define CELL_WIDTH 8
#define CELL_HEIGHT 17
#define BASELINE 13

#define INK 0xd0d0d0
#define PAPER 0x101010

/* How a run of cells looks. */
struct look {
	uint32_t ink;
	uint32_t paper;
	bool is_bold;
};

static uint32_t rgb_of(VTermScreen *screen, VTermColor color, uint32_t by_default)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(&color) || VTERM_COLOR_IS_DEFAULT_BG(&color))
		return by_default;
	vterm_screen_convert_color_to_rgb(screen, &color);
	return (uint32_t)color.rgb.red << 16 | (uint32_t)color.rgb.green << 8 | color.rgb.blue;
}

static struct look look_of(VTermScreen *screen, const VTermScreenCell *cell)
{
	struct look look = { .ink = rgb_of(screen, cell->fg, INK),
			     .paper = rgb_of(screen, cell->bg, PAPER),
			     .is_bold = cell->attrs.bold };

	if (cell->attrs.reverse)
		look = (struct look){ look.paper, look.ink, look.is_bold };
	return look;
}

static void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else
			fputc(*text, out);
	}
}

/* Draws the cells from x on that look like the first one.  Returns where the next ones begin. */
static int put_run(VTermScreen *screen, int width, int y, int x, FILE *out)
{
	int start = x, n_blank = 0;
	struct look look = { 0 };
	char text[4096];
	size_t n = 0;

	while (x < width && n + 32 < sizeof(text)) {
		VTermPos pos = { .row = y, .col = x };
		VTermScreenCell cell;
		struct look now;

		vterm_screen_get_cell(screen, pos, &cell);
		now = look_of(screen, &cell);
		if (x == start)
			look = now;
		if (now.ink != look.ink || now.paper != look.paper || now.is_bold != look.is_bold)
			break;
		n_blank = cell.chars[0] && cell.chars[0] != ' ' ? 0 : n_blank + cell.width;
		if (!cell.chars[0])
			text[n++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			n += text_encode(cell.chars[i], text + n);
		x += cell.width > 0 ? cell.width : 1;
	}
	if (look.paper != PAPER)
		fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>",
			start * CELL_WIDTH, y * CELL_HEIGHT, (x - start) * CELL_WIDTH, CELL_HEIGHT,
			look.paper);
	n -= (size_t)n_blank;
	text[n] = '\0';
	if (!n)
		return x;
	fprintf(out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\"%s", start * CELL_WIDTH,
		y * CELL_HEIGHT + BASELINE, (x - start - n_blank) * CELL_WIDTH,
		look.is_bold ? " font-weight=\"bold\"" : "");
	if (look.ink != INK)
		fprintf(out, " fill=\"#%06x\"", look.ink);
	fputc('>', out);
	put_text(out, text);
	fputs("</text>\n", out);
	return x;
}

void svg_write(VTermScreen *screen, int width, int height, FILE *out)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"font-family=\"monospace\" font-size=\"13\" fill=\"#%06x\" xml:space=\"preserve\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#%06x\"/>\n",
		width * CELL_WIDTH, height * CELL_HEIGHT, INK, PAPER);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width;)
			x = put_run(screen, width, y, x, out);
	fputs("</svg>\n", out);
}

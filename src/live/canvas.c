/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The contents of the screen in memory: lines of styled text. */
#include <config.h>

#include "live/canvas.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

void canvas_fini(struct canvas *c)
{
	for (int y = 0; y < c->lines_cap; y++) {
		buf_fini(&c->lines[y].text);
		free(c->lines[y].spans);
	}
	free(c->lines);
	*c = (struct canvas){ 0 };
}

void canvas_begin(struct canvas *c, int width, int height, const struct glyphs *glyphs)
{
	if (height > c->lines_cap) {
		c->lines = mem_resize(c->lines, (size_t)height, sizeof(*c->lines));
		for (int y = c->lines_cap; y < height; y++)
			c->lines[y] = (struct canvas_line){ 0 };
		c->lines_cap = height;
	}
	c->width = width;
	c->height = height;
	c->glyphs = glyphs;
	c->cursor_y = -1;
	c->cursor_x = 0;
	for (int y = 0; y < height; y++) {
		buf_clear(&c->lines[y].text);
		c->lines[y].width = 0;
		c->lines[y].n_spans = 0;
	}
}

static struct canvas_line *line_at(struct canvas *c, int y)
{
	return y >= 0 && y < c->height ? &c->lines[y] : NULL;
}

static void add(struct canvas_line *line, enum style style, const char *text, size_t n,
		size_t width)
{
	if (!n)
		return;
	if (!line->n_spans || line->spans[line->n_spans - 1].style != style) {
		line->spans = mem_grow(line->spans, line->n_spans, &line->spans_cap,
				       sizeof(*line->spans));
		line->spans[line->n_spans++] =
			(struct canvas_span){ .start = line->text.len, .style = style };
	}
	buf_add(&line->text, text, n);
	line->width += width;
}

/* Appends as much as fits into room columns; text that was cut ends with glyphs->cut. */
static void add_cut(struct canvas *c, struct canvas_line *line, enum style style, const char *text,
		    size_t n, size_t room)
{
	size_t used, len = text_fit(text, n, room, &used);

	if (len < n) {
		if (!room)
			return;
		len = text_fit(text, n, room - 1, &used);
		add(line, style, text, len, used);
		add(line, style, c->glyphs->cut, strlen(c->glyphs->cut), 1);
		return;
	}
	add(line, style, text, len, used);
}

void canvas_put(struct canvas *c, int y, enum style style, const char *text, size_t n)
{
	struct canvas_line *line = line_at(c, y);

	if (line && line->width < (size_t)c->width)
		add_cut(c, line, style, text, n, (size_t)c->width - line->width);
}

void canvas_str(struct canvas *c, int y, enum style style, const char *text)
{
	canvas_put(c, y, style, text, strlen(text));
}

void canvas_to(struct canvas *c, int y, enum style style, int x)
{
	struct canvas_line *line = line_at(c, y);

	if (x > c->width)
		x = c->width;
	while (line && x > 0 && line->width < (size_t)x)
		add(line, style, " ", 1, 1);
}

void canvas_repeat(struct canvas *c, int y, enum style style, const char *text, int n)
{
	for (int i = 0; i < n; i++)
		canvas_str(c, y, style, text);
}

void canvas_cell(struct canvas *c, int y, enum style style, const char *text, size_t n, int width,
		 bool is_right)
{
	struct canvas_line *line = line_at(c, y);
	int start = canvas_column(c, y), end = start + width;
	size_t text_columns = text_width(text, n);

	if (!line || width <= 0)
		return;
	if (end > c->width)
		end = c->width;
	if (is_right && text_columns < (size_t)width)
		canvas_to(c, y, style, end - (int)text_columns);
	if (end > (int)line->width)
		add_cut(c, line, style, text, n, (size_t)end - line->width);
	canvas_to(c, y, style, end);
}

void canvas_right(struct canvas *c, int y, enum style gap, enum style style, const struct buf *text,
		  int right)
{
	int start = right - (int)text_width(text->data, text->len);

	if (start < canvas_column(c, y))
		return;
	canvas_to(c, y, gap, start);
	canvas_put(c, y, style, text->data, text->len);
}

int canvas_column(const struct canvas *c, int y)
{
	return y >= 0 && y < c->height ? (int)c->lines[y].width : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws a prompt, and the mistake in a filter. */
#include <config.h>

#include "live/prompt_line.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "live/canvas.h"
#include "live/layout.h"
#include "live/prompt.h"
#include "live/wrap.h"
#include "query/filter.h"

static void draw_visible(const struct prompt_line *l, struct canvas *out, int y, enum style style,
			 const char *text, size_t n)
{
	struct buf visible = { 0 };

	text_visible(&visible, text, n, l->is_ascii);
	canvas_put(out, y, style, visible.data, visible.len);
	buf_fini(&visible);
}

static int visible_width(const struct prompt_line *l, const char *text, size_t n)
{
	struct buf visible = { 0 };
	size_t width;

	text_visible(&visible, text, n, l->is_ascii);
	width = text_width(visible.data, visible.len);
	buf_fini(&visible);
	return (int)width;
}

/* The first byte shown, such that the cursor is visible. */
static size_t prompt_start(const struct prompt_line *l, int room)
{
	const struct prompt *prompt = l->prompt;
	size_t from = 0;

	while (from < prompt->cursor &&
	       visible_width(l, prompt->text.data + from, prompt->cursor - from) > room)
		do
			from++;
		while (from < prompt->cursor &&
		       ((unsigned char)prompt->text.data[from] & 0xc0) == 0x80);
	return from;
}

/* Draws the prompt, with the mistake highlighted. */
void prompt_line_draw(const struct prompt_line *l, struct canvas *out, int y)
{
	const struct prompt *prompt = l->prompt;
	const char *text = prompt->text.len ? prompt->text.data : "";
	size_t n = prompt->text.len, from, bad = n, bad_end = n;

	canvas_str(out, y, STYLE_LABEL, l->label);
	from = prompt_start(l, out->width - canvas_column(out, y) - 1);
	out->cursor_y = y;
	out->cursor_x = canvas_column(out, y);
	out->cursor_x += visible_width(l, text + from, prompt->cursor - from);
	if (l->error && l->error->message && l->error->pos < n) {
		bad = l->error->pos > from ? l->error->pos : from;
		bad_end = l->error->pos + l->error->len;
		if (bad_end > n)
			bad_end = n;
		if (bad_end < bad)
			bad_end = bad;
	}
	draw_visible(l, out, y, prompt->is_chosen ? STYLE_CHOSEN : STYLE_PROMPT, text + from,
		     bad - from);
	draw_visible(l, out, y, STYLE_ERROR, text + bad, bad_end - bad);
	draw_visible(l, out, y, STYLE_PROMPT, text + bad_end, n - bad_end);
}

/* The column of the mistake in the text as prompt_line_draw() shows it. */
static int mistake_column(const struct prompt_line *l, int width)
{
	const struct prompt *prompt = l->prompt;
	int x = (int)text_width(l->label, strlen(l->label));
	size_t from = prompt_start(l, width - x - 1), pos = l->error->pos;

	if (pos > prompt->text.len)
		pos = prompt->text.len;
	if (pos > from)
		x += visible_width(l, prompt->text.data + from, pos - from);
	return x < width ? x : width - 1;
}

void prompt_mistake_text(const struct filter_error *error, struct buf *out)
{
	struct buf values = { 0 };

	filter_error_text(error, out);
	/* Of states there are too many: the message has some. */
	if (error->valid) {
		filter_error_values(error, &values);
		buf_char(out, ' ');
		buf_printf(out, _("Valid values: %s."), buf_cstr(&values));
	}
	buf_fini(&values);
	if (!error->nearest)
		return;
	buf_char(out, ' ');
	buf_printf(out, _("Did you mean '%s'?"), error->nearest);
}

/* Draws the message wrapped and indented. */
static int draw_expected(const struct prompt_line *l, struct canvas *out, int y, int n)
{
	struct buf text = { 0 };
	int lines;

	buf_char(&text, ' ');
	prompt_mistake_text(l->error, &text);
	lines = wrap_text(out->width, out, y, n, STYLE_ERROR, buf_cstr(&text));
	buf_fini(&text);
	return lines;
}

static int draw_mistake(const struct prompt_line *l, const char *message, struct canvas *out,
			const struct live_layout *layout)
{
	int width = (int)text_width(message, strlen(message)), x = mistake_column(l, out->width);
	int y = layout->head_y;

	if (x + 2 + width > out->width && width + 1 <= x) {
		canvas_to(out, y, STYLE_PLAIN, x - 1 - width);
		canvas_str(out, y, STYLE_ERROR, message);
		canvas_str(out, y, STYLE_ERROR, " ^");
		return 0;
	}
	canvas_to(out, y, STYLE_PLAIN, x);
	canvas_str(out, y, STYLE_ERROR, "^");
	if (x + 2 + width > out->width)
		return draw_expected(l, out, layout->rows_y, layout->n_rows);
	canvas_str(out, y, STYLE_ERROR, " ");
	canvas_str(out, y, STYLE_ERROR, message);
	return 0;
}

int prompt_line_draw_mistake(const struct prompt_line *l, struct canvas *out,
			     const struct live_layout *layout)
{
	struct buf text = { 0 };
	int lines;

	prompt_mistake_text(l->error, &text);
	lines = draw_mistake(l, buf_cstr(&text), out, layout);
	buf_fini(&text);
	return lines;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer of --why about the row under the cursor. */
#include <config.h>

#include "live/panel_why.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "live/canvas.h"
#include "live/input.h"
#include "live/panel.h"
#include "live/wrap.h"

/* No limit on lines. */
#define ALL_LINES 1000

struct answer {
	struct panel panel;
	char *text; /* lines that end in newlines */
	size_t top; /* the first line shown */
};

static const struct answer *answer_of(const struct panel *panel)
{
	return (const struct answer *)(const void *)panel;
}

/* The text from this line on. */
static const char *text_from(const struct answer *a, size_t line)
{
	const char *at = a->text;

	while (line-- && *at)
		at += strcspn(at, "\n") + 1;
	return at;
}

/* The column of the text behind a label, where the line goes on; that of the line if it has none. */
static size_t hang_of(const char *line)
{
	size_t indent = strspn(line, " ");
	const char *gap = strstr(line + indent, "  ");

	/* A line below a label begins further right. */
	if (indent > 3 || indent < 2 || !gap)
		return indent;
	return text_width(line, (size_t)(gap - line)) + strspn(gap, " ");
}

/*
 * Draws at most n lines from the first one shown on, each wrapped.  out NULL: only measures.  Returns
 * how many there are.
 */
static int draw_lines(const struct answer *a, size_t top, int width, struct canvas *out, int y,
		      int n)
{
	struct buf line = { 0 };
	const char *at = text_from(a, top);
	int lines = 0;

	while (*at && lines < n) {
		size_t len = strcspn(at, "\n");

		buf_clear(&line);
		buf_char(&line, ' ');
		buf_add(&line, at, len);
		lines += wrap_hanging(width, out, y + lines, n - lines,
				      at == a->text ? STYLE_LABEL : STYLE_PLAIN, buf_cstr(&line),
				      hang_of(buf_cstr(&line)));
		at += len + 1;
	}
	buf_fini(&line);
	return lines;
}

static int why_height(const struct panel *panel, const struct panel_scene *scene)
{
	return 1 + draw_lines(answer_of(panel), 0, scene->width, NULL, 0, ALL_LINES);
}

/* Are there more lines than these n from the first one shown on? */
static bool has_more(const struct answer *a, const struct panel_scene *scene, int n)
{
	return 1 + draw_lines(a, a->top, scene->width, NULL, 0, ALL_LINES) > n;
}

static void why_draw(const struct panel *panel, const struct panel_scene *scene, struct canvas *out,
		     int y, int n)
{
	const struct answer *a = answer_of(panel);

	panel_rule(out, y,
		   a->top || has_more(a, scene, n) ? _("why: arrows scroll, Esc closes")
						   : _("why: Esc closes"));
	draw_lines(a, a->top, scene->width, out, y + 1, n - 1);
}

static struct panel_effect why_action(struct panel *panel, const struct panel_scene *scene,
				      const struct live_input *in, int n)
{
	struct answer *a = (struct answer *)(void *)panel;
	enum live_action action = in->action;

	if (action == ACTION_DOWN || action == ACTION_PAGE_DOWN)
		a->top += has_more(a, scene, n);
	else if (action == ACTION_UP || action == ACTION_PAGE_UP)
		a->top -= a->top > 0;
	return (struct panel_effect){
		.closes = action == ACTION_CANCEL || action == ACTION_QUIT ||
			  action == ACTION_ENTER || in->key == 'W',
	};
}

static void why_free(struct panel *panel)
{
	free(((struct answer *)(void *)panel)->text);
	free(panel);
}

struct panel *panel_why_new(const char *answer)
{
	static const struct panel_ops ops = {
		.is_whole = true,
		.height = why_height,
		.draw = why_draw,
		.action = why_action,
		.free = why_free,
	};
	struct answer *a = mem_calloc(1, sizeof(*a));

	a->panel.ops = &ops;
	a->text = mem_strdup(answer);
	return &a->panel;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The details panel: everything known about the row under the cursor. */
#include <config.h>

#include "live/panel_details.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "live/canvas.h"
#include "live/cells.h"
#include "live/details.h"
#include "live/input.h"
#include "live/pad.h"
#include "live/panel.h"
#include "live/table.h"

struct scrolled {
	struct panel panel;
	size_t top; /* the first line shown */
	bool is_raw; /* the second page */
};

static const struct scrolled *scrolled_of(const struct panel *panel)
{
	return (const struct scrolled *)(const void *)panel;
}

static void fill(struct pad *pad, const struct panel *panel, const struct panel_scene *scene)
{
	const struct live_item *item = table_current(scene->table, scene->cells->tree);

	pad->width = scene->width > PAD_INDENT + 10 ? (size_t)scene->width - 1 : PAD_INDENT + 10;
	if (item && scrolled_of(panel)->is_raw)
		details_fill_raw(pad, scene->cells, item);
	else if (item)
		details_fill(pad, scene->cells, item);
}

static int scrolled_height(const struct panel *panel, const struct panel_scene *scene)
{
	struct pad pad = { 0 };
	int height;

	fill(&pad, panel, scene);
	height = (int)pad.n + 1;
	pad_fini(&pad);
	/* A minimum height, so that the table does not jump from row to row. */
	return height < 8 ? 8 : height;
}

static void scroll_text(size_t below, bool is_scrolled, struct buf *out)
{
	if (below)
		buf_printf(out,
			   P_("  ([ ] scroll: %zu more line)", "  ([ ] scroll: %zu more lines)",
			      below),
			   below);
	else if (is_scrolled)
		buf_str(out, _("  ([ ] scroll: the end)"));
}

/* The head, with the number of lines below the shown ones, or at the end a hint at those above. */
static void draw_head(const struct panel_scene *scene, struct canvas *out, int y, bool is_raw,
		      size_t below, bool is_scrolled)
{
	const struct table *table = scene->table;
	const struct live_item *item = table_current(table, scene->cells->tree);
	struct buf text = { 0 }, scroll = { 0 };
	int room;

	scroll_text(below, is_scrolled, &scroll);
	buf_str(&text, is_raw ? _("raw details") : _("details"));
	for (size_t i = 0; item && i < table->n_shown; i++) {
		if (table->shown[i]->weight < 8)
			continue;
		buf_str(&text, "  ");
		cell_text(scene->cells, item, table->shown[i], &text);
	}
	/* The hint is never cut; the head has a rule of three columns at either side. */
	room = scene->width - 6 - (int)text_width(scroll.data, scroll.len);
	text_shorten(&text, 0, room > 1 ? (size_t)room : 1, out->glyphs->cut, 0);
	buf_add(&text, scroll.data, scroll.len);
	panel_rule(out, y, buf_cstr(&text));
	buf_fini(&text);
	buf_fini(&scroll);
}

static void scrolled_draw(const struct panel *panel, const struct panel_scene *scene,
			  struct canvas *out, int y, int n)
{
	struct pad pad = { 0 };
	size_t room = n > 1 ? (size_t)n - 1 : 0;
	size_t top = scrolled_of(panel)->top;

	fill(&pad, panel, scene);
	if (top + room > pad.n)
		top = pad.n > room ? pad.n - room : 0;
	draw_head(scene, out, y, scrolled_of(panel)->is_raw,
		  pad.n > top + room ? pad.n - top - room : 0, top > 0);
	for (size_t i = 0; i < room && top + i < pad.n; i++) {
		size_t line = top + i, start = pad.lines[line].start;
		size_t end = line + 1 < pad.n ? pad.lines[line + 1].start : pad.text.len;
		int at = y + 1 + (int)i;

		canvas_put(out, at, STYLE_LABEL, pad.text.data + start, pad.lines[line].label);
		canvas_put(out, at, STYLE_PLAIN, pad.text.data + start + pad.lines[line].label,
			   end - start - pad.lines[line].label);
	}
	pad_fini(&pad);
}

static struct panel_effect scrolled_action(struct panel *panel, const struct panel_scene *scene,
					   const struct live_input *in, int n)
{
	struct scrolled *d = (struct scrolled *)(void *)panel;
	int height = scrolled_height(panel, scene);
	size_t last = height > n ? (size_t)(height - n) : 0;

	/* The panel may have grown since it was scrolled. */
	if (d->top > last)
		d->top = last;
	if (in->action == ACTION_DETAILS_UP)
		d->top -= d->top > 0;
	else if (in->action == ACTION_DETAILS_DOWN)
		d->top += d->top < last;
	return (struct panel_effect){ 0 };
}

void panel_details_rewind(struct panel *panel)
{
	((struct scrolled *)(void *)panel)->top = 0;
}

void panel_details_turn(struct panel *panel)
{
	struct scrolled *d = (struct scrolled *)(void *)panel;

	d->is_raw = !d->is_raw;
	d->top = 0;
}

static void scrolled_free(struct panel *panel)
{
	free(panel);
}

struct panel *panel_details_new(void)
{
	static const struct panel_ops ops = {
		.height = scrolled_height,
		.draw = scrolled_draw,
		.action = scrolled_action,
		.free = scrolled_free,
	};
	struct scrolled *d = mem_calloc(1, sizeof(*d));

	d->panel.ops = &ops;
	return &d->panel;
}

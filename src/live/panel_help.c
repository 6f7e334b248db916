/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help screen, which lists the table of keys. */
#include <config.h>

#include "live/panel_help.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "live/cells.h"
#include "live/panel.h"
#include "live/tree.h"
#include "live/wrap.h"

struct help {
	struct panel panel;
	struct key_list keys;
	size_t top; /* the first line shown */
};

static const struct help *help_of(const struct panel *panel)
{
	return (const struct help *)(const void *)panel;
}

#define KEYS_WIDTH 13
#define ENTRY_WIDTH 40

static bool is_entry(const struct help *h, const struct key_binding *binding)
{
	return binding->help && key_is_bound(&h->keys, binding);
}

static size_t count_entries(const struct help *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->keys.n; i++)
		n += is_entry(h, &h->keys.bindings[i]);
	return n;
}

/* The text below the keys: what the symbols mean, and how to see all owners.  As wrap_text(). */
static int draw_notes(const struct panel_scene *scene, struct canvas *out, int y, int n)
{
	const struct live_totals *totals = &scene->cells->tree->rows.totals;
	int lines = wrap_text(
		scene->width, out, y, n, STYLE_LABEL,
		_(" Marks: > cursor  * tagged  + new  ~ changed  x closed  v > fold  ! trouble"));

	if (totals->with_owner < totals->could_have_owner)
		lines += wrap_text(
			scene->width, out, y + lines, n - lines, STYLE_LABEL,
			_(" Other users' owners are shown to root, or with CAP_SYS_PTRACE."));
	return lines;
}

/* No limit on lines. */
#define ALL_NOTES 10

/* The number of columns of keys, and of the lines that they take. */
static int columns_on(int width)
{
	return width < 2 * ENTRY_WIDTH ? 1 : 2;
}

static int lines_on(const struct help *h, int width)
{
	int columns = columns_on(width);

	return ((int)count_entries(h) + columns - 1) / columns;
}

static int help_height(const struct panel *panel, const struct panel_scene *scene)
{
	return 1 + lines_on(help_of(panel), scene->width) + draw_notes(scene, NULL, 0, ALL_NOTES);
}

/* The first line shown when scrolled to the end. */
static int last_top(const struct panel *panel, const struct panel_scene *scene, int n)
{
	int hidden = help_height(panel, scene) - n;

	return hidden > 0 ? hidden : 0;
}

static struct panel_effect help_action(struct panel *panel, const struct panel_scene *scene,
				       const struct live_input *in, int n)
{
	struct help *h = (struct help *)(void *)panel;
	size_t last = (size_t)last_top(panel, scene, n);
	enum live_action action = in->action;

	if (h->top > last)
		h->top = last;
	if (action == ACTION_DOWN || action == ACTION_PAGE_DOWN)
		h->top += h->top < last;
	else if (action == ACTION_UP || action == ACTION_PAGE_UP)
		h->top -= h->top > 0;
	return (struct panel_effect){
		.closes = action == ACTION_CANCEL || action == ACTION_HELP ||
			  action == ACTION_QUIT || action == ACTION_ENTER,
	};
}

static void add_keys(const struct key_binding *binding, struct buf *out)
{
	for (size_t i = 0; i < KEYS_PER_BINDING && binding->keys[i]; i++) {
		char name[KEY_NAME_SIZE];

		if (binding->keys[i] == '\n')
			continue;
		if (out->len)
			buf_char(out, ' ');
		buf_str(out, key_label(binding->keys[i], name));
	}
}

static void draw_entry(const struct help *h, struct canvas *out, int y, int x, int width,
		       size_t entry)
{
	const struct key_binding *binding = h->keys.bindings, *end = binding + h->keys.n;
	const char *help;
	struct buf keys = { 0 };

	while (!is_entry(h, binding) || entry--)
		binding++;
	help = _(binding->help);
	do
		add_keys(binding++, &keys);
	while (binding < end && !binding->help);
	canvas_to(out, y, STYLE_PLAIN, x + 1);
	canvas_cell(out, y, STYLE_KEY, keys.data, keys.len, KEYS_WIDTH, false);
	canvas_str(out, y, STYLE_PLAIN, " ");
	canvas_cell(out, y, STYLE_PLAIN, help, strlen(help), width - KEYS_WIDTH - 3, false);
	buf_fini(&keys);
}

static void help_draw(const struct panel *panel, const struct panel_scene *scene,
		      struct canvas *out, int y, int n)
{
	const struct help *h = help_of(panel);
	int columns = columns_on(scene->width), width = scene->width / columns;
	int lines = lines_on(h, scene->width), notes = draw_notes(scene, NULL, 0, ALL_NOTES);
	int room = n - 1 - notes, last = last_top(panel, scene, n), top = (int)h->top;

	if (top > last)
		top = last;
	panel_rule(out, y,
		   lines > room ? _("help: arrows scroll, Esc closes") : _("help: Esc closes"));
	for (int line = 0; line < room && top + line < lines; line++) {
		for (int column = 0; column < columns; column++) {
			size_t entry = (size_t)column * (size_t)lines + (size_t)(top + line);

			if (entry < count_entries(h))
				draw_entry(h, out, y + 1 + line, column * width, width, entry);
		}
	}
	draw_notes(scene, out, y + n - notes, notes);
}

static void help_free(struct panel *panel)
{
	free(panel);
}

struct panel *panel_help_new(const struct key_list *keys)
{
	static const struct panel_ops ops = {
		.is_whole = true,
		.height = help_height,
		.draw = help_draw,
		.action = help_action,
		.free = help_free,
	};
	struct help *h = mem_calloc(1, sizeof(*h));

	h->panel.ops = &ops;
	h->keys = *keys;
	return &h->panel;
}

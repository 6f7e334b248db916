/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialog that asks by which cell of a row to filter. */
#include <config.h>

#include "live/panel_filter.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "live/canvas.h"
#include "live/cell_tests.h"
#include "live/cells.h"
#include "live/input.h"
#include "live/panel.h"

struct filter_choice {
	struct panel panel;
	struct cell_tests tests;
	size_t chosen;
};

static const struct filter_choice *choice_of(const struct panel *panel)
{
	return (const struct filter_choice *)(const void *)panel;
}

static int choice_height(const struct panel *panel, const struct panel_scene *scene)
{
	(void)scene;
	return (int)choice_of(panel)->tests.n + 1;
}

static void choice_draw(const struct panel *panel, const struct panel_scene *scene,
			struct canvas *out, int y, int n)
{
	const struct filter_choice *d = choice_of(panel);
	size_t room = (size_t)n - 1, top = d->chosen >= room ? d->chosen - room + 1 : 0;
	struct buf text = { 0 };

	panel_rule(out, y, _("filter by: Up Down choose, Enter applies, Esc cancels"));
	for (size_t i = 0; i < room && top + i < d->tests.n; i++) {
		const struct buf *test = &d->tests.list[top + i];
		enum style style = top + i == d->chosen ? STYLE_CHOSEN : STYLE_PLAIN;
		int line = y + 1 + (int)i;

		buf_clear(&text);
		text_visible(&text, test->data, test->len, scene->cells->is_ascii);
		canvas_str(out, line, style, top + i == d->chosen ? " > " : "   ");
		canvas_put(out, line, style, text.data, text.len);
		canvas_to(out, line, style, scene->width);
	}
	buf_fini(&text);
}

static struct panel_effect choice_action(struct panel *panel, const struct panel_scene *scene,
					 const struct live_input *in, int n)
{
	struct filter_choice *d = (struct filter_choice *)(void *)panel;

	(void)scene;
	(void)n;
	if (in->action == ACTION_CANCEL || in->action == ACTION_QUIT)
		return (struct panel_effect){ .closes = true };
	if (in->action == ACTION_ENTER)
		return (struct panel_effect){ .filter = &d->tests.list[d->chosen], .closes = true };
	if (in->action == ACTION_UP)
		d->chosen -= d->chosen > 0;
	else if (in->action == ACTION_DOWN)
		d->chosen += d->chosen + 1 < d->tests.n;
	return (struct panel_effect){ 0 };
}

static void choice_free(struct panel *panel)
{
	cell_tests_fini(&((struct filter_choice *)(void *)panel)->tests);
	free(panel);
}

struct panel *panel_filter_new(struct cell_tests *tests)
{
	static const struct panel_ops ops = {
		.height = choice_height,
		.draw = choice_draw,
		.action = choice_action,
		.free = choice_free,
	};
	struct filter_choice *d = mem_calloc(1, sizeof(*d));

	d->panel.ops = &ops;
	d->tests = *tests;
	*tests = (struct cell_tests){ 0 };
	return &d->panel;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the whole screen: calls the function that draws each part. */
#include <config.h>

#include "live/app_draw.h"

#include "base/i18n.h"
#include "base/text.h"
#include "live/app_state.h"
#include "live/bar.h"
#include "live/canvas.h"
#include "live/filter_line.h"
#include "live/glyphs.h"
#include "live/hosts_line.h"
#include "live/prompt_line.h"
#include "live/table_draw.h"
#include "live/tabs.h"
#include "live/title.h"

static struct title title_of(const struct app *a)
{
	return (struct title){
		.setup = &a->setup,
		.frame = a->frame,
		.error = a->error,
		.is_paused = a->is_paused,
	};
}

static struct prompt_line prompt_line_of(const struct app *a)
{
	bool is_filter = a->typing == TYPING_FILTER;

	return (struct prompt_line){
		.label = is_filter ? _(" filter: ") : _(" search: "),
		.prompt = &a->prompt,
		.error = is_filter ? &a->filter.error : NULL,
		.is_ascii = a->setup.is_ascii,
	};
}

/* ---- above the table ---- */

static void draw_filter(const struct app *a, struct canvas *out, int y)
{
	const struct filter_line line = {
		.text = &a->filter.text,
		.setup = &a->setup,
		.n_unseen = a->tree.n_unseen,
		.are_more_unseen = a->changes.are_more,
		.order = &a->tables[a->view].order,
		.n_tags = a->tags.n,
		.shown = a->shown,
		.is_troubled = a->is_troubled,
		.rings = a->rings,
		.grouping = a->view == VIEW_PROCESSES && a->grouping != GROUPING_PROCESS
				    ? grouping_words[a->grouping]
				    : NULL,
		.has_all_netns = a->has_all_netns,
		.frame = a->frame,
		.moment = a->moment,
	};
	const struct prompt_line prompt = prompt_line_of(a);

	if (a->typing == TYPING_NOTHING)
		filter_line_draw(&line, out, y);
	else
		prompt_line_draw(&prompt, out, y);
}

static void draw_top(const struct app *a, struct canvas *out)
{
	const struct title title = title_of(a);

	title_draw(&title, out, a->layout.title_y);
	if (a->layout.hosts_y > 0)
		hosts_line_draw(a->frame, a->setup.n_hosts, a->setup.is_ascii, out,
				a->layout.hosts_y);
	tabs_draw(a->view, &a->tree, a->error, out, a->layout.tabs_y);
	draw_filter(a, out, a->layout.filter_y);
}

/* ---- the table, and the panel below it ---- */

static void draw_table(const struct app *a, const struct cells *cells, struct canvas *out)
{
	const struct live_layout *l = &a->layout;
	const struct table_scene scene = {
		.table = &a->tables[a->view],
		.cells = cells,
		.tags = &a->tags,
		.hit = a->typing == TYPING_SEARCH ? a->search.hit : 0,
		.is_paused = a->is_paused,
		.has_more_netns = a->setup.netns.some && !a->has_all_netns,
		.is_refreshing = app_is_refreshing(a),
	};
	const struct prompt_line line = prompt_line_of(a);
	int first = 0;

	if (a->typing == TYPING_FILTER && a->filter.error.message)
		first = prompt_line_draw_mistake(&line, out, l);
	else
		table_draw_head(scene.table, out, l->head_y);
	table_draw_rows(&scene, out, l->rows_y, first, l->n_rows);
}

static void draw_panel(const struct app *a, const struct cells *cells, struct canvas *out)
{
	const struct panel *panel = a->panel ? a->panel : a->details;
	const struct panel_scene scene = app_scene(a, cells);

	if (a->layout.panel_n > 0)
		panel->ops->draw(panel, &scene, out, a->layout.panel_y, a->layout.panel_n);
}

/* ---- the bottom line ---- */

static void draw_lowest(const struct app *a, struct canvas *out)
{
	const struct message *message = &a->message;
	int y = a->layout.bar_y;

	if (message->text.len)
		canvas_put(out, y, message->is_error ? STYLE_ERROR : STYLE_LABEL,
			   message->text.data, message->text.len);
	else
		bar_draw(&a->keys, out, y);
}

void app_draw(const struct app *a, struct canvas *out)
{
	const struct cells cells = app_cells(a);

	canvas_begin(out, a->width, a->height, glyphs_of(a->setup.is_ascii));
	if (a->layout.is_too_small) {
		struct buf text = { 0 };

		buf_printf(&text, _("enlarge to %dx%d"), LIVE_LEAST_WIDTH, LIVE_LEAST_HEIGHT);
		canvas_put(out, 0, STYLE_PLAIN, text.data, text.len);
		buf_fini(&text);
		return;
	}
	draw_top(a, out);
	draw_table(a, &cells, out);
	draw_panel(a, &cells, out);
	draw_lowest(a, out);
}

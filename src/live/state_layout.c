/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is where on the screen: lines of the frame around the table, widths of columns, scrolling. */
#include <config.h>

#include "live/state_parts.h"

#include "base/i18n.h"
#include "base/text.h"

/* Cursor, change and fold. */
#define GUTTER 3
/* What a column that may be cut keeps: an IPv4 address with its port, a name with its pid. */
#define LEAST_HEAVY 16
#define LEAST_LIGHT 8
#define WIDE_ENOUGH 22
/* However much a panel holds, some rows stay in sight above it. */
#define LEAST_ROWS 4

static int panel_height(const struct live_state *s)
{
	switch (s->mode) {
	case MODE_TABLE:
	case MODE_FILTER:
	case MODE_SEARCH:
		return s->has_details ? s->details_height : 0;
	case MODE_HELP:
	case MODE_SORT:
	case MODE_COLUMNS:
	case MODE_KILL:
	case MODE_CLOSE:
		return dialog_height(s);
	}
	return 0;
}

struct live_layout state_layout(const struct live_state *s)
{
	struct live_layout l = { .title_y = -1, .tabs_y = -1, .filter_y = -1, .bar_y = s->height - 1 };
	int y = 0, room;

	l.is_too_small = s->width < LIVE_LEAST_WIDTH || s->height < LIVE_LEAST_HEIGHT;
	l.is_compact = s->width < LIVE_FULL_WIDTH || s->height < LIVE_FULL_HEIGHT;
	if (!l.is_compact) {
		l.title_y = y++;
		l.tabs_y = y++;
		l.filter_y = y++;
	}
	/* Help needs every line. */
	l.head_y = s->mode == MODE_HELP ? -1 : y++;
	l.rows_y = y;
	room = s->height - 1 - y;
	l.panel_n = panel_height(s);
	/* Help takes what it needs. */
	if (s->mode != MODE_HELP && l.panel_n > room - LEAST_ROWS)
		l.panel_n = room - LEAST_ROWS;
	if (l.panel_n > room)
		l.panel_n = room;
	if (l.panel_n < 0)
		l.panel_n = 0;
	l.n_rows = room - l.panel_n;
	if (l.n_rows < 0)
		l.n_rows = 0;
	l.panel_y = l.rows_y + l.n_rows;
	return l;
}

/* The title may be translated, and the sorted column has an arrow beside it. */
static size_t head_width(const struct live_column *column, bool is_sorted)
{
	struct buf title = { 0 };
	size_t width;

	live_column_title(column, &title);
	width = text_width(title.data, title.len);
	buf_fini(&title);
	return width + (is_sorted ? 1 : 0);
}

/* Widths only grow, so that nothing jumps while rows come and go. */
static void measure(struct live_state *s, const struct live_layout *l)
{
	struct view_state *view = state_view(s);
	struct buf cell = { 0 };

	for (size_t i = 0; i < view->n_shown; i++) {
		size_t widest = head_width(view->shown[i], view->sort == view->shown[i]);

		if (view->widest[i] > widest)
			widest = view->widest[i];
		for (int y = 0; y < l->n_rows && view->top + (size_t)y < s->n_items; y++) {
			size_t width;

			buf_clear(&cell);
			state_cell(s, &s->items[view->top + (size_t)y], view->shown[i], &cell);
			width = text_width(cell.data, cell.len);
			if (width > widest)
				widest = width;
		}
		view->widest[i] = widest < UINT8_MAX ? (unsigned char)widest : UINT8_MAX;
	}
	buf_fini(&cell);
}

static int least_width(const struct view_state *view, size_t i)
{
	int least = view->shown[i]->weight >= 7 ? LEAST_HEAVY : LEAST_LIGHT;

	if (!view->shown[i]->is_flexible || view->widest[i] < least)
		return view->widest[i];
	return least;
}

/* The column that gives way next: the lightest, of equal ones the rightmost.  False when one is left. */
static bool drop_lightest(struct view_state *view)
{
	size_t lightest = 0, n = 0;

	for (size_t i = 0; i < view->n_shown; i++) {
		if (!view->widths[i])
			continue;
		n++;
		if (!view->widths[lightest] || view->shown[i]->weight <= view->shown[lightest]->weight)
			lightest = i;
	}
	if (n > 1)
		view->widths[lightest] = 0;
	return n > 1;
}

static int total_width(const struct view_state *view)
{
	int total = GUTTER;

	for (size_t i = 0; i < view->n_shown; i++)
		if (view->widths[i])
			total += view->widths[i] + 1;
	return total - 1;
}

/* Hands out what is left to the flexible columns, heaviest first, up to a width each; returns the rest. */
static int stretch(struct view_state *view, int room, int limit)
{
	for (int weight = 9; weight > 0 && room > 0; weight--) {
		for (size_t i = 0; i < view->n_shown && room > 0; i++) {
			int end = view->widest[i] < limit ? view->widest[i] : limit;
			int wants = end - view->widths[i];

			if (!view->widths[i] || view->shown[i]->weight != weight || wants <= 0)
				continue;
			if (wants > room)
				wants = room;
			view->widths[i] = (unsigned char)(view->widths[i] + wants);
			room -= wants;
		}
	}
	return room;
}

static void fit_columns(struct live_state *s)
{
	struct view_state *view = state_view(s);

	for (size_t i = 0; i < view->n_shown; i++)
		view->widths[i] = (unsigned char)least_width(view, i);
	while (total_width(view) > s->width && drop_lightest(view))
		;
	/* What most cells need comes before what the longest one wants. */
	stretch(view, stretch(view, s->width - total_width(view), WIDE_ENOUGH), UINT8_MAX);
}

void state_settle(struct live_state *s)
{
	struct view_state *view = state_view(s);
	struct live_layout l;
	size_t n_rows;

	s->details_height = s->has_details ? details_height(s) : 0;
	l = state_layout(s);
	n_rows = (size_t)l.n_rows;
	if (view->top > view->index)
		view->top = view->index;
	if (n_rows && view->index >= view->top + n_rows)
		view->top = view->index - n_rows + 1;
	/* Rows that went away leave no empty lines behind. */
	if (view->top && view->top + n_rows > s->n_items)
		view->top = s->n_items > n_rows ? s->n_items - n_rows : 0;
	measure(s, &l);
	fit_columns(s);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Computes the widths of the table's columns, and which of them fit. */
#include <config.h>

#include "live/widths.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "live/cells.h"
#include "live/table.h"

/*
 * Minimum widths of flexible columns: for an IPv4 address with port or a name with pid; for others.
 */
#define LEAST_HEAVY 16
#define LEAST_LIGHT 8
#define WIDE_ENOUGH 22

/* The width of the translated title, and of the arrow of the sorted column. */
static size_t head_width(const struct live_column *column, bool is_sorted)
{
	struct buf title = { 0 };
	size_t width;

	live_column_title(column, &title);
	width = text_width(title.data, title.len);
	buf_fini(&title);
	return width + (is_sorted ? 1 : 0);
}

/* Widths only grow, so that columns do not jump as rows change. */
void widths_measure(struct table *table, const struct cells *cells, int n_rows)
{
	const struct live_tree *tree = cells->tree;
	struct buf cell = { 0 };

	for (size_t i = 0; i < table->n_shown; i++) {
		size_t widest = head_width(table->shown[i], table->order.column == table->shown[i]);

		if (table->widest[i] > widest)
			widest = table->widest[i];
		for (int y = 0; y < n_rows && table->top + (size_t)y < tree->n_items; y++) {
			size_t width;

			buf_clear(&cell);
			cell_text(cells, &tree->items[table->top + (size_t)y], table->shown[i],
				  &cell);
			width = text_width(cell.data, cell.len);
			if (width > widest)
				widest = width;
		}
		table->widest[i] = widest < UINT8_MAX ? (unsigned char)widest : UINT8_MAX;
	}
	buf_fini(&cell);
}

static int least_width(const struct table *table, size_t i)
{
	int least = table->shown[i]->weight >= 7 ? LEAST_HEAVY : LEAST_LIGHT;

	if (!table->shown[i]->is_flexible || table->widest[i] < least)
		return table->widest[i];
	return least;
}

/* Drops the column with the least weight, the rightmost of equals.  False if only one is left. */
static bool drop_lightest(struct table *table)
{
	size_t lightest = 0, n = 0;

	for (size_t i = 0; i < table->n_shown; i++) {
		if (!table->widths[i])
			continue;
		n++;
		if (!table->widths[lightest] ||
		    table->shown[i]->weight <= table->shown[lightest]->weight)
			lightest = i;
	}
	if (n > 1)
		table->widths[lightest] = 0;
	return n > 1;
}

static int total_width(const struct table *table)
{
	int total = TABLE_GUTTER;

	for (size_t i = 0; i < table->n_shown; i++)
		if (table->widths[i])
			total += table->widths[i] + 1;
	return total - 1;
}

/* Widens columns up to limit, those with the most weight first.  Returns the room that is left. */
static int stretch(struct table *table, int room, int limit)
{
	for (int weight = 9; weight > 0 && room > 0; weight--) {
		for (size_t i = 0; i < table->n_shown && room > 0; i++) {
			int end = table->widest[i] < limit ? table->widest[i] : limit;
			int wants = end - table->widths[i];

			if (!table->widths[i] || table->shown[i]->weight != weight || wants <= 0)
				continue;
			if (wants > room)
				wants = room;
			table->widths[i] = (unsigned char)(table->widths[i] + wants);
			room -= wants;
		}
	}
	return room;
}

void widths_fit(struct table *table, int width)
{
	for (size_t i = 0; i < table->n_shown; i++)
		table->widths[i] = (unsigned char)least_width(table, i);
	while (total_width(table) > width && drop_lightest(table))
		;
	/* Give every column a usual width first, and only then room for its longest cell. */
	stretch(table, stretch(table, width - total_width(table), WIDE_ENOUGH), UINT8_MAX);
}

bool widths_at(const struct table *table, int x, size_t *which)
{
	int end = TABLE_GUTTER;

	for (size_t i = 0; i < table->n_shown; i++) {
		if (!table->widths[i])
			continue;
		end += table->widths[i] + 1;
		if (x >= end)
			continue;
		*which = i;
		return true;
	}
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Computes the widths of the table's columns, which of them fit, and where each cell of a row is. */
#include <config.h>

#include "live/widths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "live/cells.h"
#include "live/table.h"

/* Columns get this width before any of them gets room for its longest cell. */
#define WIDE_ENOUGH 24

/* The widths of the texts of all cells on the screen. */
struct measured {
	const struct live_tree *tree;
	size_t top;
	size_t n_rows;
	size_t n_columns;
	unsigned char *texts; /* of row y and column i at [y * n_columns + i] */
	unsigned char *addresses; /* the same, but of an address without the names behind it */
};

/* ---- the texts ---- */

/* The width of the translated title, and of the arrow of the sorted column. */
static int head_width(const struct table *table, size_t i)
{
	struct buf title = { 0 };
	size_t width;

	live_column_title(table->shown[i], &title);
	width = text_width(title.data, title.len);
	buf_fini(&title);
	return (int)width + (table->order.column == table->shown[i]);
}

static unsigned char cell_width(const struct buf *cell, size_t len)
{
	size_t width = text_width(cell->data, len);

	return width < UINT8_MAX ? (unsigned char)width : UINT8_MAX;
}

static struct measured measure(const struct table *table, const struct cells *cells, int n_rows)
{
	size_t left = cells->tree->n_items > table->top ? cells->tree->n_items - table->top : 0;
	struct measured m = { .tree = cells->tree,
			      .top = table->top,
			      .n_rows = left < (size_t)n_rows ? left : (size_t)n_rows,
			      .n_columns = table->n_shown };
	/* Where the branches are drawn depends on which columns fit. */
	struct cells plain = *cells;
	struct buf cell = { 0 };

	plain.branch = NULL;
	m.texts = mem_calloc(m.n_rows * m.n_columns + 1, 1);
	m.addresses = mem_calloc(m.n_rows * m.n_columns + 1, 1);
	for (size_t y = 0; y < m.n_rows; y++) {
		for (size_t i = 0; i < m.n_columns; i++) {
			size_t at = y * m.n_columns + i;
			const char *space;

			buf_clear(&cell);
			cell_text(&plain, live_tree_item(m.tree, m.top + y), table->shown[i],
				  &cell);
			m.texts[at] = m.addresses[at] = cell_width(&cell, cell.len);
			space = cell.len ? memchr(cell.data, ' ', cell.len) : NULL;
			if (space && table->shown[i]->is_address)
				m.addresses[at] = cell_width(&cell, (size_t)(space - cell.data));
		}
	}
	buf_fini(&cell);
	return m;
}

/* Sets the widths of a row's texts, with the branch of the tree. */
static void set_texts(const struct measured *m, const struct table *table,
		      const struct live_column *branch, size_t y, struct row_texts *texts)
{
	const struct live_item *item = live_tree_item(m->tree, m->top + y);

	texts->branch = LIVE_COLUMNS_MAX;
	for (size_t i = 0; i < m->n_columns; i++) {
		texts->width[i] = m->texts[y * m->n_columns + i];
		if (!live_item_is_child(item) || table->shown[i] != branch)
			continue;
		texts->branch = i;
		texts->width[i] += CELL_BRANCH;
	}
}

/* ---- empty cells ---- */

static bool is_bare_branch(const struct row_texts *texts, size_t i)
{
	return i == texts->branch && texts->width[i] == CELL_BRANCH;
}

/* The columns that a cell next to cell i can take from it: all of an empty one, and its gap. */
static int empty_room(const struct table *table, const struct row_texts *texts, size_t i)
{
	int width = table->widths[i];

	if (!texts->width[i])
		return width + 1;
	/* A branch ends with a space. */
	return is_bare_branch(texts, i) && width > CELL_BRANCH ? width + 1 - CELL_BRANCH : 0;
}

/* The columns of the empty cells on one side of cell i, up to limit. */
static int room_beside(const struct table *table, const struct row_texts *texts, size_t i,
		       bool is_left, int limit)
{
	int room = 0;

	while (is_left ? i > 0 : i + 1 < table->n_shown) {
		i = is_left ? i - 1 : i + 1;
		if (!table->widths[i])
			continue;
		/* The lines of other rows may be in it, or those of this one soon. */
		if (table->shown[i]->special == SPECIAL_HISTORY)
			break;
		/* What a branch leaves free is at its right. */
		if (room >= limit || (!is_left && texts->width[i]))
			break;
		room += empty_room(table, texts, i);
		if (texts->width[i])
			break;
	}
	return room < limit ? room : limit;
}

void widths_slots(const struct table *table, const struct row_texts *texts, struct slot *slots)
{
	int x = TABLE_GUTTER, taken = TABLE_GUTTER;

	for (size_t i = 0; i < table->n_shown; i++) {
		int width = table->widths[i], wants = texts->width[i] - width, left, right;

		slots[i] = (struct slot){ .x = x };
		if (!width)
			continue;
		left = wants > 0 ? room_beside(table, texts, i, true, wants) : 0;
		/* The cell before may have taken some of it. */
		if (x - left < taken)
			left = x - taken > 0 ? x - taken : 0;
		right = wants > left ? room_beside(table, texts, i, false, wants - left) : 0;
		slots[i] = (struct slot){ .x = x - left, .width = left + width + right };
		if (texts->width[i])
			taken = slots[i].x +
				(is_bare_branch(texts, i) ? CELL_BRANCH : slots[i].width + 1);
		x += width + 1;
	}
}

/* ---- what each column needs ---- */

/* The columns that a row's text needs, beyond the empty cells beside it. */
static int cell_need(const struct table *table, const struct row_texts *texts, size_t i)
{
	int need = texts->width[i];

	/* The lines of all rows end below each other. */
	if (!table->shown[i]->is_flexible || !need || table->shown[i]->special == SPECIAL_HISTORY)
		return need;
	need -= room_beside(table, texts, i, true, INT_MAX);
	return need - room_beside(table, texts, i, false, INT_MAX);
}

struct needs {
	int width[LIVE_COLUMNS_MAX];
	uint64_t by[LIVE_COLUMNS_MAX]; /* id of the item that needs it; 0: the title */
};

/* Room beside a cell depends on the widths of others: first those that have none, then the rest. */
static void find_needs(const struct measured *m, const struct table *table,
		       const struct live_column *branch, struct needs *needs)
{
	struct table now = *table;

	*needs = (struct needs){ 0 };
	for (size_t i = 0; i < m->n_columns; i++)
		now.widths[i] = table->widths[i] ? (unsigned char)head_width(table, i) : 0;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < m->n_columns; i++)
			needs->width[i] = now.widths[i];
		for (size_t y = 0; y < m->n_rows; y++) {
			struct row_texts texts = { 0 };

			set_texts(m, table, branch, y, &texts);
			for (size_t i = 0; i < m->n_columns; i++) {
				int need = cell_need(&now, &texts, i);

				if ((!pass && need < texts.width[i]) || need <= needs->width[i])
					continue;
				needs->width[i] = need < UINT8_MAX ? need : UINT8_MAX;
				needs->by[i] = live_tree_item(m->tree, m->top + y)->id;
			}
		}
		for (size_t i = 0; i < m->n_columns; i++)
			now.widths[i] = table->widths[i] ? (unsigned char)needs->width[i] : 0;
	}
}

/* ---- which columns fit ---- */

static int total_width(const struct table *table)
{
	int total = TABLE_GUTTER;

	for (size_t i = 0; i < table->n_shown; i++)
		if (table->widths[i])
			total += table->widths[i] + 1;
	return total - 1;
}

static void set_least(struct table *table, const struct needs *needs)
{
	for (size_t i = 0; i < table->n_shown; i++) {
		int least = needs->width[i];

		if (table->shown[i]->is_flexible && least > table->shown[i]->least)
			least = table->shown[i]->least;
		if (table->widths[i])
			table->widths[i] = (unsigned char)least;
	}
}

/* A column that the filter tests stays as long as an address. */
#define TESTED_WEIGHT 8

/* That by which the view is sorted stays longest. */
#define SORTED_WEIGHT 10

static int weight_of(const struct table *table, size_t i)
{
	bool is_tested = i + table->n_extra >= table->n_shown;

	if (table->shown[i] == table->order.column)
		return SORTED_WEIGHT;
	return is_tested ? TESTED_WEIGHT : table->shown[i]->weight;
}

/* Drops the column with the least weight, the rightmost of equals.  False if only one is left. */
static bool drop_lightest(struct table *table)
{
	size_t lightest = 0, n = 0;

	for (size_t i = 0; i < table->n_shown; i++) {
		if (!table->widths[i])
			continue;
		n++;
		if (!table->widths[lightest] || weight_of(table, i) <= weight_of(table, lightest))
			lightest = i;
	}
	if (n > 1)
		table->widths[lightest] = 0;
	return n > 1;
}

static void try_columns(struct table *table, const struct measured *m, struct needs *needs)
{
	find_needs(m, table, table_branch(table, m->tree->from.view), needs);
	set_least(table, needs);
}

/* Shows a dropped column again if there is room for it. */
static void restore_column(struct table *table, const struct measured *m, struct needs *needs,
			   size_t i, int width)
{
	struct table before = *table;

	table->widths[i] = 1;
	try_columns(table, m, needs);
	if (total_width(table) <= width)
		return;
	memcpy(table->widths, before.widths, sizeof(before.widths));
	try_columns(table, m, needs);
}

/* Chooses the columns by weight: a wide one that does not fit leaves its room to narrower ones. */
static void choose_columns(struct table *table, const struct measured *m, struct needs *needs,
			   int width)
{
	memset(table->widths, 1, table->n_shown);
	do {
		try_columns(table, m, needs);
	} while (total_width(table) > width && drop_lightest(table));
	for (int weight = 9; weight > 0; weight--)
		for (size_t i = 0; i < table->n_shown; i++)
			if (!table->widths[i] && weight_of(table, i) == weight &&
			    needs->width[i] < width - total_width(table))
				restore_column(table, m, needs, i, width);
}

/* ---- room for whole addresses ---- */

/* What is lighter than a protocol gives way to whole addresses. */
#define WHOLE_WEIGHT 6
/*
 * On a screen narrower than this so do a state and the end at this host, where the view is sorted by something
 * that would give way.
 */
#define NARROW_SCREEN 80
#define WHOLE_SORTED_WEIGHT 8
/* So little is left of a process for them: three letters of its name, and its pid. */
#define LEAST_PROCESS 13

/* What the addresses on the screen need beside the cells as wide as they are now. */
static void find_addresses(const struct table *table, const struct measured *plain,
			   struct needs *needs)
{
	const struct live_column *branch = table_branch(table, plain->tree->from.view);

	*needs = (struct needs){ 0 };
	for (size_t y = 0; y < plain->n_rows; y++) {
		struct row_texts texts = { 0 };

		set_texts(plain, table, branch, y, &texts);
		for (size_t i = 0; i < table->n_shown; i++) {
			int need;

			if (!table->shown[i]->is_address || !table->widths[i])
				continue;
			need = cell_need(table, &texts, i);
			if (need <= needs->width[i])
				continue;
			needs->width[i] = need < UINT8_MAX ? need : UINT8_MAX;
			needs->by[i] = live_tree_item(plain->tree, plain->top + y)->id;
		}
	}
}

/* Those that were scrolled away still count, so that columns do not come and go. */
static void remember_addresses(struct table *table, const struct needs *needs)
{
	for (size_t i = 0; i < table->n_shown; i++) {
		if (needs->width[i] < table->whole[i])
			continue;
		table->whole[i] = (unsigned char)needs->width[i];
		table->whole_by[i] = needs->by[i];
	}
}

static bool is_process(const struct live_column *column)
{
	return !strcmp(column->key, "process");
}

/* The columns that are lacking for whole addresses; *spare: PROCESS can give so many. */
static int lacks_for_addresses(const struct table *table, int width, int *spare)
{
	int total = total_width(table);

	*spare = 0;
	for (size_t i = 0; i < table->n_shown; i++) {
		if (!table->widths[i])
			continue;
		if (table->shown[i]->is_address && table->whole[i] > table->widths[i])
			total += table->whole[i] - table->widths[i];
		if (is_process(table->shown[i]) && table->widths[i] > LEAST_PROCESS)
			*spare = table->widths[i] - LEAST_PROCESS;
	}
	return total > width ? total - width : 0;
}

static void take_from_process(struct table *table, int columns)
{
	for (size_t i = 0; i < table->n_shown; i++)
		if (table->widths[i] && is_process(table->shown[i]))
			table->widths[i] = (unsigned char)(table->widths[i] - columns);
}

static bool drop_light(struct table *table, int width)
{
	const struct live_column *sorted = table->order.column;
	int whole = width < NARROW_SCREEN && sorted && sorted->weight < WHOLE_WEIGHT &&
				    table_shows(table, sorted)
			    ? WHOLE_SORTED_WEIGHT
			    : WHOLE_WEIGHT;
	size_t lightest = table->n_shown;

	for (size_t i = 0; i < table->n_shown; i++)
		if (table->widths[i] && weight_of(table, i) < whole &&
		    (lightest == table->n_shown ||
		     weight_of(table, i) <= weight_of(table, lightest)))
			lightest = i;
	if (lightest == table->n_shown)
		return false;
	table->widths[lightest] = 0;
	return true;
}

/*
 * Drops light columns where that makes all addresses whole; else all stays as it was chosen.  Sets what
 * the addresses need.
 */
static void make_room_for_addresses(struct table *table, const struct measured *m,
				    const struct measured *plain, struct needs *needs,
				    struct needs *addresses, int width)
{
	struct table before = *table;
	int lacking, spare;

	for (;;) {
		find_addresses(table, plain, addresses);
		remember_addresses(table, addresses);
		lacking = lacks_for_addresses(table, width, &spare);
		if (lacking <= spare)
			break;
		if (!drop_light(table, width)) {
			memcpy(table->widths, before.widths, sizeof(before.widths));
			try_columns(table, m, needs);
			find_addresses(table, plain, addresses);
			return;
		}
		try_columns(table, m, needs);
	}
	take_from_process(table, lacking);
	for (size_t i = 0; i < table->n_shown; i++)
		if (table->shown[i]->is_address && addresses->width[i] < table->whole[i])
			addresses->width[i] = table->whole[i];
}

/* Which columns get room first. */
enum turn {
	TURN_ADDRESSES,
	TURN_OTHERS,
	TURN_HISTORY, /* takes what is left */
};

static enum turn turn_of(const struct live_column *column)
{
	if (column->special == SPECIAL_HISTORY)
		return TURN_HISTORY;
	return column->is_address ? TURN_ADDRESSES : TURN_OTHERS;
}

/* Widens columns up to limit, those with the most weight first.  Returns the room that is left. */
static int stretch(struct table *table, const struct needs *needs, enum turn turn, int room,
		   int limit)
{
	for (int weight = 9; weight > 0 && room > 0; weight--) {
		for (size_t i = 0; i < table->n_shown && room > 0; i++) {
			int end = needs->width[i] < limit ? needs->width[i] : limit;
			int wants = end - table->widths[i];

			if (!table->widths[i] || table->shown[i]->weight != weight || wants <= 0 ||
			    turn_of(table->shown[i]) != turn)
				continue;
			if (wants > room)
				wants = room;
			table->widths[i] = (unsigned char)(table->widths[i] + wants);
			room -= wants;
		}
	}
	return room;
}

/* ---- what was needed before ---- */

/* Is the item, which needed a width, on the screen? */
static bool is_measured(const struct measured *m, uint64_t id)
{
	for (size_t y = 0; y < m->n_rows; y++)
		if (live_tree_item(m->tree, m->top + y)->id == id)
			return true;
	return false;
}

/* Rows that were scrolled away keep their widths, so that columns do not jump. */
static void remember(struct table *table, const struct measured *m, const struct needs *needs)
{
	for (size_t i = 0; i < table->n_shown; i++) {
		if (!table->widths[i])
			continue;
		if (needs->width[i] < table->widest[i] && table->widest_by[i] &&
		    !is_measured(m, table->widest_by[i]))
			continue;
		table->widest[i] = (unsigned char)needs->width[i];
		table->widest_by[i] = needs->by[i];
	}
}

static void widen_as_before(struct table *table, int width)
{
	struct table before = *table;

	for (size_t i = 0; i < table->n_shown; i++)
		if (table->widths[i])
			before.widths[i] = table->widest[i];
	if (total_width(&before) <= width)
		memcpy(table->widths, before.widths, sizeof(before.widths));
}

void widths_forget_gone(struct table *table, const struct live_tree *tree)
{
	struct live_wanted wanted[2 * LIVE_COLUMNS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < table->n_shown; i++) {
		wanted[n++].id = table->widest_by[i];
		wanted[n++].id = table->whole_by[i];
	}
	live_tree_find_each(tree, wanted, n);
	for (size_t i = 0; i < table->n_shown; i++) {
		if (table->widest_by[i] && wanted[2 * i].index == LIVE_ITEM_NONE)
			table->widest[i] = 0;
		if (table->whole_by[i] && wanted[2 * i + 1].index == LIVE_ITEM_NONE)
			table->whole[i] = 0;
	}
}

/* ---- all of it ---- */

void widths_fit(struct table *table, const struct cells *cells, int n_rows, int width)
{
	struct measured m = measure(table, cells, n_rows);
	struct measured plain = m;
	struct needs needs, of_addresses;
	int room;

	choose_columns(table, &m, &needs, width);
	plain.texts = m.addresses;
	make_room_for_addresses(table, &m, &plain, &needs, &of_addresses, width);
	/* Addresses come first; and a usual width for each before the longest cell of any. */
	room = width - total_width(table);
	room = stretch(table, &of_addresses, TURN_ADDRESSES, room, WIDE_ENOUGH);
	room = stretch(table, &of_addresses, TURN_ADDRESSES, room, UINT8_MAX);
	room = stretch(table, &needs, TURN_OTHERS, room, WIDE_ENOUGH);
	room = stretch(table, &needs, TURN_ADDRESSES, room, UINT8_MAX);
	room = stretch(table, &needs, TURN_OTHERS, room, UINT8_MAX);
	room = stretch(table, &needs, TURN_HISTORY, room, UINT8_MAX);
	remember(table, &m, &needs);
	if (room > 0)
		widen_as_before(table, width);
	free(m.texts);
	free(m.addresses);
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
